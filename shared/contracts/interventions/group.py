"""What is said of a group: people who go through one programme together, with dates and two facilitators."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.referrals import Language

GroupMode = Literal["in_person", "video"]
GroupEnd = Literal["too_few", "no_facilitator", "no_room", "other"]
"""Why a group, or one of its sessions, does not take place."""
RefusedSeat = Literal["closed", "too_late", "full"]


class GroupSession(Contract):
    """One meeting, counted from 1. `module_ids` are the modules of the programme that it covers."""

    number: int = Field(ge=1)
    at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    module_ids: tuple[str, ...] = ()


class GroupMember(Contract):
    """Somebody in a group. `invitation` is the one by which they are: whoever left and came back has another one."""

    invitation: int = Field(ge=1)
    membership_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class GroupEvent(Event):
    """What every event of a group carries. No single person owns it, so nothing in it is personal."""

    group_id: Identifier


class GroupPlanned(GroupEvent):
    """A group is formed. `where` is a room or a link, which nobody reads who is not in the group."""

    TYPE: ClassVar[str] = "carepath.group.planned.v1"

    programme_id: Identifier
    programme_version: int = Field(ge=1)
    language: Language
    mode: GroupMode
    where: str
    minimum: int = Field(ge=2)
    maximum: int = Field(ge=2)
    facilitators: tuple[Identifier, ...] = Field(min_length=2, max_length=2)
    sessions: tuple[GroupSession, ...] = Field(min_length=1)
    decide_at: AwareDatetime
    place_id: Identifier | None = None


class GroupSeatEvent(GroupEvent):
    """What is said of one person's seat, or place on the reserve list. `invitation` is the one that they accepted."""

    invitation: int = Field(ge=1)
    membership_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class GroupInvitationNoted(GroupSeatEvent):
    """Somebody was asked. `takes_place` is false where the group heard of it only after its end.

    `next_session_at` is there where its dates had changed before it heard of it: they were told an old one.
    """

    TYPE: ClassVar[str] = "carepath.group.invitation_noted.v1"

    takes_place: bool = True
    next_session_at: AwareDatetime | None = None


class GroupSeatGiven(GroupSeatEvent):
    """Somebody has a seat. `from_reserve` says that they waited for it on the reserve list.

    `number` is that of the session at `next_session_at`; `near` says that it was said to be near before they had it.
    """

    TYPE: ClassVar[str] = "carepath.group.seat_given.v1"

    from_reserve: bool = False
    next_session_at: AwareDatetime
    number: int | None = Field(default=None, ge=1)
    near: bool = False


class GroupReserveGiven(GroupSeatEvent):
    """All seats are taken: somebody is on the reserve list, `number` counted from 1."""

    TYPE: ClassVar[str] = "carepath.group.reserve_given.v1"

    number: int = Field(ge=1)


class GroupSeatRefused(GroupSeatEvent):
    """Their yes came when the group took nobody any more."""

    TYPE: ClassVar[str] = "carepath.group.seat_refused.v1"

    reason: RefusedSeat


class GroupSeatFreed(GroupSeatEvent):
    """Somebody left, from a seat or from the reserve list. Said to nobody in the group."""

    TYPE: ClassVar[str] = "carepath.group.seat_freed.v1"

    had_seat: bool


class GroupConfirmed(GroupEvent):
    """There are enough people: it begins as planned. `patient_ids` are those with a seat.

    `facilitators` are all who lead a session to come. `decided_by` is `None` where it came by itself.
    """

    TYPE: ClassVar[str] = "carepath.group.confirmed.v1"

    patient_ids: tuple[Identifier, ...]
    starts_at: AwareDatetime
    facilitators: tuple[Identifier, ...] = ()
    decided_by: Identifier | None = None


class GroupPostponed(GroupEvent):
    """There were too few by the day of the decision: all sessions move on by the same days.

    `patient_ids` are all who have a seat or wait on the reserve list, `reserve_ids` the latter alone. `asked` were
    invited and have not said yes, as far as the group knows; their own part knows more. `facilitators` are all who lead
    a session to come. `times` counts from 1. `automatic` says that no person wanted it, `decided_by` who did.
    """

    TYPE: ClassVar[str] = "carepath.group.postponed.v1"

    patient_ids: tuple[Identifier, ...]
    sessions: tuple[GroupSession, ...]
    decide_at: AwareDatetime
    starts_at: AwareDatetime
    times: int = Field(ge=1)
    seats_taken: int = Field(ge=0)
    automatic: bool = False
    reserve_ids: tuple[Identifier, ...] = ()
    asked: tuple[GroupMember, ...] = ()
    facilitators: tuple[Identifier, ...] = ()
    decided_by: Identifier | None = None


class GroupUnderMinimum(GroupEvent):
    """It was postponed as often as the clinic allows, and there are still too few: a person decides."""

    TYPE: ClassVar[str] = "carepath.group.under_minimum.v1"

    seats_taken: int = Field(ge=0)
    minimum: int = Field(ge=2)


class GroupFewLeft(GroupEvent):
    """It was settled that it takes place, and now fewer people than the minimum have a seat, or nobody has one."""

    TYPE: ClassVar[str] = "carepath.group.few_left.v1"

    seats_taken: int = Field(ge=0)
    minimum: int = Field(ge=2)
    facilitators: tuple[Identifier, ...]


class GroupFacilitatorReplaced(GroupEvent):
    """Somebody else leads: one session, or all from now on where `number` is `None`."""

    TYPE: ClassVar[str] = "carepath.group.facilitator_replaced.v1"

    number: int | None = None
    leaves: Identifier
    comes: Identifier
    patient_ids: tuple[Identifier, ...]
    decided_by: Identifier | None = None


class GroupUnfinished(GroupEvent):
    """The last session is over for days, and of these nobody has said who was there, or that they were not held."""

    TYPE: ClassVar[str] = "carepath.group.unfinished.v1"

    numbers: tuple[int, ...] = Field(min_length=1)
    facilitators: tuple[Identifier, ...]


class GroupFinished(GroupEvent):
    """Of every session it is known whether it was held, and who was there. `members` are those who still had a seat."""

    TYPE: ClassVar[str] = "carepath.group.finished.v1"

    facilitators: tuple[Identifier, ...] = ()
    members: tuple[GroupMember, ...]
    patient_ids: tuple[Identifier, ...]
    programme_id: Identifier
    language: Language
    mode: GroupMode


class GroupCancelled(GroupEvent):
    """It does not take place, or not any more. Whoever waited for it goes on waiting where they did.

    `patient_ids` are those with a seat or on the reserve list; `members` are they and all who were only asked;
    `facilitators` are all who lead a session of which nothing was said yet.
    """

    TYPE: ClassVar[str] = "carepath.group.cancelled.v1"

    reason_code: GroupEnd
    facilitators: tuple[Identifier, ...] = ()
    members: tuple[GroupMember, ...]
    patient_ids: tuple[Identifier, ...]
    decided_by: Identifier | None = None


GROUP_EVENTS: tuple[type[Event], ...] = (
    GroupPlanned,
    GroupInvitationNoted,
    GroupSeatGiven,
    GroupReserveGiven,
    GroupSeatRefused,
    GroupSeatFreed,
    GroupConfirmed,
    GroupPostponed,
    GroupUnderMinimum,
    GroupFewLeft,
    GroupFacilitatorReplaced,
    GroupUnfinished,
    GroupFinished,
    GroupCancelled,
)
