"""What is remembered of an entry of the list of resources."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions.resource import ResourceReaders, ResourceTopic
from shared.contracts.referrals import Language

ResourceStatus = Literal["live", "ended", "retired"]


class ResourceState(Part):
    """One entry: live, then ended by its day, renewed, or retired for good. Empty before it is added.

    `looked_at` is when its last day was chosen; `warned`, whether its owner heard since then that it is near or over.
    """

    resource_id: str = ""
    title: str = ""
    text: str = ""
    link: str | None = None
    phone: str | None = None
    language: Language = "en"
    topic: ResourceTopic = "understanding_pain"
    for_whom: ResourceReaders = "both"
    owner_id: str = ""
    ends_on: date | None = None
    looked_at: AwareDatetime | None = None
    warned: bool = False
    told: tuple[str, ...] = ()
    status: ResourceStatus | None = None
