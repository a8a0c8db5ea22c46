"""What is said of somebody who leads circles after having been through a programme: training and supervision."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.personal import Personal


class LedCircle(Contract):
    """A circle that somebody leads, and who they are in it."""

    circle_id: Identifier
    member_id: Identifier


class PeerLeaderEvent(Event):
    """What every event of a peer leader carries."""

    leader_id: Identifier
    patient_id: Identifier


class PeerLeaderTrained(PeerLeaderEvent):
    """They were trained, on a day by the clinic's calendar, and may lead circles. `supervisor_id` is of psychology."""

    TYPE: ClassVar[str] = "carepath.peer_leader.trained.v1"

    trained_on: dt.date
    supervisor_id: Identifier


class PeerLeaderBegan(PeerLeaderEvent):
    """They lead a circle."""

    TYPE: ClassVar[str] = "carepath.peer_leader.began.v1"

    circle: LedCircle


class PeerLeaderEnded(PeerLeaderEvent):
    """They do not lead a circle any more."""

    TYPE: ClassVar[str] = "carepath.peer_leader.ended.v1"

    circle: LedCircle


class PeerLeaderRefused(PeerLeaderEvent):
    """They were appointed while they stood down: the circle has nobody after all."""

    TYPE: ClassVar[str] = "carepath.peer_leader.refused.v1"

    circle: LedCircle

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """It only sets right what crossed."""
        return False


class SupervisionHeld(PeerLeaderEvent):
    """They spoke with their supervisor about how it goes. `note` is for psychology."""

    TYPE: ClassVar[str] = "carepath.peer_leader.supervision_held.v1"

    minutes: int = Field(ge=0)
    held_by: Identifier
    supervisor_id: Identifier
    note: Personal[str] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """A working note."""
        return False


class SupervisionDue(PeerLeaderEvent):
    """It is time that they speak with their supervisor. Said again while it lasts."""

    TYPE: ClassVar[str] = "carepath.peer_leader.supervision_due.v1"

    supervisor_id: Identifier
    since: AwareDatetime

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Their supervisor asks them."""
        return False


class PeerLeaderStoodDown(PeerLeaderEvent):
    """They lead no circle any more. `circles` are those that they led until now."""

    TYPE: ClassVar[str] = "carepath.peer_leader.stood_down.v1"

    supervisor_id: Identifier
    circles: tuple[LedCircle, ...] = ()


PEER_LEADER_EVENTS: tuple[type[Event], ...] = (
    PeerLeaderTrained,
    PeerLeaderBegan,
    PeerLeaderEnded,
    PeerLeaderRefused,
    SupervisionHeld,
    SupervisionDue,
    PeerLeaderStoodDown,
)
