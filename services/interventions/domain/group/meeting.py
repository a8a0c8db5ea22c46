"""Sessions: at another time, with somebody else, who was there, and that one was not held."""

from services.interventions.domain.actor import decided_by, staff_id
from services.interventions.domain.group import commands as c
from services.interventions.domain.group.evolve import evolve
from services.interventions.domain.group.rules import GroupRules
from services.interventions.domain.group.seats import close_joining
from services.interventions.domain.group.state import GroupState, Seat, Session, members
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def move(state: GroupState, command: c.MoveSession) -> list[Event]:
    """It stays between the one before and the one after."""
    session = _to_come(state, command.number)
    at, minutes = command.at or session.at, command.minutes or session.minutes
    where = command.where or session.where
    if (at, minutes, where) == (session.at, session.minutes, session.where):
        return []
    others = [one for one in state.sessions if one.number != session.number]
    in_order = all(one.at < at if one.number < session.number else at < one.at for one in others)
    if at <= command.now or not in_order:
        raise Rejected("session-time-invalid")
    # Whoever has no seat does not know where it is.
    same_time = (at, minutes) == (session.at, session.minutes)
    # Who stood in on a day that has passed does not on the new one.
    begun = session.at <= command.now
    moved = e.GroupSessionMoved(
        at=command.now,
        group_id=state.group_id,
        number=session.number,
        moved_from=session.at,
        moved_to=at,
        minutes=minutes,
        where=where,
        patient_ids=state.patient_ids,
        next_session_at=min(one for one in (at, *(other.at for other in others)) if one > command.now),
        reserve_ids=() if same_time else state.reserve_ids,
        asked=() if same_time else members(*state.asked),
        facilitators=tuple(dict.fromkeys((*state.leaders(session), *(state.facilitators if begun else ())))),
        decided_by=decided_by(command),
        near=session.number <= state.announced,
    )
    return [moved]


def replace(rules: GroupRules, state: GroupState, command: c.ReplaceFacilitator) -> list[Event]:
    """There are always two, and two different ones."""
    if command.comes not in rules.psychologists:
        raise Rejected("facilitators-invalid")
    leaders = state.facilitators if command.number is None else state.leaders(_to_come(state, command.number))
    if command.leaves not in leaders or command.comes in leaders:
        raise Rejected("facilitators-invalid")
    return [
        e.GroupFacilitatorReplaced(
            at=command.now,
            group_id=state.group_id,
            number=command.number,
            leaves=command.leaves,
            comes=command.comes,
            patient_ids=state.patient_ids,
            decided_by=decided_by(command),
        )
    ]


def take_attendance(state: GroupState, command: c.TakeAttendance) -> list[Event]:
    """Everybody with a seat is named once. The last session's ends the group."""
    session, expected = _begun(state, command)
    named = (*command.present, *(one.membership_id for one in command.absent))
    if len(set(named)) != len(named) or set(named) != {seat.membership_id for seat in expected}:
        raise Rejected("attendance-incomplete")
    if (
        session.held
        and set(command.present) == set(session.present or ())
        and set(command.absent) == set(session.absent)
    ):
        return []
    taken = e.GroupAttendanceTaken(
        at=command.now,
        group_id=state.group_id,
        number=session.number,
        session_at=session.at,
        members=members(*expected),
        module_ids=session.module_ids,
        present=command.present,
        absent=command.absent,
        taken_by=staff_id(command.actor),
        facilitators=state.leaders(session),
    )
    return [taken, *_finished(state, evolve(state, taken), command)]


def mark_not_held(state: GroupState, command: c.MarkNotHeld) -> list[Event]:
    """What was its part opens for everybody at home. A group of which no session was held is cancelled instead."""
    session, expected = _begun(state, command)
    if session.held:
        raise Rejected("session-held")
    if session.not_held is not None:
        return []
    said = e.GroupSessionNotHeld(
        at=command.now,
        group_id=state.group_id,
        number=session.number,
        module_ids=session.module_ids,
        reason_code=command.reason_code,
        said_by=staff_id(command.actor),
        facilitators=state.leaders(session),
        members=members(*expected),
        patient_ids=tuple(seat.patient_id for seat in expected),
    )
    after = evolve(state, said)
    if not after.unsettled and not any(one.held for one in after.sessions):
        raise Rejected("group-never-met")
    return [said, *_finished(state, after, command)]


def _begun(state: GroupState, command: c.TakeAttendance | c.MarkNotHeld) -> tuple[Session, tuple[Seat, ...]]:
    """The session of which something is said, and who was expected there. Raises `Rejected` while nothing can be."""
    session = state.session(command.number)
    if session is None:
        raise Rejected("session-unknown")
    if state.status == "forming":
        raise Rejected("group-not-confirmed")
    if session.at > command.now:
        raise Rejected("session-to-come")
    return session, tuple(seat for seat in state.seats if seat.since <= session.number)


def _finished(before: GroupState, state: GroupState, command: Command) -> list[Event]:
    """With the last session of which something was said. Whoever still waits for a seat is told."""
    if before.status == "finished" or state.unsettled:
        return []
    return [*close_joining(state, command), _end(state, command)]


def _end(state: GroupState, command: Command) -> e.GroupFinished:
    return e.GroupFinished(
        at=command.now,
        group_id=state.group_id,
        facilitators=state.facilitators,
        members=members(*state.seats),
        patient_ids=state.patient_ids,
        programme_id=state.programme_id,
        language=state.language,
        mode=state.mode,
    )


def _to_come(state: GroupState, number: int) -> Session:
    session = state.session(number)
    if session is None:
        raise Rejected("session-unknown")
    if session.held:
        raise Rejected("session-held")
    if session.not_held is not None:
        raise Rejected("session-not-held")
    return session
