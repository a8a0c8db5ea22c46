"""How the events of an engagement change its state. Total: an event that is not known changes nothing."""

from datetime import date, timedelta
from typing import Any

from services.interventions.domain.engagement.state import Contact, EngagementState, MissedMeeting
from shared.contracts import interventions as e
from shared.contracts.envelope import Event

MOST_CONTACTS = 100
"""An engagement is saved whole at every change, so it carries the newest contacts; the ledger has them all."""

_AT_THE_FOOT = {"rung": 0, "rung_day": None, "call_since": None, "attempts": 0}


def evolve(state: EngagementState, event: Event) -> EngagementState:
    """The state after `event`."""
    return state.model_copy(update=_change(state, event))


def _change(state: EngagementState, event: Event) -> dict[str, Any]:
    match event:
        case e.EngagementOpened():
            return {"status": "opened", **_ids(event), "referral_id": event.referral_id}
        case e.EngagementBegun():
            return {"status": "active", **_ids(event), "since": event.since, "clinician_id": event.clinician_id}
        case e.PatientActive():
            heard = {"active_on": event.day, "since": _later(state.since, event.day)}
            return {**_AT_THE_FOOT, **heard, "away_since": None, "called": False}
        case e.PatientReturned():
            return {"returned_on": state.active_on}
        case e.QuietClockSet():
            return {"since": event.since}
        case e.PatientQuiet():
            return _quiet(state, event)
        case e.CallAsked():
            meeting = MissedMeeting(group_id=event.group_id, number=event.number)
            return {"called": True, "call_since": event.at, "called_for": meeting}
        case e.ContactLogged():
            return _logged(state, event)
        case e.PatientReached():
            return {**_AT_THE_FOOT, "since": _later(state.since, event.day)}
        case e.BreakTaken():
            return {**_AT_THE_FOOT, "break_until": event.until, "since": _after_break(state, event.until)}
        case e.EngagementEnded():
            return {**_AT_THE_FOOT, "status": "ended", "since": None, "away_since": None}
        case _:
            return {}


def _ids(event: e.EngagementEvent) -> dict[str, str]:
    return event.model_dump(include={"engagement_id", "episode_id", "patient_id"})


def _later(since: date | None, day: date) -> date | None:
    """Where nothing is left to do, nothing is counted again only because the person was heard from."""
    return max(since, day) if since else None


def _after_break(state: EngagementState, until: date) -> date | None:
    """A shorter break takes the place of a longer one; it does not bring forward what opens later."""
    in_a_break = state.since is not None and state.since == state.break_until
    return until if in_a_break else _later(state.since, until)


def _quiet(state: EngagementState, event: e.PatientQuiet) -> dict[str, Any]:
    rung_day = event.since + timedelta(days=event.days + 1)
    change: dict[str, Any] = {"rung": event.rung, "rung_day": rung_day}
    if state.away_since is None:
        change["away_since"] = event.since
    if event.step == "coach_call":
        change |= {"called": True, "call_since": state.call_since or event.at}
    return change


def _logged(state: EngagementState, event: e.ContactLogged) -> dict[str, Any]:
    fields = event.model_dump(include={"at", "kind", "reached", "minutes", "logged_by", "note"})
    contacts = (*state.contacts, Contact(**fields))[-MOST_CONTACTS:]
    change = {"contacts": contacts, "minutes_total": state.minutes_total + event.minutes}
    return {**change, "attempts": event.attempt} if event.attempt else change
