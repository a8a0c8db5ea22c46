"""When a circle meets, and who was there."""

from services.interventions.domain.actor import staff_id
from services.interventions.domain.circle.commands import (
    CancelCircleMeeting,
    HoldCircleMeeting,
    MoveCircleMeeting,
    PlanCircleMeeting,
)
from services.interventions.domain.circle.state import CircleMeeting, CircleState
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle as e


def plan(state: CircleState, command: PlanCircleMeeting) -> list[Event]:
    """One more meeting."""
    _require_open(state)
    _require_to_come(command)
    return [
        e.CircleMeetingPlanned(
            at=command.now,
            circle_id=state.circle_id,
            number=len(state.meetings) + 1,
            meet_at=command.meet_at,
            minutes=command.minutes,
            where=command.where,
            topic=command.topic,
            patient_ids=state.patients,
        )
    ]


def move(state: CircleState, command: MoveCircleMeeting) -> list[Event]:
    """Another time or place for a meeting that was not held yet. What stands already says nothing."""
    _require_open(state)
    meeting = _to_be(state, command.number)
    if (meeting.at, meeting.minutes, meeting.where) == (command.meet_at, command.minutes, command.where):
        return []
    _require_to_come(command)
    return [
        e.CircleMeetingMoved(
            at=command.now,
            circle_id=state.circle_id,
            number=meeting.number,
            before=meeting.at,
            meet_at=command.meet_at,
            minutes=command.minutes,
            where=command.where,
            patient_ids=state.patients,
        )
    ]


def cancel(state: CircleState, command: CancelCircleMeeting) -> list[Event]:
    """It does not take place. Of one that was to be before now nobody need be told."""
    _require_open(state)
    found = state.meeting(command.number)
    if found is not None and found.cancelled:
        return []
    meeting = _to_be(state, command.number)
    return [
        e.CircleMeetingCancelled(
            at=command.now,
            circle_id=state.circle_id,
            number=meeting.number,
            meet_at=meeting.at,
            patient_ids=state.patients if meeting.at > command.now else (),
        )
    ]


def joined(state: CircleState, command: Command, patient_id: str) -> list[Event]:
    """What somebody who joins now is to be at, and was not told of as it was planned."""
    to_come = (one for one in state.meetings_on if one.at > command.now and not one.held)
    return [
        e.CircleMeetingJoined(
            at=command.now,
            circle_id=state.circle_id,
            number=meeting.number,
            meet_at=meeting.at,
            minutes=meeting.minutes,
            patient_id=patient_id,
        )
        for meeting in to_come
    ]


def hold(state: CircleState, command: HoldCircleMeeting) -> list[Event]:
    """Who was there. Said once more, it is corrected; that the circle lives is said once."""
    _require_open(state)
    meeting = _meeting(state, command.number)
    if meeting.at > command.now:
        raise Rejected("meeting-to-come")
    here = {seat.member_id for seat in state.seats if seat.taken} | set(meeting.present)
    if set(command.present) - here:
        raise Rejected("circle-member-unknown")
    present = tuple(sorted(set(command.present)))
    if meeting.held and meeting.present == present:
        return []
    who = {"number": meeting.number, "present": present, "noted_by": staff_id(command.actor)}
    held = e.CircleMeetingHeld.model_validate({"at": command.now, "circle_id": state.circle_id, **who})
    return [held] if meeting.held else [held, e.CircleActive(at=command.now, circle_id=state.circle_id)]


def missed_in_a_row(state: CircleState, member_id: str) -> int:
    """How many of the last meetings since they joined somebody was not at, one after the other."""
    seat = state.seat(member_id)
    if seat is None or not seat.taken:
        return 0
    missed = 0
    for meeting in sorted((one for one in state.meetings if one.held), key=lambda one: one.at, reverse=True):
        if meeting.at < seat.since or member_id in meeting.present:
            break
        missed += 1
    return missed


def last_missed(state: CircleState, member_id: str) -> CircleMeeting | None:
    """The last held meeting, if they were not at it."""
    held = sorted((one for one in state.meetings if one.held), key=lambda one: one.at)
    return held[-1] if held and missed_in_a_row(state, member_id) else None


def _require_open(state: CircleState) -> None:
    if state.status != "open":
        raise Rejected("circle-closed")


def _require_to_come(command: Command) -> None:
    if getattr(command, "meet_at", command.now) <= command.now:
        raise Rejected("meeting-time-invalid")


def _meeting(state: CircleState, number: int) -> CircleMeeting:
    """Raises `Rejected` for one that there is not, or that does not take place."""
    meeting = state.meeting(number)
    if meeting is None:
        raise Rejected("meeting-unknown")
    if meeting.cancelled:
        raise Rejected("meeting-cancelled")
    return meeting


def _to_be(state: CircleState, number: int) -> CircleMeeting:
    """One that was not held yet."""
    meeting = _meeting(state, number)
    if meeting.held:
        raise Rejected("meeting-held")
    return meeting
