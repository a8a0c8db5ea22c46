"""A caregiver who asks for support is answered by a named person; one who is not safe is called at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.interventions.domain.actor import staff_id
from services.interventions.domain.caregiver_support import commands as c
from services.interventions.domain.caregiver_support.state import CarerSupportState
from services.interventions.domain.local import days_after
from services.interventions.domain.over import OVER, newest_first
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as e

WAIT_TIMER = "waits"


def decide(clinic: Clinic, state: CarerSupportState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.AskForCarerSupport():
            return _ask(clinic, state, command)
        case c.TakeCarerSupport():
            return _take(state, command)
        case c.AnswerCarerSupport():
            return _answer(state, command)
        case c.CloseCarerSupport():
            return _close(state, command)
        case TimerDue():
            return _waits(clinic, state, command)
        case _:
            raise TypeError(f"a request for support has no branch for {type(command).__name__}")


def timers(clinic: Clinic, state: CarerSupportState) -> dict[str, datetime]:
    """When it is noticed that it waits. An urgent one calls the next of the ladder until somebody takes it."""
    if state.answer_by is None:
        return {}
    if state.urgent and state.status == "open":
        again = timedelta(minutes=clinic.clocks.risk_escalate_minutes)
        return {WAIT_TIMER: state.told_at + again if state.told_at else state.answer_by}
    if state.status not in ("open", "taken"):
        return {}
    if state.urgent and state.taken_at and (state.told_at is None or state.told_at < state.taken_at):
        # Somebody is looking after them: the short clock was for that.
        return {WAIT_TIMER: days_after(state.taken_at, clinic.together.caregivers.support_days, _zone(clinic))}
    if state.told_at is None or state.told_at < state.answer_by:
        return {WAIT_TIMER: state.answer_by}
    return {WAIT_TIMER: days_after(state.told_at, clinic.together.caregivers.support_days, _zone(clinic))}


def keys(state: CarerSupportState) -> dict[str, str | None]:
    """By what requests are looked up."""
    is_open = state.status in ("open", "taken", "answered")
    over = newest_first(state.closed_at) if state.closed_at else None
    return {"caregiver_id": state.caregiver_id or None, "open": "yes" if is_open else None, OVER: over}


def person(state: CarerSupportState) -> str | None:
    """Whose words they are."""
    return state.caregiver_id or None


def _ask(clinic: Clinic, state: CarerSupportState, command: c.AskForCarerSupport) -> list[Event]:
    if state.status is not None:
        return []
    by = days_after(command.now, clinic.together.caregivers.support_days, _zone(clinic))
    urgent = command.urgent or bool(clinic.risk_words.found_in([command.words or ""]))
    if urgent:
        by = command.now + timedelta(minutes=clinic.clocks.risk_acknowledge_minutes)
    said = command.model_dump(exclude={"now", "actor"})
    said |= {"words": command.words or None, "phone": command.phone or None}
    return [e.CaregiverSupportAsked.model_validate({**said, "urgent": urgent, "at": command.now, "answer_by": by})]


def _take(state: CarerSupportState, command: c.TakeCarerSupport) -> list[Event]:
    _stands(state)
    me = staff_id(command.actor)
    if state.taken_by == me:
        return []
    if state.status == "answered":
        raise Rejected("support-answered")
    return [e.CaregiverSupportTaken.model_validate({**_said(state, command), "taken_by": me})]


def _answer(state: CarerSupportState, command: c.AnswerCarerSupport) -> list[Event]:
    _stands(state)
    if state.status == "answered":
        raise Rejected("support-answered")
    if state.status == "open":
        raise Rejected("support-not-taken")
    if not command.words:
        raise Rejected("words-missing")
    said = {"kind": command.kind, "words": command.words, "answered_by": staff_id(command.actor)}
    return [e.CaregiverSupportAnswered.model_validate({**_said(state, command), **said})]


def _close(state: CarerSupportState, command: c.CloseCarerSupport) -> list[Event]:
    _stands(state)
    if state.status != "answered":
        raise Rejected("support-not-answered")
    closed = {**_said(state, command), "closed_by": staff_id(command.actor)}
    return [e.CaregiverSupportClosed.model_validate(closed)]


def _waits(clinic: Clinic, state: CarerSupportState, command: TimerDue) -> list[Event]:
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now:
        return []
    climbs = state.urgent and state.status == "open"
    said = {"urgent": climbs, "level": state.level + 1 if climbs else state.level}
    return [e.CaregiverSupportWaits.model_validate({**_said(state, command), **said})]


def _stands(state: CarerSupportState) -> None:
    if state.status in (None, "closed"):
        raise Rejected("support-closed")


def _said(state: CarerSupportState, command: Command) -> dict[str, object]:
    return {"at": command.now, "request_id": state.request_id, "caregiver_id": state.caregiver_id}


def _zone(clinic: Clinic) -> ZoneInfo:
    return ZoneInfo(clinic.time_zone)
