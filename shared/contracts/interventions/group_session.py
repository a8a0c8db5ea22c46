"""What happens to a session of a group: it comes near, moves, is held or not, and who was there."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.interventions.group import GroupEnd, GroupEvent, GroupMember
from shared.contracts.referrals import MissedReason


class Absence(Contract):
    """Who was not there. `told` says that they had let somebody know before."""

    membership_id: Identifier
    reason_code: MissedReason = "not_specified"
    told: bool = False


class GroupMeetsSoon(GroupEvent):
    """A session is near. Said once for each, to whoever has a seat by then."""

    TYPE: ClassVar[str] = "carepath.group.meets_soon.v1"

    number: int = Field(ge=1)
    session_at: AwareDatetime
    members: tuple[GroupMember, ...]

    @property
    def patient_ids(self) -> tuple[Identifier, ...]:
        """Those with a seat."""
        return tuple(one.patient_id for one in self.members)


class GroupSessionMoved(GroupEvent):
    """One session takes place at another time, or elsewhere. `moved_from` is when it was to be.

    `patient_ids` are those with a seat. Where its time has changed, `reserve_ids` are on the reserve list and `asked`
    were invited and have not said yes; neither knows where it is. `next_session_at` is when the group meets next now.
    `facilitators` are those who lead it, and those who did before. `near` says that it was said to be near before.
    """

    TYPE: ClassVar[str] = "carepath.group.session_moved.v1"

    number: int = Field(ge=1)
    moved_from: AwareDatetime
    moved_to: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: str | None = None
    patient_ids: tuple[Identifier, ...]
    next_session_at: AwareDatetime | None = None
    reserve_ids: tuple[Identifier, ...] = ()
    asked: tuple[GroupMember, ...] = ()
    facilitators: tuple[Identifier, ...] = ()
    decided_by: Identifier | None = None
    near: bool = False


class GroupAttendanceTaken(GroupEvent):
    """Who was there, taken once for all. Taken again, it takes the place of what was said before.

    `members` are all who are named in it; `session_at` is when the session began.
    """

    TYPE: ClassVar[str] = "carepath.group.attendance_taken.v1"

    number: int = Field(ge=1)
    session_at: AwareDatetime
    members: tuple[GroupMember, ...]
    module_ids: tuple[str, ...]
    present: tuple[Identifier, ...]
    absent: tuple[Absence, ...]
    taken_by: Identifier
    facilitators: tuple[Identifier, ...] = ()


class GroupAttendanceOverdue(GroupEvent):
    """A session has taken place, and nobody has said who was there."""

    TYPE: ClassVar[str] = "carepath.group.attendance_overdue.v1"

    number: int = Field(ge=1)
    facilitators: tuple[Identifier, ...]


class GroupSessionNotHeld(GroupEvent):
    """A session whose time has passed did not take place. Nobody has missed it; what it was about is open at home."""

    TYPE: ClassVar[str] = "carepath.group.session_not_held.v1"

    number: int = Field(ge=1)
    module_ids: tuple[str, ...]
    reason_code: GroupEnd
    said_by: Identifier
    facilitators: tuple[Identifier, ...]
    members: tuple[GroupMember, ...]
    patient_ids: tuple[Identifier, ...]


GROUP_SESSION_EVENTS: tuple[type[Event], ...] = (
    GroupMeetsSoon,
    GroupSessionMoved,
    GroupAttendanceTaken,
    GroupAttendanceOverdue,
    GroupSessionNotHeld,
)
