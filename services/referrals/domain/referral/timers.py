"""What a referral waits for, when each wait ends, and what is said then. Nothing is waited for without a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.referrals.domain.referral import clock
from services.referrals.domain.referral import standings as s
from services.referrals.domain.referral.guards import missing_attachments
from services.referrals.domain.referral.saying import ids
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import TimerDue
from shared.contracts.envelope import Event


@dataclass(frozen=True)
class Lapse:
    """A timer that moves a referral by itself."""

    name: str
    source: Status
    event: type[e.ReferralEvent]
    target: Status


LAPSES = (
    Lapse("information", Status.INFORMATION_REQUESTED, e.ReferralLapsed, Status.DECLINED),
    Lapse("reoffer", Status.NOT_NOW, e.ReferralReoffered, Status.ACCEPTED),
    Lapse("offer", Status.OFFERED, e.OfferLapsed, Status.WAITLISTED),
)
OWED: dict[Status, tuple[e.OverdueStep, e.OwedBy]] = {
    Status.DRAFT: ("draft", "referrer"),
    Status.AWAITING_BOOKING: ("booking", "psychology"),
    Status.DID_NOT_ATTEND: ("booking", "psychology"),
    Status.APPOINTMENT_CANCELLED: ("booking", "psychology"),
    Status.SCHEDULED: ("attendance", "psychology"),
    Status.CANCELLATION_REQUESTED: ("cancellation", "psychology"),
}
_ASKS: dict[str, e.OwedBy] = {"call": "psychology", "at_next_visit": "referrer"}
"""Who talks to a patient who does not wish to be asked by a message."""


def timers(clinic: Clinic, state: ReferralState) -> Mapping[str, datetime]:
    """All that a referral waits for now. After a reminder the next one is due a clinic's interval later."""
    found = {
        "triage": _triage(clinic, state),
        "information": _information(clinic, state),
        "ask-again": _ask_again(clinic, state),
        "reoffer": state.ask_again_at if state.status is Status.NOT_NOW else None,
        "offer": state.offer_until if state.status is Status.OFFERED else None,
        "rescreen": _rescreen(clinic, state),
        "breach": _breach(clinic, state),
        "step": _step(clinic, state),
        "warm-handoff": _warm_handoff(clinic, state),
        "chase": _chase(clinic, state),
    }
    return {name: due for name, due in found.items() if due is not None}


def timer_due(clinic: Clinic, state: ReferralState, command: TimerDue) -> list[Event]:
    """What is said when a wait has ended; nothing, when it has not, or not any more."""
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now:
        return []
    said = ids(state, command)
    match command.name:
        case "triage":
            return [e.TriageOverdue(**said, reminder=state.triage_reminders + 1)]
        case "information":
            return [_unanswered(clinic, state, command)]
        case "ask-again":
            return [_asked(state, command)]
        case "reoffer":
            return [e.ReferralReoffered(**said)]
        case "offer":
            return [e.OfferLapsed(**said, times=state.lapsed_offers + 1)]
        case "rescreen":
            return [e.RescreenDue(**said, times=state.rescreens + 1)]
        case "breach":
            return [e.WaitingBreached(**said, weeks=_next_breach(clinic, state) or 1)]
        case "step":
            step, owed_by = _owed(clinic, state) or ("booking", "psychology")
            return [e.StepOverdue(**said, step=step, owed_by=owed_by, reminder=state.reminders + 1)]
        case "warm-handoff":
            again = state.warm_handoff_reminders + 1
            return [e.StepOverdue(**said, step="warm_handoff", owed_by="psychology", reminder=again)]
        case _:
            return [e.OutcomeChased(**said, times=state.chases + 1)]


def _triage(clinic: Clinic, state: ReferralState) -> datetime | None:
    # The clock does not stop while the referrer owes an answer: the patient waits all the same.
    if state.status not in s.AWAITING_TRIAGE:
        return None
    return _again(state.triage_due, state.triage_reminded_at, _reminder(clinic))


