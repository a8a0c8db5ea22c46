"""What must be true of each treatment: it goes by its programme, and nothing opens too early, or never."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from services.interventions.catalogue import load_catalogue
from services.interventions.catalogue.programme import Programme
from services.interventions.main import CATALOGUE
from shared.contracts import interventions as i
from shared.contracts.envelope import Event
from tests.simulation.clinic import Clinic

LATE = timedelta(minutes=12)
"""A timer that failed is set aside for ten minutes."""


def check_treatment(clinic: Clinic, name: str, events: list[Event], now: datetime) -> None:
    """Blame what came early, late, or without what must come before it."""
    order = _order(events[0])
    zone = ZoneInfo(clinic.settings.clinic.time_zone)
    done: dict[str, datetime] = {}
    opened: set[str] = set()
    due: dict[str, datetime] = {}
    active_since: datetime | None = None
    group: str | None = None
    for event in events:
        match event:
            case i.EpisodeOpened():
                # Once more, perhaps: triage looked again before treatment began.
                order, done, opened, due = _order(event), {}, set(), {}
            case i.EpisodeActivated():
                active_since = event.at
            case i.EpisodePaced():
                group = event.group_id
            case i.ModuleUnlocked():
                opened.add(event.module_id)
                asked_for = event.overridden_by is not None or event.by_group
                if not asked_for and _is_early(order, event, done, zone):
                    clinic.record.blame(f"{name}: {event.module_id} opened before its time")
            case i.ModuleCompleted():
                if event.module_id not in opened:
                    clinic.record.blame(f"{name}: {event.module_id} was completed, and was never opened")
                # What was left out and is done after all: the date that was told then stands.
                done.setdefault(event.module_id, event.at)
                due = (
                    {event.next_module_id: event.next_module_at}
                    if event.next_module_id and event.next_module_at
                    else {}
                )
            case i.ModuleSetAside():
                done[event.module_id] = event.at
            case i.EpisodeStepped():
                order, done, opened, due = _order(event), {}, set(), {}
                events = events[events.index(event) :]
            case i.EpisodeFinished():
                return
    if active_since is None or isinstance(events[-1], i.EpisodeCancelled):
        # Whoever waits may have the first module; nothing more opens by itself.
        return
    # Where a group sets the pace, nothing opens by itself.
    for module, at in due.items() if group is None else ():
        if module not in opened and now > max(at, active_since) + LATE:
            clinic.record.blame(f"{name}: {module} was to open at {at}, and has not")
    _check_looks(clinic, name, events, now)
    if len(done) == len(order):
        _check_last_part(clinic, name, events)


def _order(began: Any) -> list[tuple[str, timedelta]]:
    return [(place.id, timedelta(days=place.min_days_after_previous)) for place in _programme(began).order]


def _programme(first: Any) -> Programme:
    found: Programme = _catalogue().programme(first.programme_id, first.programme_version)
    return found


@cache
def _catalogue() -> Any:
    return load_catalogue(CATALOGUE)


def _is_early(
    order: list[tuple[str, timedelta]], opened: i.ModuleUnlocked, done: dict[str, datetime], zone: ZoneInfo
) -> bool:
    """Whether a module opened before its gap since the end of the one before it, in days by the clinic's clock."""
    place = next(n for n, (id, _) in enumerate(order) if id == opened.module_id)
    if place == 0:
        return False
    before = done.get(order[place - 1][0])
    return before is None or _wall(opened.at, zone) < _wall(before, zone) + order[place][1]


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _check_looks(clinic: Clinic, name: str, events: list[Event], now: datetime) -> None:
    """The step of care is looked at once its questions have waited long enough, answered or not."""
    waits = timedelta(days=clinic.settings.clinic.treatment.review_days, hours=1) + LATE
    looked = [event.at for event in events if isinstance(event, i.ReviewDue)]
    for event in events:
        asked = isinstance(event, i.MeasuresRequested) and event.occasion != "start"
        if asked and now > event.at + waits and not any(at >= event.at for at in looked):
            clinic.record.blame(f"{name}: nobody looks at the step, though questions were asked at {event.at}")


def _check_last_part(clinic: Clinic, name: str, events: list[Event]) -> None:
    """All modules are done: the last questions were asked, and once they are answered it is said to be ready."""
    asked = {m for e in events if isinstance(e, i.MeasuresRequested) and e.occasion == "end" for m in e.measures}
    noted = {e.reading.measure for e in events if isinstance(e, i.MeasureRecorded) and e.occasion == "end"}
    ready = any(isinstance(event, i.EpisodeReadyToFinish) for event in events)
    if not asked:
        clinic.record.blame(f"{name} is through, and nobody asked the last questions")
    elif asked <= noted and not ready:
        clinic.record.blame(f"{name} is complete, and nobody was told that it is")
