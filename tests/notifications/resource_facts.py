"""One example of every fact about the list of resources that this service listens to."""

from datetime import date
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e
from tests.notifications.people import MORNING

OWNER = "psy-moreno"
RESOURCE: dict[str, Any] = {"at": MORNING, "resource_id": "resource-1", "told": (OWNER,)}
LAST: dict[str, Any] = {
    "at": MORNING,
    "resource_id": "resource-1",
    "tell": (OWNER,),
    "title": "A quiet walk",
    "ends_on": date(2030, 4, 10),
}
WORDS: dict[str, Any] = {
    "title": "A quiet walk",
    "text": "Short walks.",
    "language": "en",
    "topic": "moving",
    "for_whom": "both",
}

RESOURCE_FACTS: tuple[Event, ...] = (
    e.ResourceEnding(**LAST),
    e.ResourceEnding(**LAST, owner_left=True),
    e.ResourceEnded(**LAST),
    e.ResourceEnded(**LAST, owner_left=True),
    e.ResourceRenewed(**RESOURCE, ends_on=date(2031, 4, 10)),
    e.ResourceRetired(**RESOURCE),
    e.ResourceChanged(**RESOURCE, **WORDS, owner_id="psy-tanaka"),
)
