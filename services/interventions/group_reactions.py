"""What follows from groups, here: seats and memberships tell each other, and treatment goes at the group's pace."""

from collections.abc import Iterable
from datetime import datetime

from services.interventions.domain.engagement.commands import NoteActivity, NoteMissed
from services.interventions.domain.episode.commands import NoteGroupSession, PaceByGroup
from services.interventions.domain.group.commands import GiveUpSeat, NoteInvited, TakeSeat
from services.interventions.domain.membership.commands import (
    AskAboutRules,
    EndPart,
    EndWithTreatment,
    NoteAttendance,
    NoteDates,
    NoteRefusal,
    NoteSeat,
)
from services.interventions.engagement_reactions import engagement_of
from shared.contracts import interventions as e
from shared.contracts.commands import Command
from shared.contracts.envelope import Event
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def membership_of(episode_id: str) -> str:
    """The id of the one membership of an episode: one group at a time."""
    return derived_id("membership", episode_id)


def note_invited(event: e.InvitedToGroup, cause: Cause) -> list[Target]:
    """The group knows whom it would have to tell."""
    command = NoteInvited(now=cause.now, actor=cause.actor, **event.model_dump(include={*_WHO, "starts_at"}))
    return [Target("group", event.group_id, command)]


_WHO = {"membership_id", "episode_id", "patient_id", "invitation"}


def set_right(event: e.GroupInvitationNoted, cause: Cause) -> list[Target]:
    """They were asked to a group that does not take place any more, or told dates that are not true any more."""
    if event.takes_place:
        return _dates(event, event.next_session_at, (event,), cause) if event.next_session_at else []
    said = {"now": cause.now, "actor": cause.actor, "group_id": event.group_id, "invitation": event.invitation}
    command = EndPart.model_validate({**said, "how": "group_cancelled"})
    return [Target("membership", event.membership_id, command)]


def note_dates(event: e.GroupPostponed | e.GroupSessionMoved, cause: Cause) -> list[Target]:
    """Whoever was only asked learns of other dates from their own part, which knows whether they can still answer."""
    following = event.starts_at if isinstance(event, e.GroupPostponed) else event.next_session_at
    return _dates(event, following, event.asked, cause) if following else []


def _dates(
    event: e.GroupEvent, following: datetime, whom: Iterable[e.GroupMember | e.GroupInvitationNoted], cause: Cause
) -> list[Target]:
    said = {"now": cause.now, "actor": cause.actor, "group_id": event.group_id, "next_session_at": following}
    return [
        Target("membership", one.membership_id, NoteDates.model_validate({**said, "invitation": one.invitation}))
        for one in whom
    ]


def take_seat(event: e.GroupAccepted, cause: Cause) -> list[Target]:
    """Somebody said yes."""
    who = event.model_dump(include=_WHO)
    command = TakeSeat(now=cause.now, actor=cause.actor, **who, accepted_at=event.at)
    return [Target("group", event.group_id, command)]


def note_seat(event: e.GroupSeatGiven | e.GroupReserveGiven, cause: Cause) -> list[Target]:
    """They have a seat, or wait for one."""
    seat = "seat" if isinstance(event, e.GroupSeatGiven) else "reserve"
    told = event.model_dump(include={"group_id", "invitation"})
    command = NoteSeat.model_validate({"now": cause.now, "actor": cause.actor, **told, "seat": seat})
    return [Target("membership", event.membership_id, command)]


def note_refusal(event: e.GroupSeatRefused, cause: Cause) -> list[Target]:
    """The group takes nobody any more."""
    told = event.model_dump(include={"group_id", "invitation", "reason"})
    command = NoteRefusal(now=cause.now, actor=cause.actor, **told)
    return [Target("membership", event.membership_id, command)]


def pace(event: e.GroupSeatNoted, cause: Cause) -> list[Target]:
    """With a seat, modules open as the group meets."""
    if event.seat != "seat":
        return []
    command = PaceByGroup(now=cause.now, actor=cause.actor, group_id=event.group_id)
    return [Target("episode", event.episode_id, command)]


def end_seat(event: e.GroupPartEnded, cause: Cause) -> list[Target]:
    """Modules open by themselves again. Whoever left, or whose treatment has ended, makes room."""
    own_pace = Target("episode", event.episode_id, PaceByGroup(now=cause.now, actor=cause.actor, group_id=None))
    if event.how not in ("left", "treatment_ended"):
        return [own_pace]
    whose = event.model_dump(include={"membership_id", "invitation"})
    command = GiveUpSeat(now=cause.now, actor=cause.actor, **whose)
    return [own_pace, Target("group", event.group_id, command)]


