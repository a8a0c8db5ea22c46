"""What screens read: worklists, one referral, one patient. Plain functions of a state and the moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from services.referrals import access, words
from services.referrals.domain.patient.state import Caregiver, PatientState
from services.referrals.domain.referral import lists, machine
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import ConsentScope, Language, OutcomeSummary, Priority, Reading, Relationship
from shared.runtime.auth import User

Worklist = Literal[
    "mine",
    "awaiting_triage",
    "accepted",
    "undecided",
    "in_treatment",
    "outcome_to_read",
    "waiting_on_referrer",
    "all_open",
]

STAGES: dict[Worklist, str] = {
    "mine": "",
    "awaiting_triage": lists.STAGES[Status.SUBMITTED],
    "accepted": lists.STAGES[Status.ACCEPTED],
    "undecided": lists.STAGES[Status.UNDECIDED],
    "in_treatment": lists.STAGES[Status.IN_TREATMENT],
    "outcome_to_read": lists.STAGES[Status.OUTCOME_SENT],
    "waiting_on_referrer": lists.STAGES[Status.INFORMATION_REQUESTED],
    "all_open": "3-open-",
}
"""What the stages of a list begin with."""

STATUSES: dict[Worklist, tuple[Status, ...]] = {
    worklist: tuple(status for status in Status if lists.STAGES[status].startswith(stage))
    for worklist, stage in STAGES.items()
}
_ALL: frozenset[Worklist] = frozenset(STAGES)
_TEAM = _ALL - {"mine"}
ALLOWED: dict[str, frozenset[Worklist]] = {
    "referrer": _ALL - {"awaiting_triage"},
    "patient": frozenset({"mine"}),
    "psychology": _TEAM,
    "service": _TEAM,
}


class ReferralRow(BaseModel):
    """One line of a worklist. `waiting_days` counts whole days since it was sent, until it is closed."""

    id: str
    version: int
    status: Status
    status_sentence: str
    patient_id: str
    patient_name: str | None
    referrer_id: str
    pathway: str
    priority: Priority | None
    submitted_at: datetime | None
    triage_due: datetime | None
    overdue: bool
    waiting_days: int | None


class ReferralList(BaseModel):
    """A page of a worklist. `next` asks for the page after it; `total` is of all pages, `None` above 1,000."""

    rows: list[ReferralRow]
    next: str | None
    total: int | None


class ReferralView(ReferralRow):
    """All of one referral that the reader may see. `outcome_note` says why there is no summary to read."""

    task_status: str
    reason: str | None
    goal: str | None
    readings: tuple[Reading, ...]
    question: str | None
    answer: str | None
    rationale: str | None
    decline_reason: str | None
    decline_sentence: str | None
    programme_id: str | None
    step: int | None
    decided_at: datetime | None
    undecided_reason: str | None
    undecided_sentence: str | None
    undecided_note: str | None
    ask_again_at: datetime | None
    agreed_at: datetime | None
    summary: OutcomeSummary | None
    outcome_note: str | None
    outcome_at: datetime | None
    acknowledge_by: datetime | None
    closed_at: datetime | None


class ActionView(BaseModel):
    """Something that can be done to a referral. `why_not` is a code for programs, `why_not_sentence` for people."""

    action: str
    allowed: bool
    why_not: str | None
    why_not_sentence: str | None


class PatientRow(BaseModel):
    """One line of a list of patients."""

    id: str
    version: int
    name: str | None
    birth_date: date | None


class PatientView(PatientRow):
    """All of one patient's record."""

    registered_by: str | None
    email: str | None
    phone: str | None
    language: Language
    time_zone: str
    new_to_mental_health: bool
    consents: tuple[ConsentScope, ...]
    caregivers: tuple[Caregiver, ...]


class TrustingPatient(BaseModel):
    """What a caregiver sees of somebody who trusts them: nothing clinical."""

    patient_id: str
    name: str | None
    relationship: Relationship