def _information(clinic: Clinic, state: ReferralState) -> datetime | None:
    if state.status is not Status.INFORMATION_REQUESTED:
        return None
    return _again(state.answer_due, state.answer_reminded_at, _reminder(clinic))


def _unanswered(clinic: Clinic, state: ReferralState, command: TimerDue) -> Event:
    template = clinic.pathway(state.pathway, state.template_version)
    if template is not None and template.unanswered == "decline":
        return e.ReferralLapsed(**ids(state, command))
    return e.InformationOverdue(**ids(state, command), reminder=state.answer_reminders + 1)


def _ask_again(clinic: Clinic, state: ReferralState) -> datetime | None:
    if state.status is Status.UNDECIDED:
        first = state.ask_again_at
    elif state.status is Status.ACCEPTED and state.status_since is not None:
        first = state.status_since + _days(clinic, "patient_answer")
    else:
        return None
    return _again(first, state.asked_again_at, timedelta(days=clinic.clocks.ask_again_days))


def _asked(state: ReferralState, command: TimerDue) -> Event:
    asker = _ASKS.get(state.contact or "") if state.status is Status.UNDECIDED else None
    times = state.asked_again + 1
    if asker is None:
        return e.PatientAskedAgain(**ids(state, command), times=times)
    return e.StepOverdue(**ids(state, command), step="patient_answer", owed_by=asker, reminder=times)


def _rescreen(clinic: Clinic, state: ReferralState) -> datetime | None:
    if state.status not in (Status.WAITLISTED, Status.OFFERED) or state.screened_at is None:
        return None
    return state.screened_at + timedelta(days=clinic.waits.rescreen_days)


def _breach(clinic: Clinic, state: ReferralState) -> datetime | None:
    weeks = _next_breach(clinic, state)
    if weeks is None or state.status not in s.BEFORE_TREATMENT:
        return None
    # A running clock has no open pause, so the moment asked at makes no difference.
    return clock.breach_at(state, weeks, state.clock_started_at) if state.clock_started_at else None


def _next_breach(clinic: Clinic, state: ReferralState) -> int | None:
    return min((weeks for weeks in clinic.waits.breach_weeks if weeks > state.breached_weeks), default=None)


def _owed(clinic: Clinic, state: ReferralState) -> tuple[e.OverdueStep, e.OwedBy] | None:
    if state.status in (Status.SUBMITTED, Status.IN_TRIAGE):
        template = clinic.pathway(state.pathway, state.template_version)
        return ("documents", "referrer") if missing_attachments(state, template) else None
    if state.status is Status.IN_TREATMENT and state.kind == "assessment":
        return "findings", "psychology"
    return OWED.get(state.status) if state.status else None


def _step(clinic: Clinic, state: ReferralState) -> datetime | None:
    owed = _owed(clinic, state)
    if owed is None or state.status_since is None:
        return None
    planned = state.appointment if state.status is Status.SCHEDULED else None
    since = planned.at + timedelta(minutes=planned.minutes) if planned else state.status_since
    return _again(since + _days(clinic, owed[0]), state.reminded_at, _reminder(clinic))


def _warm_handoff(clinic: Clinic, state: ReferralState) -> datetime | None:
    if not state.warm_handoff or state.warm_handoff_at or state.status not in s.AWAITING_PATIENT:
        return None
    due = state.decided_at + _days(clinic, "warm_handoff") if state.decided_at else None
    return _again(due, state.warm_handoff_reminded_at, _reminder(clinic))


def _chase(clinic: Clinic, state: ReferralState) -> datetime | None:
    if state.status is not Status.OUTCOME_SENT:
        return None
    return _again(state.acknowledge_by, state.chased_at, timedelta(hours=clinic.clocks.outcome_chase_hours))


def _again(due: datetime | None, said_at: datetime | None, every: timedelta) -> datetime | None:
    return due if due is None or said_at is None else said_at + every


def _days(clinic: Clinic, step: e.OverdueStep) -> timedelta:
    return timedelta(days=clinic.waits.step_days[step])


def _reminder(clinic: Clinic) -> timedelta:
    return timedelta(hours=clinic.clocks.triage_reminder_hours)
