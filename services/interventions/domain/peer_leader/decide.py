"""A peer leader: trained, supervised as long as they are one, and free to stand down at any time."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.interventions.domain.actor import staff_id
from services.interventions.domain.local import day_of, days_after
from services.interventions.domain.peer_leader import commands as c
from services.interventions.domain.peer_leader.state import PeerLeaderState
from shared.contracts.clinic_together import Circles
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import peer_leader as e

SUPERVISION_TIMER = "supervision"
AGAIN_DAYS = 7
"""After how many days a supervisor is reminded again. A local choice: no published figure was found."""


def decide(circles: Circles, zone: ZoneInfo, state: PeerLeaderState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.TrainPeerLeader():
            return _train(zone, state, command)
        case c.BeginLeading():
            return _begin(state, command)
        case c.EndLeading():
            led = e.LedCircle(circle_id=command.circle_id, member_id=command.member_id)
            ended = led in state.circles
            return [e.PeerLeaderEnded(**_said(state, command), circle=led)] if ended else []
        case c.HoldSupervision():
            return _hold(state, command)
        case c.StandDown():
            return _stand_down(state, command)
        case TimerDue():
            return _timer_due(circles, zone, state, command)
        case _:
            raise TypeError(f"a peer leader has no branch for {type(command).__name__}")


def timers(circles: Circles, zone: ZoneInfo, state: PeerLeaderState) -> dict[str, datetime]:
    """When they are to speak with their supervisor; again and again until they did."""
    if state.status != "trained" or state.since is None:
        return {}
    if state.due_told_at is not None:
        return {SUPERVISION_TIMER: days_after(state.due_told_at, AGAIN_DAYS, zone)}
    return {SUPERVISION_TIMER: days_after(state.since, circles.supervision_days, zone)}


def keys(state: PeerLeaderState) -> dict[str, str | None]:
    """By what peer leaders are looked up. `all` stands for each, since a clinic has few."""
    return {"patient_id": state.patient_id or None, "all": "yes" if state.status else None}


def person(state: PeerLeaderState) -> str | None:
    """Who they are."""
    return state.patient_id or None


def _train(zone: ZoneInfo, state: PeerLeaderState, command: c.TrainPeerLeader) -> list[Event]:
    if command.trained_on > day_of(command.now, zone):
        raise Rejected("day-to-come")
    stands = (state.status, state.trained_on, state.supervisor_id)
    if stands == ("trained", command.trained_on, command.supervisor_id):
        return []
    return [e.PeerLeaderTrained(at=command.now, **command.model_dump(exclude={"now", "actor"}))]


def _begin(state: PeerLeaderState, command: c.BeginLeading) -> list[Event]:
    circle = e.LedCircle(circle_id=command.circle_id, member_id=command.member_id)
    if state.status is None or circle in state.circles:
        return []
    if state.status == "stood_down":
        return [e.PeerLeaderRefused(**_said(state, command), circle=circle)]
    return [e.PeerLeaderBegan(**_said(state, command), circle=circle)]


def _hold(state: PeerLeaderState, command: c.HoldSupervision) -> list[Event]:
    _require_leader(state)
    said = {"minutes": command.minutes, "held_by": staff_id(command.actor), "note": command.note or None}
    return [e.SupervisionHeld(**_said(state, command), **said, supervisor_id=state.supervisor_id)]


def _stand_down(state: PeerLeaderState, command: c.StandDown) -> list[Event]:
    if state.status == "stood_down":
        return []
    _require_leader(state)
    ends = {"supervisor_id": state.supervisor_id, "circles": state.circles}
    return [e.PeerLeaderStoodDown(**_said(state, command), **ends)]


def _timer_due(circles: Circles, zone: ZoneInfo, state: PeerLeaderState, command: TimerDue) -> list[Event]:
    due = timers(circles, zone, state).get(command.name)
    if due is None or due > command.now or state.since is None:
        return []
    return [e.SupervisionDue(**_said(state, command), supervisor_id=state.supervisor_id, since=state.since)]


def _require_leader(state: PeerLeaderState) -> None:
    if state.status != "trained":
        raise Rejected("leader-not-trained")


def _said(state: PeerLeaderState, command: Command) -> dict[str, Any]:
    """What every event of this peer leader carries."""
    return {"at": command.now, "leader_id": state.leader_id, "patient_id": state.patient_id}
