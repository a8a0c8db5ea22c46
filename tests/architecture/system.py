"""The parts of every service, as deployed, and who publishes what."""

from collections.abc import Mapping
from functools import cache

from deploy.events import all_parts
from shared.contracts.catalogue import PUBLISHERS
from shared.contracts.envelope import Event
from shared.runtime.aggregate import Aggregate
from shared.runtime.service import Parts

SERVICES = ("referrals", "interventions", "notifications")


@cache
def parts() -> Mapping[str, Parts]:
    return all_parts()


def aggregates() -> list[Aggregate]:
    """Those of all services."""
    return [aggregate for part in parts().values() for aggregate in part.aggregates]


def publisher_of(event: type[Event]) -> str:
    """The service that says it."""
    [service] = [name for name, events in PUBLISHERS.items() if event in events]
    return service