def referral_row(
    id: str, version: int, state: ReferralState, name: str | None, role: str, now: datetime, language: Language
) -> ReferralRow:
    """A referral in one line, in the words of somebody in `role`."""
    status = state.status or Status.DRAFT
    return ReferralRow(
        id=id,
        version=version,
        status=status,
        status_sentence=words.status_sentence(status, role, language),
        patient_id=state.patient_id,
        patient_name=name,
        referrer_id=state.referrer_id,
        pathway=state.pathway,
        priority=state.priority,
        submitted_at=state.submitted_at,
        triage_due=state.triage_due,
        overdue=is_overdue(state, now),
        waiting_days=waiting_days(state, now),
    )


def referral_view(
    id: str,
    version: int,
    state: ReferralState,
    patient: PatientState,
    user: User,
    now: datetime,
    language: Language,
) -> ReferralView:
    """A referral in full. The outcome is held back from the referrer once the patient does not share it."""
    row = referral_row(id, version, state, patient.name, user.role, now, language)
    shared = access.reads_outcome(user, patient)
    same = {name: getattr(state, name) for name in ReferralView.model_fields if name in ReferralState.model_fields}
    declined, undecided = state.decline_reason, state.undecided_reason
    computed = {
        "task_status": machine.STANDINGS[row.status].task,
        "decline_sentence": words.declined_sentence(declined, language) if declined else None,
        "undecided_sentence": words.undecided_sentence(undecided, language) if undecided else None,
        "summary": state.summary if shared else None,
        "outcome_note": words.outcome_kept_sentence(language) if state.summary and not shared else None,
    }
    return ReferralView.model_validate({**same, **row.model_dump(), **computed})


def action_views(state: ReferralState, user: User, refer_consented: bool, language: Language) -> list[ActionView]:
    """What this user may do now, and why not the rest."""
    own = machine.owns(state, user.role, user.id)
    return [
        ActionView(
            action=possible.action,
            allowed=possible.allowed,
            why_not=possible.why_not,
            why_not_sentence=words.why_not_sentence(possible.why_not, language) if possible.why_not else None,
        )
        for possible in machine.actions(state, user.role, own, refer_consented)
    ]


def listed_by(worklist: Worklist, user: User) -> tuple[str, str]:
    """The ordered key that holds this list of the user's, and what all of its values begin with."""
    own = {"referrer": lists.REFERRER, "patient": lists.PATIENT}.get(user.role)
    stage = STAGES[worklist]
    return (own, f"{user.id}|{stage}") if own else (lists.TEAM, stage)


def is_overdue(state: ReferralState, now: datetime) -> bool:
    """Whether a triage decision, or the reading of an outcome, is later than it should be."""
    if state.status in machine.AWAITING_TRIAGE:
        return state.triage_due is not None and state.triage_due <= now
    if state.status is Status.OUTCOME_SENT:
        return state.acknowledge_by is not None and state.acknowledge_by <= now
    return False


def waiting_days(state: ReferralState, now: datetime) -> int | None:
    """Whole days from sending to the start of treatment, or until now. `None` for what does not wait."""
    if state.submitted_at is None or state.status not in machine.OPEN:
        return None
    return max(0, ((state.agreed_at or now) - state.submitted_at).days)


def patient_row(id: str, version: int, state: PatientState) -> PatientRow:
    """A patient in one line."""
    return PatientRow(id=id, version=version, name=state.name, birth_date=state.birth_date)


def patient_view(id: str, version: int, state: PatientState) -> PatientView:
    """A patient in full."""
    same = {name: getattr(state, name) for name in PatientView.model_fields if name in PatientState.model_fields}
    return PatientView.model_validate({**same, "id": id, "version": version})


def trusting_patient(caregiver_id: str, state: PatientState) -> TrustingPatient:
    """A patient for one of those whom they trust."""
    [link] = [known for known in state.caregivers if known.caregiver_id == caregiver_id]
    return TrustingPatient(patient_id=state.patient_id, name=state.name, relationship=link.relationship)


def by_name(rows: Sequence[PatientRow]) -> list[PatientRow]:
    """In the order of names; whoever was erased comes last."""
    return sorted(rows, key=lambda row: (row.name is None, (row.name or "").casefold(), row.id))
