"""A post in a circle: nobody else reads it before it is released, where the clinic checks first or it worries."""

from datetime import datetime, timedelta
from typing import Any

from services.interventions.domain.actor import staff_id
from services.interventions.domain.circle_post import commands as c
from services.interventions.domain.circle_post.state import CirclePostState
from shared.contracts.clinic_together import Circles
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle_post as e
from shared.contracts.risk_words import RiskWords

CHECK_TIMER = "check"


def decide(circles: Circles, words: RiskWords, state: CirclePostState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.WritePost():
            return _write(circles, words, state, command)
        case c.CheckPost():
            return _check(state, command)
        case c.ReportPost():
            return _report(state, command)
        case c.JoinGoal():
            return _join(state, command)
        case c.ReachGoal():
            return _reach(state, command)
        case c.WithdrawPost():
            gone = state.status in (None, "withdrawn")
            return [] if gone else [e.CirclePostWithdrawn(**_said(state, command))]
        case TimerDue():
            return _timer_due(circles, state, command)
        case _:
            raise TypeError(f"a post in a circle has no branch for {type(command).__name__}")


def timers(circles: Circles, state: CirclePostState) -> dict[str, datetime]:
    """When the coordinator is told that nobody looked at it; again and again while it lasts."""
    since = state.waits_told_at or state.waits_since
    if not state.to_check or since is None:
        return {}
    return {CHECK_TIMER: since + timedelta(hours=circles.check_hours)}


def keys(state: CirclePostState) -> dict[str, str | None]:
    """By what posts are looked up."""
    return {
        "circle_id": state.circle_id or None,
        "to_check": "yes" if state.to_check else None,
    }


def person(state: CirclePostState) -> str | None:
    """Whose words they are."""
    return state.patient_id or None


def _write(circles: Circles, words: RiskWords, state: CirclePostState, command: c.WritePost) -> list[Event]:
    if state.status is not None:
        return []
    if not command.open:
        raise Rejected("circle-closed")
    if not command.joined:
        raise Rejected("circle-not-joined")
    found = words.found_in([command.text])
    ids = command.model_dump(include={"post_id", "circle_id", "member_id", "patient_id"}) | {"at": command.now}
    held = circles.check_first or bool(found)
    what = {"kind": command.kind, "text": command.text, "episode_id": command.episode_id}
    written = {**ids, **what, "check_first": circles.check_first, "held": held}
    events: list[Event] = [e.CirclePostWritten.model_validate(written)]
    if found:
        worry = {**ids, "episode_id": command.episode_id, "words": found}
        events.append(e.CircleRiskWordsWritten.model_validate(worry))
    if not held:
        events.append(e.CirclePostShown.model_validate(ids))
    return events


def _check(state: CirclePostState, command: c.CheckPost) -> list[Event]:
    if command.as_leader is not None and state.for_psychology:
        raise Rejected("post-for-psychology")
    if command.as_leader is not None and command.as_leader == state.member_id:
        raise Rejected("circle-own")
    if not command.show and command.reason_code is None:
        raise Rejected("reason-missing")
    if state.status not in ("held", "shown"):
        raise Rejected("post-gone")
    me = staff_id(command.actor)
    if not command.show:
        return [e.CirclePostRemoved(**_said(state, command), reason_code=command.reason_code, removed_by=me)]
    if state.status == "held":
        return [e.CirclePostShown(**_said(state, command), checked_by=me)]
    return [] if state.checked else [e.CirclePostChecked(**_said(state, command), checked_by=me)]


def _report(state: CirclePostState, command: c.ReportPost) -> list[Event]:
    if command.member_id == state.member_id:
        raise Rejected("circle-own")
    if state.status not in ("held", "shown") or any(one.member_id == command.member_id for one in state.reports):
        return []
    if command.member_id in state.heard:
        # Otherwise one person could keep a message away from all others for ever.
        raise Rejected("post-looked-at")
    said = {"reported_by": command.member_id, "reason_code": command.reason_code}
    return [e.CirclePostReported(**_said(state, command), **said)]


def _join(state: CirclePostState, command: c.JoinGoal) -> list[Event]:
    if state.kind != "goal" or state.status != "shown" or state.reached_at is not None:
        raise Rejected("goal-closed")
    if command.member_id == state.member_id:
        raise Rejected("circle-own")
    return [e.CircleGoalJoined(**_said(state, command), joined_by=command.member_id)]


def _reach(state: CirclePostState, command: c.ReachGoal) -> list[Event]:
    if state.kind != "goal" or state.status not in ("held", "shown"):
        raise Rejected("goal-closed")
    return [] if state.reached_at is not None else [e.CircleGoalReached(**_said(state, command))]


def _timer_due(circles: Circles, state: CirclePostState, command: TimerDue) -> list[Event]:
    due = timers(circles, state).get(command.name)
    if due is None or due > command.now or state.waits_since is None:
        return []
    return [e.CirclePostWaits(**_said(state, command), since=state.waits_since)]


def _said(state: CirclePostState, command: Command) -> dict[str, Any]:
    """What every event of this post carries."""
    ids = {name: getattr(state, name) for name in ("post_id", "circle_id", "member_id", "patient_id")}
    return {"at": command.now, **ids}
