"""What screens read of referrals: worklists, one referral, what may be done. Plain functions of state and moment."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.referrals import access, words
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral import clock, lists, machine, owed
from services.referrals.domain.referral.facts import Facts
from services.referrals.domain.referral.standings import AWAITING_TRIAGE, OPEN, STANDINGS
from services.referrals.domain.referral.state import ProgressNote, ReferralState, Status
from shared.contracts.referrals import (
    Appointment,
    Attachment,
    Language,
    OutcomeSummary,
    Pause,
    Preferences,
    Priority,
    Reading,
    Recommendation,
    ReferralKind,
    Requester,
    TriageFlag,
)
from shared.runtime.auth import User

Worklist = Literal[
    "mine",
    "drafts",
    "awaiting_triage",
    "cancellations",
    "accepted",
    "undecided",
    "awaiting_booking",
    "to_book",
    "waitlisted",
    "missed",
    "scheduled",
    "in_treatment",
    "outcome_to_read",
    "returned",
    "waiting_on_referrer",
    "all_open",
]
STAGES: dict[Worklist, str] = {
    "mine": "",
    "drafts": lists.STAGES[Status.DRAFT],
    "awaiting_triage": lists.STAGES[Status.SUBMITTED],
    "cancellations": lists.STAGES[Status.CANCELLATION_REQUESTED],
    "accepted": lists.STAGES[Status.ACCEPTED],
    "undecided": lists.STAGES[Status.UNDECIDED],
    "awaiting_booking": "3-open-5-booking",
    "to_book": lists.STAGES[Status.AWAITING_BOOKING],
    "waitlisted": lists.STAGES[Status.WAITLISTED],
    "missed": lists.STAGES[Status.DID_NOT_ATTEND],
    "scheduled": lists.STAGES[Status.SCHEDULED],
    "in_treatment": lists.STAGES[Status.IN_TREATMENT],
    "outcome_to_read": lists.STAGES[Status.OUTCOME_SENT],
    "returned": lists.STAGES[Status.RETURNED],
    "waiting_on_referrer": lists.WAITING_ON_REFERRER,
    "all_open": "3-open-",
}
"""What the stages of a list begin with."""
_ALL: frozenset[Worklist] = frozenset(STAGES)
_TEAM = _ALL - {"mine", "drafts"}
ALLOWED: dict[str, frozenset[Worklist]] = {
    "referrer": _ALL - {"awaiting_triage"},
    "patient": frozenset({"mine"}),
    "psychology": _TEAM,
    "service": _TEAM,
}


class ReferralRow(BaseModel):
    """One line of a worklist. `waiting_days` counts whole days on the waiting clock, until treatment begins."""

    id: str
    version: int
    number: str | None
    status: Status
    status_sentence: str
    patient_id: str
    patient_name: str | None
    referrer_id: str
    pathway: str
    kind: ReferralKind
    requester: Requester
    priority: Priority | None
    submitted_at: datetime | None
    triage_due: datetime | None
    due: datetime | None
    overdue: bool
    responsible: str | None
    waiting_days: int | None
    clock_paused: bool
    breached_weeks: int
    contact: str | None
    contact_sentence: str | None
    ask_again_at: datetime | None
    warm_handoff: bool
    warm_handoff_at: datetime | None
    appointment: Appointment | None
    why_here: str | None = None


class ReferralList(BaseModel):
    """A page of a worklist. `next` asks for the page after it; `total` is of all pages, `None` above 1,000. Where rows
    were chosen or sorted, `looked` is how many of the list were looked through for this page.

    To psychology, `order` says the rule of the list, and `why_here` of each row why it stands where it does.
    """

    rows: list[ReferralRow]
    order: str | None = None
    next: str | None
    total: int | None
    looked: int | None = None


class ReferralView(ReferralRow):
    """All of one referral that the reader may see. `outcome_note` says why there is no summary to read."""

    task_status: str
    business_status: str | None
    author_id: str | None
    placer: str | None
    advice_id: str | None
    based_on: str | None
    reason: str | None
    goal: str | None
    readings: tuple[Reading, ...]
    flags: tuple[TriageFlag, ...]
    preferences: Preferences
    attachments: tuple[Attachment, ...]
    clinician_linked: bool
    triage_by: str | None
    question: str | None
    answer: str | None
    answer_due: datetime | None
    rationale: str | None
    departure: str | None
    recommendation: Recommendation | None
    decline_reason: str | None
    decline_sentence: str | None
    redirected_to: str | None
    continued_as: str | None
    programme_id: str | None
    step: int | None
    decided_at: datetime | None
    decided_by: str | None
    undecided_reason: str | None
    undecided_sentence: str | None
    undecided_note: str | None
    not_now_reason: str | None
    agreed_at: datetime | None
    pauses: tuple[Pause, ...]
    pause_sentence: str | None
    place_id: str | None
    offer_until: datetime | None
    rescreen_open: bool
    worse_reasons: tuple[str, ...]
    appointment_reason: str | None
    appointment_sentence: str | None
    treatment_started_at: datetime | None
    progress: tuple[ProgressNote, ...]
    cancel_reason: str | None
    cancel_sentence: str | None
    summary: OutcomeSummary | None
    findings: str | None
    findings_recommendation: str | None
    outcome_note: str | None
    outcome_at: datetime | None
    acknowledge_by: datetime | None
    closed_at: datetime | None


class Choice(BaseModel):
    """A coded reason, and what it is called."""

    code: str
    sentence: str


class ActionView(BaseModel):
    """Something that can be done to a referral. `why_not` is a code for programs, `why_not_sentence` for people.

    `demands` are the fields that may not be empty, `reasons` those of which one must be chosen.
    """

    action: str
    allowed: bool
    why_not: str | None
    why_not_sentence: str | None
    demands: tuple[str, ...] = ()
    reasons: tuple[Choice, ...] = ()


def referral_row(
    id: str, version: int, state: ReferralState, name: str | None, role: str, now: datetime, language: Language
) -> ReferralRow:
    """A referral in one line, in the words of somebody in `role`."""
    status = state.status or Status.DRAFT
    same = {name: getattr(state, name) for name in ReferralRow.model_fields if name in ReferralState.model_fields}
    computed = {
        "id": id,
        "version": version,
        "status": status,
        "status_sentence": words.status_sentence(status, role, language),
        "patient_name": name,
        "due": owed.due(state),
        "overdue": is_overdue(state, now),
        "responsible": owed.responsible(state),
        "waiting_days": waiting_days(state, now),
        "clock_paused": clock.is_paused(state),
        "contact_sentence": words.contact_sentence(state.contact, role, language) if state.contact else None,
    }
    return ReferralRow.model_validate({**same, **computed})


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
    standing, outcome = STANDINGS[row.status], state.summary or state.findings
    computed = {
        "task_status": standing.task,
        "business_status": standing.business,
        "decline_sentence": _reason(state.decline_reason, user.role, language),
        "undecided_sentence": _reason(state.undecided_reason or state.not_now_reason, user.role, language),
        "pause_sentence": _reason(state.pauses[-1].reason_code, user.role, language) if row.clock_paused else None,
        # Nobody reads about themselves that nothing was heard from them.
        "progress": tuple(one for one in state.progress if user.role != "patient" or one.quiet_days is None),
        "cancel_sentence": _reason(state.cancel_reason, user.role, language),
        "appointment_sentence": _reason(state.appointment_reason, user.role, language),
        "summary": state.summary if shared else None,
        "findings": state.findings if shared else None,
        "findings_recommendation": state.findings_recommendation if shared else None,
        "outcome_note": words.outcome_kept_sentence(language) if outcome and not shared else None,
    }
    return ReferralView.model_validate({**same, **row.model_dump(), **computed})


def action_views(state: ReferralState, user: User, given: Facts, language: Language) -> list[ActionView]:
    """What this user may do now, and why not the rest."""
    own = machine.owns(state, user.role, user.id)
    return [
        ActionView(
            action=possible.action,
            allowed=possible.allowed,
            why_not=possible.why_not,
            why_not_sentence=words.why_not_sentence(possible.why_not, language) if possible.why_not else None,
            demands=possible.demands,
            reasons=tuple(
                Choice(code=code, sentence=words.reason_sentence(code, user.role, language))
                for code in possible.reasons
            ),
        )
        for possible in machine.actions(state, user.role, own, given)
    ]


def listed_by(worklist: Worklist, user: User) -> tuple[str, str]:
    """The ordered key that holds this list of the user's, and what all of its values begin with."""
    own = {"referrer": lists.REFERRER, "patient": lists.PATIENT}.get(user.role)
    stage = STAGES[worklist]
    return (own, f"{user.id}|{stage}") if own else (lists.TEAM, stage)


def is_overdue(state: ReferralState, now: datetime) -> bool:
    """Whether the next step is later than it should be: a decision, the reading of an outcome, or one reminded of."""
    if state.status in AWAITING_TRIAGE:
        return state.triage_due is not None and state.triage_due <= now
    if state.status is Status.OUTCOME_SENT:
        return state.acknowledge_by is not None and state.acknowledge_by <= now
    return state.reminders > 0


def waiting_days(state: ReferralState, now: datetime) -> int | None:
    """Whole days on the waiting clock. `None` for what does not wait."""
    waited = clock.waited(state, now) if state.status in OPEN else None
    return None if waited is None else waited.days


def _reason(code: str | None, role: str, language: Language) -> str | None:
    return words.reason_sentence(code, role, language) if code else None
