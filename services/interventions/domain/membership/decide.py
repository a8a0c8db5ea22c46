"""Somebody is invited to a group, answers, comes or not, and leaves or finishes. One group at a time."""

from datetime import datetime
from typing import Any

from services.interventions.domain.actor import staff_id
from services.interventions.domain.membership import commands as c
from services.interventions.domain.membership.evolve import evolve
from services.interventions.domain.membership.state import MembershipState
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

LAPSE_TIMER = "lapse"


def decide(rules_version: int, state: MembershipState, command: Command) -> list[Event]:
    """What follows from `command`. `rules_version` is that of the group rules which are shown now."""
    match command:
        case c.InviteToGroup():
            return _invite(state, command)
        case c.AnswerInvitation():
            return _answer(rules_version, state, command)
        case c.NoteSeat() | c.NoteRefusal():
            return _note(state, command)
        case c.ChangeName():
            _require(state, "accepted", "seat", "reserve")
            same = command.name == state.name
            return [] if same else [e.GroupNameChanged(**_said(state, command), name=command.name)]
        case c.TellAbsence():
            return _tell_absence(state, command)
        case c.LeaveGroup():
            _require(state, "accepted", "seat", "reserve")
            return [_ended(state, command, "left")]
        case c.NoteAttendance():
            return _attendance(state, command)
        case c.EndPart():
            mine = state.group_id == command.group_id and state.open
            return [_ended(state, command, command.how)] if mine else []
        case c.EndWithTreatment():
            return [_ended(state, command, "treatment_ended")] if state.open else []
        case TimerDue():
            due = timers(state).get(command.name)
            lapsed = due is not None and due <= command.now
            return [e.GroupInvitationLapsed(**_said(state, command))] if lapsed else []
        case _:
            raise TypeError(f"a membership has no branch for {type(command).__name__}")


def timers(state: MembershipState) -> dict[str, datetime]:
    """An invitation lapses by itself."""
    return {LAPSE_TIMER: state.answer_by} if state.status == "invited" and state.answer_by else {}


def keys(state: MembershipState) -> dict[str, str | None]:
    """By what memberships are looked up."""
    return {"patient_id": state.patient_id or None, "group_id": state.group_id or None}


def person(state: MembershipState) -> str | None:
    """Whose part it is."""
    return state.patient_id or None


def _invite(state: MembershipState, command: c.InviteToGroup) -> list[Event]:
    if state.open:
        if state.group_id == command.group_id:
            return []
        raise Rejected("in-a-group")
    if command.answer_by <= command.now:
        raise Rejected("joining-closed")
    told = command.model_dump(exclude={"now", "actor"})
    told |= {"invitation": state.invitation + 1, "invited_by": staff_id(command.actor)}
    return [e.InvitedToGroup(at=command.now, **told)]


def _answer(rules_version: int, state: MembershipState, command: c.AnswerInvitation) -> list[Event]:
    if state.status != "invited" or state.answer_by is None or state.answer_by <= command.now:
        raise Rejected("invitation-closed")
    if not command.accept:
        return [e.GroupDeclined(**_said(state, command), reason_code=command.reason_code or "other")]
    if command.rules_version != rules_version:
        raise Rejected("group-rules-missing", version=rules_version)
    return [e.GroupAccepted(**_said(state, command), rules_version=rules_version, name=command.name)]


def _note(state: MembershipState, command: c.NoteSeat | c.NoteRefusal) -> list[Event]:
    """What the group said of a part that is over already, or of an earlier one, is too late."""
    mine = (command.group_id, command.invitation) == (state.group_id, state.invitation)
    if not mine or state.status not in ("accepted", "seat", "reserve"):
        return []
    if isinstance(command, c.NoteRefusal):
        return [_ended(state, command, "no_seat")]
    return [] if state.status == command.seat else [e.GroupSeatNoted(**_said(state, command), seat=command.seat)]


def _tell_absence(state: MembershipState, command: c.TellAbsence) -> list[Event]:
    _require(state, "seat")
    if command.session_at <= command.now:
        raise Rejected("session-begun")
    told = command.number in state.told
    return [] if told else [e.GroupAbsenceTold(**_said(state, command), number=command.number)]


def _attendance(state: MembershipState, command: c.NoteAttendance) -> list[Event]:
    """Also after the end, since the last session's attendance and a correction come then."""
    mine = state.group_id == command.group_id and state.status in ("accepted", "seat", "ended")
    if not mine or state.marks.get(command.number) == command.present:
        return []
    said = {**_said(state, command), "number": command.number, "module_ids": command.module_ids}
    if command.present:
        return [e.GroupSessionAttended.model_validate({**said, "first": state.attended == 0})]
    missed = {**said, "reason_code": command.reason_code, "told": command.told or command.number in state.told}
    event = e.GroupSessionMissed.model_validate({**missed, "in_a_row": 1})
    after = evolve(state, event)
    counted = {"in_a_row": after.missed_in_a_row(command.number), "before_first": after.attended == 0}
    return [event.model_copy(update=counted)]


def _ended(state: MembershipState, command: Command, how: e.PartEnd) -> e.GroupPartEnded:
    had_seat = None if state.status == "invited" else state.status == "seat"
    counts = {"attended": state.attended, "missed": state.missed}
    return e.GroupPartEnded(**_said(state, command), how=how, had_seat=had_seat, **counts)


def _require(state: MembershipState, *statuses: str) -> None:
    if state.status not in statuses:
        raise Rejected("not-in-the-group")


def _said(state: MembershipState, command: Command) -> dict[str, Any]:
    ids = ("invitation", "membership_id", "group_id", "episode_id", "patient_id", "referral_id")
    return {"at": command.now, **{name: getattr(state, name) for name in ids}}
