"""Somebody is invited to a group, answers, comes or not, and leaves or finishes. One group at a time."""

from datetime import datetime
from typing import Any

from services.interventions.domain.actor import staff_id
from services.interventions.domain.membership import commands as c
from services.interventions.domain.membership.evolve import evolve
from services.interventions.domain.membership.state import Mark, MembershipState
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

LAPSE_TIMER = "lapse"

_OfGroup = c.NoteDates | c.NoteSeat | c.NoteRefusal | c.NoteAttendance | c.EndPart | c.AskAboutRules


def decide(rules_version: int, state: MembershipState, command: Command) -> list[Event]:
    """What follows from `command`. `rules_version` is that of the group rules which are shown now."""
    match command:
        case c.InviteToGroup():
            return _invite(state, command)
        case c.AnswerInvitation():
            return _answer(rules_version, state, command)
        case c.NoteDates():
            return _note_dates(state, command)
        case c.NoteSeat() | c.NoteRefusal():
            return _note(state, command)
        case c.ChangeName():
            _require_in_the_group(state)
            same = command.name == state.name
            return [] if same else [e.GroupNameChanged(**_said(state, command), name=command.name)]
        case c.AskAboutRules():
            return _ask_about_rules(rules_version, state, command)
        case c.AgreeToRules():
            return _agree(rules_version, state, command)
        case c.TellAbsence():
            return _tell_absence(state, command)
        case c.LeaveGroup():
            _require_in_the_group(state)
            return [_ended(state, command, "left")]
        case c.NoteAttendance():
            return _attendance(state, command)
        case c.EndPart():
            return _end_with_group(state, command)
        case c.EndWithTreatment():
            concerned = state.open and command.episode_version > state.episode_version
            return [_ended(state, command, "treatment_ended")] if concerned else []
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


def _note_dates(state: MembershipState, command: c.NoteDates) -> list[Event]:
    """Only who can still answer: the others are told by the group, or are not concerned."""
    by = state.answer_by
    if not _mine(state, command) or state.status != "invited" or by is None or by <= command.now:
        return []
    dates = {"next_session_at": command.next_session_at, "answer_by": min(by, command.next_session_at)}
    return [e.GroupDatesNoted(**_said(state, command), **dates)]


def _note(state: MembershipState, command: c.NoteSeat | c.NoteRefusal) -> list[Event]:
    """What the group said of a part that is over already, or of an earlier one, is too late."""
    if not (_mine(state, command) and state.in_the_group):
        return []
    if isinstance(command, c.NoteRefusal):
        return [_ended(state, command, "no_seat")]
    return [] if state.status == command.seat else [e.GroupSeatNoted(**_said(state, command), seat=command.seat)]


def _ask_about_rules(rules_version: int, state: MembershipState, command: c.AskAboutRules) -> list[Event]:
    """Asked once about each version of them, and only who has a seat."""
    known = rules_version in (state.rules_version, state.rules_asked)
    if known or not _mine(state, command) or state.status != "seat":
        return []
    return [e.GroupRulesAsked(**_said(state, command), rules_version=rules_version, number=command.number)]


def _agree(rules_version: int, state: MembershipState, command: c.AgreeToRules) -> list[Event]:
    _require_in_the_group(state)
    if command.rules_version != rules_version:
        raise Rejected("group-rules-missing", version=rules_version)
    same = state.rules_version == rules_version
    return [] if same else [e.GroupRulesAgreed(**_said(state, command), rules_version=rules_version)]


def _tell_absence(state: MembershipState, command: c.TellAbsence) -> list[Event]:
    if state.status != "seat":
        raise Rejected("not-in-the-group")
    if command.session_at <= command.now:
        raise Rejected("session-begun")
    if state.tells(command.number, command.session_at):
        return []
    told = command.model_dump(include={"number", "session_at"})
    return [e.GroupAbsenceTold(**_said(state, command), **told)]


def _attendance(state: MembershipState, command: c.NoteAttendance) -> list[Event]:
    """Also after the end, since the last session's attendance and a correction come then."""
    if not _mine(state, command) or state.status not in ("accepted", "seat", "ended"):
        return []
    before = state.marks.get(command.number)
    said = {**_said(state, command), "number": command.number}
    modules = {"module_ids": command.module_ids}
    if command.present:
        was_there = before is not None and before.present
        first = {"first": state.attended == 0}
        return [] if was_there else [e.GroupSessionAttended.model_validate({**said, **modules, **first})]
    told = command.told or state.tells(command.number, command.session_at)
    why = {"reason_code": command.reason_code, "told": told}
    if before is not None and not before.present:
        same = before == Mark(present=False, reason_code=command.reason_code, told=told)
        none_yet = {"before_first": state.attended == 0}
        return [] if same else [e.GroupAbsenceCorrected.model_validate({**said, **why, **none_yet})]
    return [_missed(state, e.GroupSessionMissed.model_validate({**said, **modules, **why, **_ALONE}))]


_ALONE = {"in_a_row": 1, "row_from": 1}


def _missed(state: MembershipState, event: e.GroupSessionMissed) -> e.GroupSessionMissed:
    """With the row that it makes with those before and after it."""
    after = evolve(state, event)
    row = after.row_of(event.number)
    return event.model_copy(update={"in_a_row": len(row), "row_from": row[0], "before_first": after.attended == 0})


def _end_with_group(state: MembershipState, command: c.EndPart) -> list[Event]:
    """Whoever was only asked is free at once."""
    if not (_mine(state, command) and state.open):
        return []
    return [_ended(state, command, "invitation_withdrawn" if state.status == "invited" else command.how)]


def _ended(state: MembershipState, command: Command, how: e.PartEnd) -> e.GroupPartEnded:
    had_seat = None if state.status == "invited" else state.status == "seat"
    counts = {"attended": state.attended, "missed": state.missed}
    return e.GroupPartEnded(**_said(state, command), how=how, had_seat=had_seat, **counts)


def _require_in_the_group(state: MembershipState) -> None:
    if not state.in_the_group:
        raise Rejected("not-in-the-group")


def _mine(state: MembershipState, command: _OfGroup) -> bool:
    """Whether it is about the group that they are in now, and about this time that they were invited."""
    return (command.group_id, command.invitation) == (state.group_id, state.invitation)


def _said(state: MembershipState, command: Command) -> dict[str, Any]:
    ids = ("invitation", "membership_id", "group_id", "episode_id", "patient_id", "referral_id")
    return {"at": command.now, **{name: getattr(state, name) for name in ids}}
