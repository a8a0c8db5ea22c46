"""What is true of a referral after an event, what it waits for, and how it is looked up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.referrals.domain.referral import lists, machine
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event


def evolve(state: ReferralState, event: Event) -> ReferralState:
    """The referral after `event`."""
    if not isinstance(event, e.ReferralEvent):
        return state
    learned = _learned(event)
    status = machine.STATUS_AFTER.get(type(event))
    if status is not None:
        learned["status"] = status
        if machine.STANDINGS[status].final:
            learned["closed_at"] = event.at
    return state.model_copy(update=learned)


def _learned(event: e.ReferralEvent) -> dict[str, Any]:
    match event:
        case e.ReferralDrafted():
            return _fields(event, "referral_id", "patient_id", "referrer_id", "pathway")
        case e.ReferralSubmitted():
            told = _fields(event, "reason", "goal", "priority", "readings", "triage_due")
            return {**told, "submitted_at": event.at}
        case e.TriageOverdue():
            return {"triage_reminders": event.reminder, "triage_reminded_at": event.at}
        case e.InformationRequested():
            return {"question": event.question, "answer": None}
        case e.InformationProvided():
            return {"answer": event.answer, "triage_due": event.triage_due, "triage_reminded_at": None}
        case e.ReferralAccepted():
            return {**_fields(event, "rationale", "programme_id", "step"), "decided_at": event.at}
        case e.ReferralReturned():
            return {"rationale": event.rationale, "decided_at": event.at}
        case e.ReferralDeclined():
            return {"rationale": event.rationale, "decline_reason": event.reason_code, "decided_at": event.at}
        case e.ReferralAgreed():
            return {"agreed_at": event.at}
        case e.PatientUndecided():
            return {
                "undecided_reason": event.reason_code,
                "undecided_note": event.note,
                "ask_again_at": event.ask_again_at,
                "asked_again_at": None,
            }
        case e.PatientAskedAgain():
            return {"asked_again": event.times, "asked_again_at": event.at}
        case e.OutcomeReceived():
            return {**_fields(event, "summary", "acknowledge_by"), "outcome_at": event.at}
        case e.OutcomeChased():
            return {"chases": event.times, "chased_at": event.at}
        case _:
            return {}


def timers(clinic: Clinic, state: ReferralState) -> Mapping[str, datetime]:
    """The one thing that a referral waits for now. After a reminder the next one is due a clinic's interval later."""
    clocks = clinic.clocks
    if state.status in machine.AWAITING_TRIAGE:
        # The clock does not stop while the referrer owes an answer: the patient waits all the same.
        return _timer(
            "triage", state.triage_due, state.triage_reminded_at, timedelta(hours=clocks.triage_reminder_hours)
        )
    if state.status is Status.UNDECIDED:
        return _timer("ask-again", state.ask_again_at, state.asked_again_at, timedelta(days=clocks.ask_again_days))
    if state.status is Status.OUTCOME_SENT:
        return _timer("chase", state.acknowledge_by, state.chased_at, timedelta(hours=clocks.outcome_chase_hours))
    return {}


def keys(state: ReferralState) -> Mapping[str, str | None]:
    """What referrals are looked up and listed by. `open_key` is held while one is open, by one referral at most."""
    return {
        "patient_id": state.patient_id or None,
        "open_key": f"{state.patient_id}|{state.pathway}" if state.status in machine.OPEN else None,
        **lists.keys(state),
    }


def person(state: ReferralState) -> str | None:
    """Whose key the referral is kept under."""
    return state.patient_id or None


def _timer(name: str, due: datetime | None, said_at: datetime | None, every: timedelta) -> Mapping[str, datetime]:
    if due is None:
        return {}
    return {name: due if said_at is None else said_at + every}


def _fields(event: Event, *names: str) -> dict[str, Any]:
    return {name: getattr(event, name) for name in names}
