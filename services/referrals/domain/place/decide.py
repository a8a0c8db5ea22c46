"""What a command makes happen to a place. After every change, free seats are held for the next in line at once.

So a person waits only while there truly is no seat for them: that needs no check of its own.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

from services.referrals.domain.place import commands as c
from services.referrals.domain.place.capacity import seats_free
from services.referrals.domain.place.evolve import evolve
from services.referrals.domain.place.order import days_waited, is_paused, next_in_line
from services.referrals.domain.place.state import Entry, PlaceState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event


def decide(clinic: Clinic, state: PlaceState, command: Command) -> list[Event]:
    """The events of `command`, or `Rejected`. What follows from a referral is never refused: late, it is nothing."""
    if isinstance(command, TimerDue):
        return _holds(clinic, state, command)
    wanted = _wanted(clinic, state, command)
    return [*wanted, *_holds(clinic, reduce(evolve, wanted, state), command)] if wanted else []


def _wanted(clinic: Clinic, state: PlaceState, command: Command) -> Sequence[Event]:
    """What the command itself asks for."""
    match command:
        case c.ChangeSeats():
            return _changed(state, command)
        case c.JoinList():
            # Known by its referral and not by its patient: of two referrals, the ended one may be heard of last.
            known = command.referral_id in state.entries
            fields = command.model_dump(exclude={"now", "actor"})
            return () if known else (e.ListJoined(at=command.now, **fields),)
        case c.EntryCommand():
            entry = state.entries.get(command.referral_id)
            return _of_an_entry(clinic, _ids(state, entry, command), entry, command) if entry else ()
        case _:
            raise TypeError(f"a place does not know {type(command).__name__}")


def _changed(state: PlaceState, command: c.ChangeSeats) -> Sequence[Event]:
    if command.actor.partition(":")[0] != "psychology":
        raise Rejected("role-not-allowed")
    if state.seats == command.seats:
        return ()
    return (e.SeatsChanged(at=command.now, place_id=command.place_id, seats=command.seats),)


def _of_an_entry(clinic: Clinic, ids: dict[str, Any], entry: Entry, command: c.EntryCommand) -> Sequence[Event]:
    waits = entry.status != "seated"
    match command:
        case c.PauseEntry() if waits and entry.pause_reason_code != command.reason_code:
            return (e.EntryPaused(**ids, reason_code=command.reason_code),)
        case c.ResumeEntry() if is_paused(entry):
            return (e.EntryResumed(**ids, waiting_since=command.waiting_since),)
        case c.ReorderEntry() if waits and entry.priority != command.priority:
            return (e.EntryReordered(**ids, priority=command.priority),)
        case c.ConfirmSeat() if entry.status == "held":
            return (e.SeatTaken(**ids),)
        case c.ReturnSeat() if entry.status == "held":
            rest_until = command.now + timedelta(days=clinic.clocks.offer_rest_days)
            return (e.SeatReturned(**ids, reason=command.reason, rest_until=rest_until),)
        case c.LeaveList() if waits:
            return (e.PlaceLeft(**ids, was=entry.status),)
        case c.Leave():
            return (e.PlaceLeft(**ids, was=entry.status),)
        case _:
            return ()


def _holds(clinic: Clinic, state: PlaceState, command: Command) -> list[Event]:
    """A hold for each of the next in line, as many as there are free seats."""
    hold_until = command.now + timedelta(days=clinic.clocks.offer_hold_days)
    return [
        e.SeatHeld(
            **_ids(state, entry, command),
            hold_until=hold_until,
            waited_days=days_waited(entry, command.now),
            wait=entry.wait,
        )
        for entry in next_in_line(state, seats_free(clinic, state), command.now)
    ]


def _ids(state: PlaceState, entry: Entry, command: Command) -> dict[str, Any]:
    return {
        "at": command.now,
        "place_id": state.place_id,
        "referral_id": entry.referral_id,
        "patient_id": entry.patient_id,
        "referrer_id": entry.referrer_id,
    }
