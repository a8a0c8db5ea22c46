"""Who looked at a patient's record, when and why, in words: a week out of the audits of the three services."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from services.portal.calls import Json, at
from services.portal.visit import Visit

SERVICES = ("referrals", "interventions", "notifications")


@dataclass(frozen=True)
class Look:
    """What one person did on one day. `grave`: they went beyond their usual reach, or were not let in."""

    who: str
    what: str
    hours: str
    why: str
    grave: bool


@dataclass(frozen=True)
class Day:
    """One day, with everybody who looked."""

    day: str
    looks: Sequence[Look]


@dataclass(frozen=True)
class Week:
    """The newest day first. `earlier` is a day before this week on which there is more."""

    days: Sequence[Day]
    earlier: str | None


async def week(visit: Visit, last: str | None) -> Week:
    """The week that ends with the day `last`, or with today."""
    query = {"patient": visit.user.id}
    if last is not None and _is_day(last):
        query["last"] = last
    record, *answers = await asyncio.gather(
        visit.maybe("referrals", at("patients", visit.user.id)),
        *(visit.maybe(service, "/audit/days", **query) for service in SERVICES),
    )
    found = [answer for answer in answers if answer is not None]
    trusted = {one["caregiver_id"]: one["name"] for one in (record or {}).get("caregivers", ())}
    rows = _joined(row for answer in found for row in answer["looks"])
    days = [
        Day(day, [_look(visit, row, trusted) for row in sorted(group, key=_newest, reverse=True)])
        for day, group in groupby(sorted(rows, key=_day, reverse=True), key=_day)
    ]
    return Week(days, max((answer["earlier"] for answer in found if answer["earlier"]), default=None))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _joined(rows: Iterable[Json]) -> list[Json]:
    """What one person did in several services is one line."""
    joined: dict[tuple[object, ...], Json] = {}
    for row in rows:
        same = (row["day"], row["actor"], row["role"], row["purpose"], row["outcome"])
        one = joined.setdefault(same, dict(row))
        one["first"], one["last"] = min(one["first"], row["first"]), max(one["last"], row["last"])
        one["changed"] = one["changed"] or row["changed"]
        one["what"] = sorted({*one["what"], *row["what"]})
    return list(joined.values())


def _day(row: Json) -> str:
    return str(row["day"])


def _newest(row: Json) -> str:
    return str(row["last"])


def _look(visit: Visit, row: Json, trusted: Mapping[str, str | None]) -> Look:
    t, clock = visit.t, visit.dates.clock
    first, last = clock(row["first"]), clock(row["last"])
    hours = t("looks.at", time=first) if first == last else t("looks.between", first=first, last=last)
    why = t.first(f"looks.why.{row['purpose']}") or "" if row["outcome"] == "done" else ""
    grave = row["outcome"] == "denied" or row["purpose"] == "break-glass"
    return Look(_who(visit, row, trusted), _what(visit, row), hours, why, grave)


def _who(visit: Visit, row: Json, trusted: Mapping[str, str | None]) -> str:
    member = visit.portal.staff(row["actor"])
    name = member.name if member else trusted.get(row["actor"])
    role = visit.t.first(f"looks.who.{row['role']}") or visit.t("looks.who.nobody")
    return f"{name} ({role})" if name else visit.t.first(f"looks.somebody.{row['role']}") or role


def _what(visit: Visit, row: Json) -> str:
    t = visit.t
    if row["outcome"] != "done":
        return t(f"looks.{row['outcome']}")
    # Several kinds may be the same to a patient.
    named = dict.fromkeys(words for kind in row["what"] if (words := t.first(f"looks.what.{kind}")))
    return t("looks.changed" if row["changed"] else "looks.read", what=", ".join(named) or t("looks.what.other"))
