"""The audit as people read it: by day and person, and not one line for each of a hundred requests."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.runtime.audit.records import Json, moment
from shared.runtime.store.port import Audit

_PAGE = 1000
_DAYS = 7
Place = tuple[str, str, int]


@dataclass
class Looks:
    """What one person did with somebody's data on one day, as far as purpose and outcome are the same."""

    day: date
    actor: str | None
    role: str | None
    purpose: str | None
    outcome: str
    first: datetime
    last: datetime
    read: bool = False
    changed: bool = False
    what: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Days:
    """Some days, the newest first. `earlier` is the next day before them with something on it, if there is one."""

    looks: list[Looks]
    earlier: date | None


def place_of(record: Json) -> Place:
    """Where a record stands among those about one person."""
    return record["at"], record["chain"], record["n"]


async def days_of(audit: Audit, person: str, last: date, zone: ZoneInfo) -> Days:
    """What people did with the data of `person` in the week that ends with the day `last`. What services do among
    themselves is left out, and what the person did too: both are on record all the same.
    """
    before: Place | None = (moment(datetime.combine(last + timedelta(days=1), time(), zone)), "", 0)
    begins = moment(datetime.combine(last - timedelta(days=_DAYS - 1), time(), zone))
    found: list[Json] = []
    while page := await audit.of_person(person, before, _PAGE):
        before = place_of(page[-1])
        others = [one for one in page if one["role"] != "service" and one["actor"] != person]
        found += [one for one in others if one["at"] >= begins]
        earlier = next((one for one in others if one["at"] < begins), None)
        if earlier is not None:
            return Days(_grouped(found, zone), _day(earlier, zone))
    return Days(_grouped(found, zone), None)


def _grouped(records: Iterable[Json], zone: ZoneInfo) -> list[Looks]:
    """`records` come newest first."""
    groups: dict[tuple[object, ...], Looks] = {}
    for one in records:
        at = datetime.fromisoformat(one["at"])
        shared = (_day(one, zone), one["actor"], one["role"], one["purpose"], one["outcome"])
        looks = groups.setdefault(shared, Looks(*shared, first=at, last=at))
        looks.first = min(looks.first, at)
        looks.read = looks.read or one["action"] == "read"
        looks.changed = looks.changed or one["action"] != "read"
        looks.what |= set(one["what"])
    return list(groups.values())


def _day(record: Json, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(record["at"]).astimezone(zone).date()
