"""What somebody whom a patient trusts sees: only what is open to them. A closed thing is absent, not empty."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.referrals.domain.care_plan.state import CarePlanState
from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient.state import CaregiverStatus, PatientState
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import CaregiverScope, ConsentScope, Language, Mode, Relationship


class TrustingPatient(BaseModel):
    """Somebody who trusts this caregiver, or has asked them: nothing clinical. `open` is what they may see now.

    `young` is whether they are a child or a young person; `young_is_own`, whether they may say so or take it back. The
    patient's first name is all of it that they read.
    """

    patient_id: str
    version: int
    name: str | None
    relationship: Relationship
    status: CaregiverStatus
    young: bool
    young_is_own: bool
    answer_by: datetime | None
    language: Language
    by_email: bool
    open: tuple[CaregiverScope, ...]


class News(BaseModel):
    """Where treatment stands, and since when; never that it pauses, or why it ends."""

    stands: Literal["before", "running", "ended"]
    since: datetime | None


class Meeting(BaseModel):
    """A first meeting that is planned: when, and whether by video; not where, with whom, or what for."""

    at: datetime
    minutes: int
    mode: Mode


class Item(BaseModel):
    """A goal, or something to do until a day."""

    text: str | None
    due: date | None = None


class Plan(BaseModel):
    """What the patient is working on. What clinicians have to do stays with them."""

    goals: tuple[Item, ...]
    activities: tuple[Item, ...]


class Shared(BaseModel):
    """What is open. Whatever is closed is not there at all."""

    model_config = ConfigDict(extra="forbid")

    name: str | None
    open: tuple[CaregiverScope, ...]
    news: News | None = None
    appointments: tuple[Meeting, ...] | None = None
    plan: Plan | None = None


_ENDED = (Status.OUTCOME_SENT, Status.LOOP_CLOSED, Status.CANCELLED, Status.WITHDRAWN, Status.DECLINED)


def first_name(name: str | None) -> str | None:
    """All of a patient's name that caregivers read: those who know them need no more. Also of "Marin, Rosa"."""
    family, _, given = (name or "").partition(",")
    return next(iter(given.split() or family.split()), None)


def is_asked(caregiver_id: str, state: PatientState, now: datetime) -> bool:
    """Whether they may still answer an invitation of a patient who agrees that they are told."""
    known = caregivers.find(state, caregiver_id)
    if known is None or known.status != "invited" or ConsentScope.CAREGIVER not in state.consents:
        return False
    return known.answer_by is None or known.answer_by > now


def trusting_patient(caregiver_id: str, version: int, state: PatientState, now: datetime) -> TrustingPatient:
    """A patient for one of those whom they trust."""
    [link] = [known for known in state.caregivers if known.caregiver_id == caregiver_id]
    return TrustingPatient(
        patient_id=state.patient_id,
        version=version,
        name=first_name(state.name),
        **link.model_dump(include={"relationship", "status", "young", "answer_by", "language", "by_email"}),
        young_is_own=not link.young or link.young_said_by == "caregiver",
        open=tuple(sorted(caregivers.open_scopes(state, caregiver_id, now))),
    )


def shared(
    state: PatientState,
    opened: frozenset[CaregiverScope],
    referrals: Sequence[ReferralState],
    plan: CarePlanState | None,
    language: Language,
) -> Shared:
    """All that is open of what this service owns."""
    return Shared(
        name=first_name(state.name),
        open=tuple(sorted(opened)),
        news=_news(referrals) if "news" in opened else None,
        appointments=_meetings(referrals) if "appointments" in opened else None,
        plan=_plan(plan) if "plan" in opened else None,
    )


def _news(referrals: Sequence[ReferralState]) -> News:
    """Of the referral that is furthest: nothing of why, or of what was decided before treatment."""
    running = next((one for one in referrals if _runs(one)), None)
    if running is not None:
        return News(stands="running", since=running.treatment_started_at)
    ended = next((one for one in referrals if one.status in _ENDED and one.treatment_started_at), None)
    return News(stands="ended", since=ended.status_since) if ended else News(stands="before", since=None)


def _runs(referral: ReferralState) -> bool:
    """That somebody has asked to cancel it is for those who treat."""
    asked_to_cancel = referral.status is Status.CANCELLATION_REQUESTED and referral.treatment_started_at is not None
    return referral.status is Status.IN_TREATMENT or asked_to_cancel


def _meetings(referrals: Sequence[ReferralState]) -> tuple[Meeting, ...]:
    planned = [one.appointment for one in referrals if one.status is Status.SCHEDULED and one.appointment]
    return tuple(Meeting(at=one.at, minutes=one.minutes, mode=one.mode) for one in planned)


def _plan(plan: CarePlanState | None) -> Plan:
    if plan is None:
        return Plan(goals=(), activities=())
    goals = tuple(Item(text=one.text) for one in plan.goals if one.status == "active")
    open_ones = [
        one for one in plan.activities if one.performer == "patient" and one.status not in ("completed", "cancelled")
    ]
    return Plan(goals=goals, activities=tuple(Item(text=one.text, due=one.due) for one in open_ones))
