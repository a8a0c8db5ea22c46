"""What is true of a place after an event, and what it waits for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.referrals.domain.place.capacity import seats_free
from services.referrals.domain.place.order import is_paused, waiting
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event


def evolve(state: PlaceState, event: Event) -> PlaceState:
    """The place after `event`."""
    match event:
        case e.SeatsChanged():
            return _after(state, event, seats=event.seats)
        case e.ListJoined():
            names = Entry.model_fields.keys() & e.ListJoined.model_fields.keys()
            entry = Entry(**{name: getattr(event, name) for name in names})
            return _after(state, event, entries={**state.entries, event.referral_id: entry})
        case e.PlaceLeft():
            left = {id: entry for id, entry in state.entries.items() if id != event.referral_id}
            return _after(state, event, entries=left)
        case e.EntryEvent() if event.referral_id in state.entries:
            before = state.entries[event.referral_id]
            entry = before.model_copy(update=_learned(before, event))
            return _after(state, event, entries={**state.entries, event.referral_id: entry})
        case _:
            return state


def timers(clinic: Clinic, state: PlaceState) -> Mapping[str, datetime]:
    """While a seat is free because all who wait are passed over: the moment at which the first has rested enough."""
    if not seats_free(clinic, state):
        # A seat that becomes free later goes to whoever has rested by then.
        return {}
    rests = [entry.rest_until for entry in waiting(state) if entry.rest_until is not None and not is_paused(entry)]
    return {"rest": min(rests)} if rests else {}


def _learned(entry: Entry, event: e.EntryEvent) -> dict[str, Any]:
    match event:
        case e.SeatHeld():
            return {"status": "held", "hold_until": event.hold_until, "rest_until": None}
        case e.SeatTaken():
            return {"status": "seated", "hold_until": None, "pause_reason_code": None, "paused_at": None}
        case e.SeatReturned():
            returned = {"rest_until": event.rest_until, "offers_returned": entry.offers_returned + 1}
            return {"status": "waiting", "hold_until": None, **returned}
        case e.EntryPaused():
            return {"pause_reason_code": event.reason_code, "paused_at": entry.paused_at or event.at}
        case e.EntryResumed():
            return {"pause_reason_code": None, "paused_at": None, "waiting_since": event.waiting_since}
        case e.EntryReordered():
            return {"priority": event.priority}
        case _:
            return {}


def _after(state: PlaceState, event: e.PlaceEvent, **learned: Any) -> PlaceState:
    return state.model_copy(update={"place_id": event.place_id, **learned})
