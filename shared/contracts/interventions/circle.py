"""What is said of a circle: people who have been through a programme and go on supporting each other.

It holds ids only. Names and words stand under the key of whoever they are of: see `circle_member` and `circle_post`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.referrals import Language

CircleMode = Literal["in_person", "video"]
CircleEnd = Literal["wish_of_members", "too_few", "no_leader", "other"]
LeaderGone = Literal["left", "stood_down", "replaced"]


class CircleEvent(Event):
    """What every event of a circle carries. No single person owns it, so nothing in it is personal."""

    circle_id: Identifier

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """What somebody should know of it is said of their own part."""
        return False


class CircleStarted(CircleEvent):
    """A circle begins, with nobody in it yet. `where` is a room or a link, which only its people read.

    `title` is what its people call it; it names no person.
    """

    TYPE: ClassVar[str] = "carepath.circle.started.v1"

    title: str
    language: Language
    mode: CircleMode
    where: str
    agenda_id: str
    agenda_version: int = Field(ge=1)
    coordinator_id: Identifier
    most_people: int = Field(ge=2)
    from_group_id: Identifier | None = None


class CircleSeatEvent(CircleEvent):
    """What is said of one person's seat. `round` counts their invitations to this circle, from 1."""

    member_id: Identifier
    patient_id: Identifier
    round: int = Field(ge=1)


class CircleSeatHeld(CircleSeatEvent):
    """Somebody is invited. Their seat is held from now on, so that everybody who says yes has one."""

    TYPE: ClassVar[str] = "carepath.circle.seat_held.v1"

    episode_id: Identifier
    invited_by: Identifier


class CircleSeatTaken(CircleSeatEvent):
    """They said yes."""

    TYPE: ClassVar[str] = "carepath.circle.seat_taken.v1"


class CircleSeatFreed(CircleSeatEvent):
    """They said no, or left. Said to nobody in the circle."""

    TYPE: ClassVar[str] = "carepath.circle.seat_freed.v1"


class CircleLeaderEvent(CircleEvent):
    """What is said of who leads it."""

    member_id: Identifier
    patient_id: Identifier


class CircleLeaderAppointed(CircleLeaderEvent):
    """Somebody of the circle, trained for it, leads it from now on."""

    TYPE: ClassVar[str] = "carepath.circle.leader_appointed.v1"


class CircleLeaderGone(CircleLeaderEvent):
    """They do not lead it any more."""

    TYPE: ClassVar[str] = "carepath.circle.leader_gone.v1"

    reason_code: LeaderGone


class CircleLeaderless(CircleEvent):
    """Nobody leads it, since `since`. Said again while it lasts, so that it does not fade away."""

    TYPE: ClassVar[str] = "carepath.circle.leaderless.v1"

    since: AwareDatetime


class CircleActive(CircleEvent):
    """Something was shown in it. Said once a day, and once more when it had been quiet."""

    TYPE: ClassVar[str] = "carepath.circle.active.v1"


class CircleQuiet(CircleEvent):
    """No word and no meeting since `since`. Said again while it lasts."""

    TYPE: ClassVar[str] = "carepath.circle.quiet.v1"

    since: AwareDatetime


class CircleMeetingPlanned(CircleEvent):
    """A meeting, counted from 1, about a topic of the agenda. `where` is `None` where it is as always.

    `patient_ids` are those who are in the circle now.
    """

    TYPE: ClassVar[str] = "carepath.circle.meeting_planned.v1"

    number: int = Field(ge=1)
    meet_at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: str | None = None
    topic: str
    patient_ids: tuple[Identifier, ...]


class CircleMeetingJoined(CircleEvent):
    """Somebody who said yes later is to be at a meeting that was planned before."""

    TYPE: ClassVar[str] = "carepath.circle.meeting_joined.v1"

    number: int = Field(ge=1)
    meet_at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    patient_id: Identifier


class CircleMeetingMoved(CircleEvent):
    """It takes place at another time, or elsewhere. `before` is when it was to be."""

    TYPE: ClassVar[str] = "carepath.circle.meeting_moved.v1"

    number: int = Field(ge=1)
    before: AwareDatetime
    meet_at: AwareDatetime
    minutes: int = Field(ge=15, le=480)
    where: str | None = None
    patient_ids: tuple[Identifier, ...]


class CircleMeetingCancelled(CircleEvent):
    """It does not take place. `meet_at` is when it was to be.

    `patient_ids` are those to be told: whoever is in the circle, and nobody once that time has passed.
    """

    TYPE: ClassVar[str] = "carepath.circle.meeting_cancelled.v1"

    number: int = Field(ge=1)
    meet_at: AwareDatetime
    patient_ids: tuple[Identifier, ...]


class CircleMeetingHeld(CircleEvent):
    """It took place. `present` are members; written down again, it takes the place of what was said before."""

    TYPE: ClassVar[str] = "carepath.circle.meeting_held.v1"

    number: int = Field(ge=1)
    present: tuple[Identifier, ...]
    noted_by: Identifier


class CircleClosed(CircleEvent):
    """A person closed it. `patient_ids` are those who were in it, or invited."""

    TYPE: ClassVar[str] = "carepath.circle.closed.v1"

    reason_code: CircleEnd
    patient_ids: tuple[Identifier, ...]
    closed_by: Identifier


CIRCLE_EVENTS: tuple[type[Event], ...] = (
    CircleStarted,
    CircleSeatHeld,
    CircleSeatTaken,
    CircleSeatFreed,
    CircleLeaderAppointed,
    CircleLeaderGone,
    CircleLeaderless,
    CircleActive,
    CircleQuiet,
    CircleMeetingPlanned,
    CircleMeetingJoined,
    CircleMeetingMoved,
    CircleMeetingCancelled,
    CircleMeetingHeld,
    CircleClosed,
)
