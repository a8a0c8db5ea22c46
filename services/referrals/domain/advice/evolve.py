"""What is true of a question after an event, what it waits for, and how it is looked up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.referrals.domain.advice import machine
from services.referrals.domain.advice.state import AdviceState, Turn, TurnKind
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event


def evolve(state: AdviceState, event: Event) -> AdviceState:
    """The question after `event`."""
    if not isinstance(event, e.AdviceEvent):
        return state
    learned = _learned(state, event)
    status = machine.STATUS_AFTER.get(type(event))
    if status is not None:
        learned["status"] = status
        if status in machine.FINAL:
            learned["closed_at"] = event.at
    return state.model_copy(update=learned)


def _learned(state: AdviceState, event: e.AdviceEvent) -> dict[str, Any]:
    match event:
        case e.AdviceAsked():
            told = _fields(event, "advice_id", "patient_id", "referrer_id", "topic", "may_convert", "answer_due")
            thread = _with_turn(state, event, "asked", event.referrer_id, event.question)
            return {**told, "asked_at": event.at, "thread": thread}
        case e.AdviceAskedBack():
            return {"thread": _with_turn(state, event, "asked_back", event.asked_by, event.question)}
        case e.AdviceExplained():
            thread = _with_turn(state, event, "explained", event.referrer_id, event.explanation)
            return {"thread": thread, "answer_due": event.answer_due, "reminded_at": None}
        case e.AdviceAnswered():
            thread = _with_turn(state, event, "answered", event.answered_by, event.answer)
            return {"thread": thread, "suggests_referral": event.suggests_referral}
        case e.AdviceOverdue():
            return {"reminders": event.reminder, "reminded_at": event.at}
        case e.AdviceConverted():
            return _fields(event, "referral_id", "authority", "converted_by")
        case e.AdviceClosed():
            return {"close_reason": event.reason_code, "closed_by": event.closed_by}
        case _:
            return {}


def timers(clinic: Clinic, state: AdviceState) -> Mapping[str, datetime]:
    """The answer that is owed. The clock does not stop while the referrer owes an explanation, so that neither side
    waits for the other unseen.
    """
    if state.status not in machine.AWAITING_ANSWER or state.answer_due is None:
        return {}
    every = timedelta(hours=clinic.clocks.triage_reminder_hours)
    return {"answer": state.answer_due if state.reminded_at is None else state.reminded_at + every}


def keys(state: AdviceState) -> Mapping[str, str | None]:
    """What questions are looked up by."""
    return {
        "status": state.status.value if state.status else None,
        "patient_id": state.patient_id or None,
        "referrer_id": state.referrer_id or None,
    }


def person(state: AdviceState) -> str | None:
    """Whose key the question is kept under."""
    return state.patient_id or None


def _with_turn(state: AdviceState, event: e.AdviceEvent, kind: TurnKind, by: str, text: str | None) -> tuple[Turn, ...]:
    return (*state.thread, Turn(kind=kind, by=by, at=event.at, text=text))


def _fields(event: Event, *names: str) -> dict[str, Any]:
    return {name: getattr(event, name) for name in names}
