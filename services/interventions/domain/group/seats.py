"""Seats and the reserve list: never more than the maximum, nobody twice, and who waits moves up in order."""

from functools import reduce

from services.interventions.domain.group import calendar
from services.interventions.domain.group import commands as c
from services.interventions.domain.group.evolve import evolve
from services.interventions.domain.group.rules import GroupRules
from services.interventions.domain.group.state import GroupState, Seat, Session
from shared.contracts import interventions as e
from shared.contracts.commands import Command
from shared.contracts.envelope import Event


def note_invited(state: GroupState, command: c.NoteInvited) -> list[Event]:
    """Whoever was asked hears of it if the group does not take place, or its dates change: also a moment before."""
    known = {(seat.membership_id, seat.invitation) for seat in (*state.asked, *state.everybody)}
    if state.status is None or (command.membership_id, command.invitation) in known:
        return []
    said = {"at": command.now, "group_id": state.group_id, **command.model_dump(include=_WHO)}
    following = calendar.next_session(state, command.now)
    stale = state.open and command.starts_at != calendar.starts_at(state)
    dates = {"next_session_at": following.at if stale and following else None}
    return [e.GroupInvitationNoted.model_validate({**said, **dates, "takes_place": state.open})]


def take(rules: GroupRules, state: GroupState, command: c.TakeSeat) -> list[Event]:
    """A seat, else a place on the reserve list. What counts is when they said yes, not when that was heard."""
    mine = (command.membership_id, command.invitation)
    if state.status is None or any((seat.membership_id, seat.invitation) == mine for seat in state.everybody):
        return []
    said = {"at": command.now, "group_id": state.group_id, **command.model_dump(include=_WHO)}
    session = calendar.next_session(state, command.now)
    if not state.open:
        return [e.GroupSeatRefused.model_validate({**said, "reason": "closed"})]
    if session is None or command.accepted_at >= calendar.closes_at(state, rules.settings):
        return [e.GroupSeatRefused.model_validate({**said, "reason": "too_late"})]
    # A seat that is free goes to whoever waits for it already.
    if len(state.seats) < state.maximum and not state.reserves:
        return [e.GroupSeatGiven.model_validate({**said, **_begins(state, session)})]
    if len(state.reserves) >= rules.settings.reserves:
        return [e.GroupSeatRefused.model_validate({**said, "reason": "full"})]
    return [e.GroupReserveGiven.model_validate({**said, "number": len(state.reserves) + 1})]


def give_up(rules: GroupRules, state: GroupState, command: c.GiveUpSeat) -> list[Event]:
    """The first of the reserve list gets the seat."""
    gone = next((seat for seat in state.everybody if seat.membership_id == command.membership_id), None)
    if gone is None or gone.invitation != command.invitation or not state.open:
        return []
    had_seat = gone in state.seats
    freed = e.GroupSeatFreed.model_validate({**_of(state, gone, command), "had_seat": had_seat})
    events: list[Event] = [freed, *moved_up(rules, evolve(state, freed), command)]
    return [*events, *_few_left(state, reduce(evolve, events, state), command)]


def _few_left(before: GroupState, after: GroupState, command: Command) -> list[Event]:
    """Said as it falls under the minimum, and as nobody is left: not again for each who leaves between."""
    left = len(after.seats)
    fell = left < after.minimum <= len(before.seats) or left == 0 < len(before.seats)
    if not (after.goes_on and fell):
        return []
    told = {"seats_taken": left, "minimum": after.minimum, "facilitators": after.facilitators}
    return [e.GroupFewLeft.model_validate({"at": command.now, "group_id": after.group_id, **told})]


def close_joining(state: GroupState, command: Command) -> list[Event]:
    """Nobody can begin any more: whoever still waits is told, and can go to another group."""
    return [
        e.GroupSeatRefused.model_validate({**_of(state, seat, command), "reason": "too_late"})
        for seat in state.reserves
    ]


def moved_up(rules: GroupRules, state: GroupState, command: Command) -> list[Event]:
    """Free seats for those who wait, in order, as long as one can still begin."""
    session = calendar.next_session(state, command.now)
    if session is None or command.now >= calendar.closes_at(state, rules.settings):
        return []
    given = {"from_reserve": True, **_begins(state, session)}
    free = state.maximum - len(state.seats)
    return [e.GroupSeatGiven.model_validate({**_of(state, seat, command), **given}) for seat in state.reserves[:free]]


def _begins(state: GroupState, session: Session) -> dict[str, object]:
    return {"next_session_at": session.at, "number": session.number, "near": session.number <= state.announced}


_WHO = {"membership_id", "episode_id", "patient_id", "invitation"}


def _of(state: GroupState, seat: Seat, command: Command) -> dict[str, object]:
    return {"at": command.now, "group_id": state.group_id, **seat.model_dump(include=_WHO)}
