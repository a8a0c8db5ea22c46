"""How the events of a group change its state. Total: an event that is not known changes nothing."""

from collections.abc import Mapping

from services.interventions.domain.group.state import GroupState, Seat, Session
from shared.contracts import interventions as e
from shared.contracts.envelope import Event


def evolve(state: GroupState, event: Event) -> GroupState:
    """The state after `event`."""
    match event:
        case e.GroupPlanned():
            told = event.model_dump(exclude={"at", "sessions"})
            sessions = tuple(Session(**one.model_dump()) for one in event.sessions)
            return GroupState(**told, status="forming", sessions=sessions)
        case e.GroupInvitationNoted():
            return _asked(state, event)
        case e.GroupSeatGiven() | e.GroupReserveGiven() | e.GroupSeatRefused() | e.GroupSeatFreed():
            return _seated(state, event)
        case e.GroupConfirmed():
            return state.model_copy(update={"status": "confirmed", "under_minimum_at": None})
        case e.GroupPostponed():
            return _postponed(state, event)
        case e.GroupUnderMinimum():
            return state.model_copy(update={"under_minimum_at": event.at})
        case e.GroupMeetsSoon():
            return state.model_copy(update={"announced": event.number})
        case e.GroupAttendanceOverdue():
            return state.model_copy(update={"overdue": (*state.overdue, event.number)})
        case e.GroupUnfinished():
            return state.model_copy(update={"unfinished_at": event.at})
        case e.GroupFinished():
            return state.model_copy(update={"status": "finished"})
        case e.GroupCancelled():
            return state.model_copy(update={"status": "cancelled"})
        case e.GroupSessionMoved() | e.GroupFacilitatorReplaced() | e.GroupAttendanceTaken() | e.GroupSessionNotHeld():
            return _met(state, event)
        case _:
            return state


def _asked(state: GroupState, event: e.GroupInvitationNoted) -> GroupState:
    if not event.takes_place:
        return state
    others = tuple(seat for seat in state.asked if seat.membership_id != event.membership_id)
    return state.model_copy(update={"asked": (*others, Seat(**event.model_dump(include=_WHO)))})


_WHO = {"membership_id", "episode_id", "patient_id", "invitation"}


def _seated(state: GroupState, event: e.GroupSeatEvent) -> GroupState:
    mine = event.membership_id
    seats = tuple(seat for seat in state.seats if seat.membership_id != mine)
    reserves = tuple(seat for seat in state.reserves if seat.membership_id != mine)
    asked = tuple(seat for seat in state.asked if seat.membership_id != mine)
    who = event.model_dump(include=_WHO)
    match event:
        case e.GroupSeatGiven():
            first = next((one.number for one in state.sessions if one.at >= event.next_session_at), 1)
            seats = (*seats, Seat(**who, since=first))
        case e.GroupReserveGiven():
            reserves = (*reserves, Seat(**who))
    return state.model_copy(update={"seats": seats, "reserves": reserves, "asked": asked})


def _postponed(state: GroupState, event: e.GroupPostponed) -> GroupState:
    moved = {one.number: one for one in event.sessions}
    sessions = tuple(
        one.model_copy(
            update={"at": moved[one.number].at, "facilitators": None if one.at <= event.at else one.facilitators}
        )
        for one in state.sessions
    )
    # Everything is to come again, also what had passed when they joined.
    seats = tuple(seat.model_copy(update={"since": 1}) for seat in state.seats)
    told = {"decide_at": event.decide_at, "postponed": event.times, "status": "forming"}
    counted = {"postponed_by_itself": state.postponed_by_itself + event.automatic}
    anew = {"under_minimum_at": None, "overdue": (), "announced": 0}
    return state.model_copy(update={**told, **counted, **anew, "sessions": sessions, "seats": seats})


def _met(
    state: GroupState,
    event: e.GroupSessionMoved | e.GroupFacilitatorReplaced | e.GroupAttendanceTaken | e.GroupSessionNotHeld,
) -> GroupState:
    match event:
        case e.GroupSessionMoved():
            return _moved(state, event)
        case e.GroupFacilitatorReplaced(number=None):
            return _led(state, event)
        case e.GroupFacilitatorReplaced():
            assert event.number is not None
            session = state.session(event.number)
            leaders = _swapped(state.leaders(session), event) if session else None
            return _with(state, event.number, {"facilitators": leaders})
        case e.GroupAttendanceTaken():
            return _attended(state, event)
        case e.GroupSessionNotHeld():
            return _begun(_with(state, event.number, {"not_held": event.reason_code}))


def _moved(state: GroupState, event: e.GroupSessionMoved) -> GroupState:
    """With its new date it can become overdue again. Who stood in on a day that has passed does not on the new one, and
    whoever would have begun with the next begins with this.
    """
    moved: dict[str, object] = {"at": event.moved_to, "minutes": event.minutes, "where": event.where}
    if event.moved_from <= event.at:
        moved["facilitators"] = None
        seats = tuple(
            seat.model_copy(update={"since": event.number}) if seat.since == event.number + 1 else seat
            for seat in state.seats
        )
        state = state.model_copy(update={"seats": seats})
    overdue = tuple(one for one in state.overdue if one != event.number)
    return _with(state, event.number, moved).model_copy(update={"overdue": overdue})


def _attended(state: GroupState, event: e.GroupAttendanceTaken) -> GroupState:
    """Whoever has left since then stays as they were marked. Who led it is not changed by who leads later."""
    session = state.session(event.number)
    now = {*event.present, *(one.membership_id for one in event.absent)}
    kept = tuple(one for one in (session.present if session else None) or () if one not in now)
    away = tuple(one for one in (session.absent if session else ()) if one.membership_id not in now)
    marked = {"present": (*kept, *event.present), "absent": (*away, *event.absent), "not_held": None}
    return _begun(_with(state, event.number, {**marked, "facilitators": event.facilitators or None}))


def _begun(state: GroupState) -> GroupState:
    return state.model_copy(update={"status": "running"}) if state.status == "confirmed" else state


def _led(state: GroupState, event: e.GroupFacilitatorReplaced) -> GroupState:
    """From now on: those sessions too that had a leader of their own for the one who leaves.

    Those that have begun keep who led them, whether or not it was said who was there.
    """
    sessions: list[Session] = []
    for one in state.sessions:
        if one.at <= event.at:
            one = one.model_copy(update={"facilitators": state.leaders(one)})
        elif one.facilitators and event.leaves in one.facilitators and not one.held:
            # Who comes may lead it already: then both leaders of the group do.
            own = None if event.comes in one.facilitators else _swapped(one.facilitators, event)
            one = one.model_copy(update={"facilitators": own})
        sessions.append(one)
    leaders = _swapped(state.facilitators, event)
    return state.model_copy(update={"facilitators": leaders, "sessions": tuple(sessions)})


def _swapped(leaders: tuple[str, ...], event: e.GroupFacilitatorReplaced) -> tuple[str, ...]:
    return tuple(event.comes if one == event.leaves else one for one in leaders)


def _with(state: GroupState, number: int, update: Mapping[str, object]) -> GroupState:
    sessions = tuple(one.model_copy(update=update) if one.number == number else one for one in state.sessions)
    return state.model_copy(update={"sessions": sessions})
