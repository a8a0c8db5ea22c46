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
        case e.GroupSeatGiven() | e.GroupReserveGiven() | e.GroupSeatRefused() | e.GroupSeatFreed():
            return _seated(state, event)
        case e.GroupConfirmed():
            return state.model_copy(update={"status": "confirmed", "under_minimum_at": None})
        case e.GroupPostponed():
            return _postponed(state, event)
        case e.GroupUnderMinimum():
            return state.model_copy(update={"under_minimum_at": event.at})
        case e.GroupAttendanceOverdue():
            return state.model_copy(update={"overdue": (*state.overdue, event.number)})
        case e.GroupFinished():
            return state.model_copy(update={"status": "finished"})
        case e.GroupCancelled():
            return state.model_copy(update={"status": "cancelled"})
        case e.GroupSessionMoved() | e.GroupFacilitatorReplaced() | e.GroupAttendanceTaken():
            return _met(state, event)
        case _:
            return state


def _seated(state: GroupState, event: e.GroupSeatEvent) -> GroupState:
    mine = event.membership_id
    seats = tuple(seat for seat in state.seats if seat.membership_id != mine)
    reserves = tuple(seat for seat in state.reserves if seat.membership_id != mine)
    who = event.model_dump(include={"membership_id", "episode_id", "patient_id", "invitation"})
    match event:
        case e.GroupSeatGiven():
            first = next((one.number for one in state.sessions if one.at >= event.next_session_at), 1)
            seats = (*seats, Seat(**who, since=first))
        case e.GroupReserveGiven():
            reserves = (*reserves, Seat(**who))
    return state.model_copy(update={"seats": seats, "reserves": reserves})


def _postponed(state: GroupState, event: e.GroupPostponed) -> GroupState:
    moved = {one.number: one for one in event.sessions}
    sessions = tuple(one.model_copy(update={"at": moved[one.number].at}) for one in state.sessions)
    told = {"decide_at": event.decide_at, "postponed": event.times, "status": "forming"}
    return state.model_copy(update={**told, "sessions": sessions, "under_minimum_at": None})


def _met(
    state: GroupState, event: e.GroupSessionMoved | e.GroupFacilitatorReplaced | e.GroupAttendanceTaken
) -> GroupState:
    match event:
        case e.GroupSessionMoved():
            moved = {"at": event.moved_to, "minutes": event.minutes, "where": event.where}
            return _with(state, event.number, moved)
        case e.GroupFacilitatorReplaced(number=None):
            return _led(state, event)
        case e.GroupFacilitatorReplaced():
            assert event.number is not None
            session = state.session(event.number)
            leaders = _swapped(state.leaders(session), event) if session else None
            return _with(state, event.number, {"facilitators": leaders})
        case e.GroupAttendanceTaken():
            return _attended(state, event)


def _attended(state: GroupState, event: e.GroupAttendanceTaken) -> GroupState:
    """Whoever has left since then stays as they were marked."""
    session = state.session(event.number)
    now = {*event.present, *(one.membership_id for one in event.absent)}
    kept = tuple(one for one in (session.present if session else None) or () if one not in now)
    away = tuple(one for one in (session.absent if session else ()) if one.membership_id not in now)
    status = "running" if state.status == "confirmed" else state.status
    marked = {"present": (*kept, *event.present), "absent": (*away, *event.absent)}
    return _with(state, event.number, marked).model_copy(update={"status": status})


def _led(state: GroupState, event: e.GroupFacilitatorReplaced) -> GroupState:
    """From now on: those sessions too that had a leader of their own for the one who leaves."""
    sessions: list[Session] = []
    for one in state.sessions:
        if one.facilitators and event.leaves in one.facilitators and not one.held:
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
