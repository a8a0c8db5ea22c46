"""What is said of the clinic's list of resources: where patients and the people around them find more, or help.

Nothing in it is about a person: no field is personal, and none names a patient.
"""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.envelope import Event, Identifier
from shared.contracts.referrals import Language

ResourceTopic = Literal[
    "understanding_pain",
    "moving",
    "sleep",
    "mood",
    "flare_ups",
    "talking_together",
    "looking_after_yourself",
    "young_carers",
    "money_and_work",
    "urgent_help",
    "peer_groups",
]
ResourceReaders = Literal["patients", "caregivers", "both"]


class ResourceEvent(Event):
    """What every event of one entry of the list carries."""

    resource_id: Identifier


class ResourceSeenTo(ResourceEvent):
    """`told` are those who were told of its last day, and need not look at it any more."""

    told: tuple[Identifier, ...] = ()


class ResourceWords(ResourceEvent):
    """The whole entry as it reads from now on, with who looks after it."""

    title: str
    text: str
    link: str | None = None
    phone: str | None = None
    language: Language
    topic: ResourceTopic
    for_whom: ResourceReaders
    owner_id: Identifier


class ResourceAdded(ResourceWords):
    """The entry is shown until the end of `ends_on`, a day by the clinic's clock."""

    TYPE: ClassVar[str] = "carepath.resource.added.v1"

    ends_on: date


class ResourceChanged(ResourceWords, ResourceSeenTo):
    """The entry reads differently. Its last day stays. Where somebody else looks after it now, they are told anew."""

    TYPE: ClassVar[str] = "carepath.resource.changed.v1"


class ResourceRenewed(ResourceSeenTo):
    """Somebody looked at it: it is shown until the end of `ends_on`."""

    TYPE: ClassVar[str] = "carepath.resource.renewed.v1"

    ends_on: date


class ResourceRetired(ResourceSeenTo):
    """It is taken off the list for good."""

    TYPE: ClassVar[str] = "carepath.resource.retired.v1"


class ResourceToTell(ResourceEvent):
    """`tell` are those who should look at it: its owner, or the coordinators where the owner has left the clinic."""

    title: str
    ends_on: date
    tell: tuple[Identifier, ...]
    owner_left: bool = False


class ResourceEnding(ResourceToTell):
    """Its last day is near."""

    TYPE: ClassVar[str] = "carepath.resource.ending.v1"


class ResourceEnded(ResourceToTell):
    """Its last day is over. It is not shown any more until somebody renews it."""

    TYPE: ClassVar[str] = "carepath.resource.ended.v1"


RESOURCE_EVENTS: tuple[type[Event], ...] = (
    ResourceAdded,
    ResourceChanged,
    ResourceRenewed,
    ResourceRetired,
    ResourceEnding,
    ResourceEnded,
)