def note_session(event: e.GroupSessionAttended | e.GroupSessionMissed, cause: Cause) -> list[Target]:
    """What the group went through is open, and done by whoever was there. Too many missed ask for a call."""
    there = isinstance(event, e.GroupSessionAttended)
    said = {"now": cause.now, "actor": cause.actor}
    session = NoteGroupSession(**said, **event.model_dump(include={"number", "module_ids"}), attended=there)
    heard: Command
    if isinstance(event, e.GroupSessionAttended):
        heard = NoteActivity(**said, happened_at=event.at, on_behalf=True)
    else:
        heard = NoteMissed(**said, **event.model_dump(include={"group_id", "number", "in_a_row", "row_from"}))
    return [
        Target("episode", event.episode_id, session),
        Target("engagement", engagement_of(event.episode_id), heard),
    ]


def note_attendance(event: e.GroupAttendanceTaken, cause: Cause) -> list[Target]:
    """Each of them learns what was said of them."""
    told = event.model_dump(include={"group_id", "number", "session_at", "module_ids"})
    told |= {"now": cause.now, "actor": cause.actor}
    marks: dict[str, dict[str, object]] = {id: {"present": True} for id in event.present}
    for one in event.absent:
        marks[one.membership_id] = {"present": False, "reason_code": one.reason_code, "told": one.told}
    return [
        Target(
            "membership",
            who.membership_id,
            NoteAttendance.model_validate({**told, "invitation": who.invitation, **marks[who.membership_id]}),
        )
        for who in event.members
    ]


def open_at_home(event: e.GroupSessionNotHeld, cause: Cause) -> list[Target]:
    """Nobody has missed it, and nobody was there: what it was about opens."""
    told = {"now": cause.now, "actor": cause.actor, **event.model_dump(include={"number", "module_ids"})}
    command = NoteGroupSession(**told, attended=False)
    return [Target("episode", one.episode_id, command) for one in event.members]


def ask_about_rules(event: e.GroupMeetsSoon, cause: Cause) -> list[Target]:
    """Whoever agreed to other rules is asked before they meet."""
    said = {"now": cause.now, "actor": cause.actor, **event.model_dump(include={"group_id", "number"})}
    return [
        Target("membership", one.membership_id, AskAboutRules(**said, invitation=one.invitation))
        for one in event.members
    ]


def end_part(event: e.GroupFinished | e.GroupCancelled, cause: Cause) -> list[Target]:
    """The group is over for all of them."""
    how = "finished" if isinstance(event, e.GroupFinished) else "group_cancelled"
    said = {"now": cause.now, "actor": cause.actor, "group_id": event.group_id, "how": how}
    return [
        Target("membership", one.membership_id, EndPart.model_validate({**said, "invitation": one.invitation}))
        for one in event.members
    ]


def end_with_treatment(event: e.EpisodeFinished | e.EpisodeCancelled | e.EpisodeStepped, cause: Cause) -> list[Target]:
    """A treatment has ended, or goes on in another programme: so its part in a group has ended."""
    command = EndWithTreatment(now=cause.now, actor=cause.actor, episode_version=cause.envelope.sequence)
    return [Target("membership", membership_of(event.episode_id), command)]


GROUPS: dict[type[Event], Reaction] = {
    e.InvitedToGroup: note_invited,
    e.GroupInvitationNoted: set_right,
    e.GroupPostponed: note_dates,
    e.GroupSessionMoved: note_dates,
    e.GroupAccepted: take_seat,
    e.GroupSeatGiven: note_seat,
    e.GroupReserveGiven: note_seat,
    e.GroupSeatRefused: note_refusal,
    e.GroupSeatNoted: pace,
    e.GroupPartEnded: end_seat,
    e.GroupSessionAttended: note_session,
    e.GroupSessionMissed: note_session,
    e.GroupMeetsSoon: ask_about_rules,
    e.GroupAttendanceTaken: note_attendance,
    e.GroupSessionNotHeld: open_at_home,
    e.GroupFinished: end_part,
    e.GroupCancelled: end_part,
    e.EpisodeStepped: end_with_treatment,
}
