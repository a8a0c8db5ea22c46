"""A circle: who has a seat, who leads, when it meets. It is never closed by itself: what fades is told to a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.interventions.domain.actor import staff_id
from services.interventions.domain.circle import commands as c
from services.interventions.domain.circle import meetings
from services.interventions.domain.circle.state import CircleState
from services.interventions.domain.local import day_of, days_after
from shared.contracts.clinic_together import Circles
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle as e

QUIET_TIMER = "quiet"
LEADERLESS_TIMER = "leaderless"


def decide(circles: Circles, zone: ZoneInfo, state: CircleState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.StartCircle():
            return _start(circles, state, command)
        case c.HoldCircleSeat():
            return _hold_seat(state, command)
        case c.TakeCircleSeat():
            return _take_seat(state, command)
        case c.FreeCircleSeat():
            return _free_seat(state, command)
        case c.AppointLeader():
            return _appoint(state, command)
        case c.RemoveLeader():
            return _lose_leader(state, command, command.member_id, "stood_down")
        case c.NotePostShown():
            return _note_active(zone, state, command.happened_at)
        case c.PlanCircleMeeting():
            return meetings.plan(state, command)
        case c.MoveCircleMeeting():
            return meetings.move(state, command)
        case c.CancelCircleMeeting():
            return meetings.cancel(state, command)
        case c.HoldCircleMeeting():
            return meetings.hold(state, command)
        case c.CloseCircle():
            return _close(state, command)
        case TimerDue():
            return _timer_due(circles, zone, state, command)
        case _:
            raise TypeError(f"a circle has no branch for {type(command).__name__}")


def timers(circles: Circles, zone: ZoneInfo, state: CircleState) -> dict[str, datetime]:
    """When the coordinator is told that nothing happens, or that nobody leads; again and again while it lasts."""
    if state.status != "open" or state.active_at is None:
        return {}
    quiet_from = max(filter(None, (state.active_at, state.quiet_told_at)))
    due = {QUIET_TIMER: days_after(quiet_from, circles.quiet_days, zone)}
    if state.leader is None and state.leaderless_told_at is not None:
        due[LEADERLESS_TIMER] = days_after(state.leaderless_told_at, circles.leaderless_days, zone)
    return due


def _start(circles: Circles, state: CircleState, command: c.StartCircle) -> list[Event]:
    if state.status is not None:
        return []
    said = command.model_dump(exclude={"now", "actor"})
    started = e.CircleStarted(at=command.now, most_people=circles.most_people, **said)
    return [started, e.CircleLeaderless(at=command.now, circle_id=command.circle_id, since=command.now)]


def _hold_seat(state: CircleState, command: c.HoldCircleSeat) -> list[Event]:
    _require_open(state)
    if state.seat(command.member_id):
        raise Rejected("circle-invited-already")
    if len(state.seats) >= state.most_people:
        raise Rejected("circle-full", most=state.most_people)
    return [
        e.CircleSeatHeld(
            at=command.now,
            circle_id=state.circle_id,
            member_id=command.member_id,
            patient_id=command.patient_id,
            episode_id=command.episode_id,
            round=state.rounds.get(command.member_id, 0) + 1,
            invited_by=staff_id(command.actor),
        )
    ]


def _take_seat(state: CircleState, command: c.TakeCircleSeat) -> list[Event]:
    seat = state.seat(command.member_id)
    # A yes that arrives after they left, or twice, finds no seat of its round to take.
    if seat is None or seat.round != command.round or seat.taken:
        return []
    ids = {"member_id": seat.member_id, "patient_id": seat.patient_id, "round": seat.round}
    taken = e.CircleSeatTaken.model_validate({"at": command.now, "circle_id": state.circle_id, **ids})
    return [taken, *meetings.joined(state, command, seat.patient_id)]


def _free_seat(state: CircleState, command: c.FreeCircleSeat) -> list[Event]:
    seat = state.seat(command.member_id)
    if seat is None or seat.round != command.round:
        return []
    ids = {"member_id": seat.member_id, "patient_id": seat.patient_id, "round": seat.round}
    freed = e.CircleSeatFreed.model_validate({"at": command.now, "circle_id": state.circle_id, **ids})
    return [freed, *_lose_leader(state, command, seat.member_id, "left")]


def _appoint(state: CircleState, command: c.AppointLeader) -> list[Event]:
    _require_open(state)
    seat = state.seat(command.member_id)
    if seat is None or not seat.taken:
        raise Rejected("circle-member-unknown")
    if not command.trained:
        raise Rejected("leader-not-trained")
    if state.leader == seat.member_id:
        return []
    gone = [_gone(state, command, "replaced")] if state.leader else []
    ids = {"circle_id": state.circle_id, "member_id": seat.member_id, "patient_id": seat.patient_id}
    return [*gone, e.CircleLeaderAppointed.model_validate({"at": command.now, **ids})]


def _lose_leader(state: CircleState, command: Command, member_id: str, why: e.LeaderGone) -> list[Event]:
    if state.leader is None or state.leader != member_id:
        return []
    gone: list[Event] = [_gone(state, command, why)]
    if state.status == "open":
        gone.append(e.CircleLeaderless(at=command.now, circle_id=state.circle_id, since=command.now))
    return gone


def _gone(state: CircleState, command: Command, why: e.LeaderGone) -> e.CircleLeaderGone:
    ids = {"circle_id": state.circle_id, "member_id": state.leader, "patient_id": state.leader_patient_id}
    return e.CircleLeaderGone.model_validate({"at": command.now, **ids, "reason_code": why})


def _note_active(zone: ZoneInfo, state: CircleState, happened_at: datetime) -> list[Event]:
    if state.status != "open" or state.active_at is None or happened_at <= state.active_at:
        return []
    # Said once a day, lest every message be followed by a second one.
    if state.quiet_told_at is None and day_of(happened_at, zone) == day_of(state.active_at, zone):
        return []
    return [e.CircleActive(at=happened_at, circle_id=state.circle_id)]


def _close(state: CircleState, command: c.CloseCircle) -> list[Event]:
    if state.status == "closed":
        return []
    _require_open(state)
    return [
        e.CircleClosed(
            at=command.now,
            circle_id=state.circle_id,
            reason_code=command.reason_code,
            patient_ids=tuple(seat.patient_id for seat in state.seats),
            closed_by=staff_id(command.actor),
        )
    ]


def _timer_due(circles: Circles, zone: ZoneInfo, state: CircleState, command: TimerDue) -> list[Event]:
    due = timers(circles, zone, state).get(command.name)
    if due is None or due > command.now or state.active_at is None:
        return []
    if command.name == QUIET_TIMER:
        return [e.CircleQuiet(at=command.now, circle_id=state.circle_id, since=state.active_at)]
    since = state.leaderless_since or command.now
    return [e.CircleLeaderless(at=command.now, circle_id=state.circle_id, since=since)]


def _require_open(state: CircleState) -> None:
    """Raises `Rejected("circle-closed")` where the circle does not run."""
    if state.status != "open":
        raise Rejected("circle-closed")
