"""Whom a call for help goes to: who is on duty, or, where nobody is, the clinic's `risk_ladder`."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.contracts.clinic import Clinic


class Span(NamedTuple):
    """From `starts` until just before `ends` the same people are called; in a `gap` the `risk_ladder` stands in."""

    starts: datetime
    ends: datetime
    ladder: tuple[str, ...]
    gap: bool


def duties(clinic: Clinic, moment: datetime) -> tuple[str, ...]:
    """Who is called at `moment`, one after the other. Never empty."""
    return clinic.on_call.ladder_at(moment.astimezone(ZoneInfo(clinic.time_zone))) or clinic.risk_ladder


def safety_leads(clinic: Clinic) -> tuple[str, ...]:
    """Who hears that a record was opened in need, and looks at it. Never empty."""
    return clinic.access.safety_leads or clinic.risk_ladder[:1]


def next_called(clinic: Clinic, moment: datetime, called: Collection[str]) -> str:
    """Of those on duty the first who was not called yet; once all were, the last of them again."""
    ladder = duties(clinic, moment)
    return next((person for person in ladder if person not in called), ladder[-1])


def could_be_called(clinic: Clinic) -> tuple[str, ...]:
    """Everybody to whom a call for help may have gone, each once."""
    return tuple(dict.fromkeys((*clinic.risk_ladder, *clinic.on_call.people)))


def spans(clinic: Clinic, starts: datetime, ends: datetime) -> tuple[Span, ...]:
    """Who is called from `starts` to `ends`, in order; times are in UTC."""
    zone, edges = ZoneInfo(clinic.time_zone), _edges(clinic, starts, ends)
    found: list[Span] = []
    for begin, end in pairwise(edges):
        on_duty = clinic.on_call.ladder_at(begin.astimezone(zone))
        span = Span(begin, end, on_duty or clinic.risk_ladder, on_duty is None)
        if found and found[-1][2:] == span[2:]:
            found[-1] = found[-1]._replace(ends=end)
        else:
            found.append(span)
    return tuple(found)


def gaps(clinic: Clinic, starts: datetime, ends: datetime) -> tuple[Span, ...]:
    """When nobody is on duty between `starts` and `ends`. Without a rota there are none: the ladder always counts."""
    if not clinic.on_call.rota:
        return ()
    return tuple(span for span in spans(clinic, starts, ends) if span.gap)


def _edges(clinic: Clinic, starts: datetime, ends: datetime) -> list[datetime]:
    """Every moment at which somebody else may be on duty. Half-hours of UTC beside the rota's own times: clocks change
    on those, and a change moves what the clock shows.
    """
    zone = ZoneInfo(clinic.time_zone)
    first, last = starts.astimezone(UTC), ends.astimezone(UTC)
    clocks = {clock for row in (*clinic.on_call.rota, *clinic.on_call.exceptions) for clock in (row.starts, row.ends)}
    edges = {first, last}
    day = first.astimezone(zone).date() - timedelta(days=1)
    while day <= last.astimezone(zone).date():
        for clock in (*clocks, datetime.min.time()):
            for fold in (0, 1):
                edges.add(datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC))
        day += timedelta(days=1)
    step = first.replace(minute=0, second=0, microsecond=0)
    while step < last:
        edges.add(step)
        step += timedelta(minutes=30)
    return sorted(edge for edge in edges if first <= edge <= last)
