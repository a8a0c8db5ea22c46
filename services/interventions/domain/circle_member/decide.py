"""One person's part in a circle: invited, in it, and out of it again without a trace."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.interventions.domain.actor import staff_id
from services.interventions.domain.circle_member import commands as c
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.local import days_after
from shared.contracts.clinic_together import Circles
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import circle_member as e
from shared.contracts.risk_words import RiskWords


def decide(
    circles: Circles, zone: ZoneInfo, words: RiskWords, state: CircleMemberState, command: Command
) -> list[Event]:
    """What follows from `command`."""
    match command:
        case c.InviteToCircle():
            return _invite(state, command)
        case c.AnswerCircle():
            return _answer(words, state, command)
        case c.ChangeCircleName():
            return _rename(words, state, command)
        case c.LeaveCircle():
            return _leave(state, command)
        case c.NotePost():
            return _note_post(state, command)
        case c.SetMute():
            return _mute(state, command)
        case c.SendNudge():
            return _nudge(circles, zone, state, command)
        case c.ReceiveNudge():
            return _receive(state, command)
        case c.LogCircleContact():
            return _log(words, state, command)
        case _:
            raise TypeError(f"a member of a circle has no branch for {type(command).__name__}")


def keys(state: CircleMemberState) -> dict[str, str | None]:
    """By what members are looked up."""
    return {"patient_id": state.patient_id or None, "circle_id": state.circle_id or None}


def person(state: CircleMemberState) -> str | None:
    """Whose part it is."""
    return state.patient_id or None


def may_nudge_from(circles: Circles, zone: ZoneInfo, state: CircleMemberState, to: str) -> datetime | None:
    """From when on they can send that member a kind word again; `None` where they never did."""
    last = state.nudged.get(to)
    return days_after(last, circles.nudge_days, zone) if last else None


def _invite(state: CircleMemberState, command: c.InviteToCircle) -> list[Event]:
    # Each invitation counts once; one of before that comes late changes nothing.
    if command.round <= state.round:
        return []
    return [e.CircleInvited(at=command.now, **command.model_dump(exclude={"now", "actor"}))]


def _answer(words: RiskWords, state: CircleMemberState, command: c.AnswerCircle) -> list[Event]:
    if state.status != "invited":
        raise Rejected("circle-not-invited")
    if not command.accept:
        return [e.CircleDeclined(**_said(state, command), round=state.round)]
    if not command.open:
        raise Rejected("circle-closed")
    if command.rules_version != command.present_rules:
        raise Rejected("circle-rules-missing")
    worry = _worry(words, state, command, "name", command.name)
    agreed = {"round": state.round, "rules_version": command.rules_version}
    return [e.CircleJoined(**_said(state, command), **agreed, name=None if worry else command.name or None), *worry]


def _rename(words: RiskWords, state: CircleMemberState, command: c.ChangeCircleName) -> list[Event]:
    _require_joined(state)
    worry = _worry(words, state, command, "name", command.name)
    name = None if worry else command.name or None
    return worry if name == state.name else [e.CircleNameChanged(**_said(state, command), name=name), *worry]


def _leave(state: CircleMemberState, command: c.LeaveCircle) -> list[Event]:
    if state.status not in ("invited", "joined"):
        return []
    by_team = not command.actor.startswith("patient:")
    left = {"round": state.round, "post_ids": state.post_ids, "by_team": by_team}
    return [e.CircleLeft(**_said(state, command), **left)]


def _note_post(state: CircleMemberState, command: c.NotePost) -> list[Event]:
    if state.status is None:
        return []
    if state.joined_at is None or command.written_at < state.joined_at:
        return [e.CirclePostsOrphaned(**_said(state, command), post_ids=(command.post_id,))]
    noted = command.post_id in state.post_ids
    return [] if noted else [e.CirclePostNoted(**_said(state, command), post_id=command.post_id)]


def _mute(state: CircleMemberState, command: c.SetMute) -> list[Event]:
    _require_joined(state)
    if command.other_id == state.member_id:
        raise Rejected("circle-own")
    if (command.other_id in state.muted) == command.muted:
        return []
    return [e.CircleMuteSet(**_said(state, command), other_id=command.other_id, muted=command.muted)]


def _nudge(circles: Circles, zone: ZoneInfo, state: CircleMemberState, command: c.SendNudge) -> list[Event]:
    _require_joined(state)
    if command.to_member_id == state.member_id:
        raise Rejected("circle-own")
    if not command.to_is_here:
        raise Rejected("circle-member-unknown")
    again = may_nudge_from(circles, zone, state, command.to_member_id)
    if again is not None and command.now < again:
        raise Rejected("nudge-too-soon")
    return [e.CircleNudgeSent(**_said(state, command), to_member_id=command.to_member_id, word=command.word)]


def _receive(state: CircleMemberState, command: c.ReceiveNudge) -> list[Event]:
    """Of whoever is muted nothing comes, and they do not learn that."""
    if state.status != "joined" or command.from_member_id in state.muted:
        return []
    return [e.CircleNudged(**_said(state, command), from_member_id=command.from_member_id, word=command.word)]


def _log(words: RiskWords, state: CircleMemberState, command: c.LogCircleContact) -> list[Event]:
    # Somebody may have to be called before they say yes; whoever leads finds only those who did.
    if state.status not in ("invited", "joined"):
        raise Rejected("circle-not-joined")
    said = command.model_dump(include={"kind", "reached", "minutes"}) | {"note": command.note or None}
    logged = e.CircleContactLogged(**_said(state, command), **said, logged_by=staff_id(command.actor))
    # What psychology writes a person of psychology knows already.
    by_leader = command.actor.startswith("patient:")
    return [logged, *(_worry(words, state, command, "note", command.note) if by_leader else [])]


def _worry(
    words: RiskWords, state: CircleMemberState, command: Command, field: e.WorryField, text: str | None
) -> list[Event]:
    found = words.found_in([text or ""])
    return [e.CircleMemberRiskWordsWritten(**_said(state, command), field=field, words=found)] if found else []


def _require_joined(state: CircleMemberState) -> None:
    if state.status != "joined":
        raise Rejected("circle-not-joined")


def _said(state: CircleMemberState, command: Command) -> dict[str, Any]:
    """What every event of this member carries."""
    ids = {name: getattr(state, name) for name in ("member_id", "circle_id", "patient_id", "episode_id")}
    return {"at": command.now, **ids}
