"""An entry has an owner and a last day, so that no dead link and no old number stays in front of people."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.interventions.domain.local import day_begins, day_of
from services.interventions.domain.resource.commands import (
    AddResource,
    ChangeResource,
    Entry,
    RenewResource,
    RetireResource,
)
from services.interventions.domain.resource.state import ResourceState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e
from shared.contracts.unwanted import hits

SOON_TIMER = "soon"
END_TIMER = "end"


def decide(clinic: Clinic, state: ResourceState, command: Command) -> list[Event]:
    """What follows from `command`."""
    match command:
        case AddResource():
            return _add(clinic, state, command)
        case ChangeResource():
            _stands(state)
            return _change(clinic, state, command)
        case RenewResource():
            _stands(state)
            _to_come(clinic, command.ends_on, command.now)
            return [e.ResourceRenewed(at=command.now, **_seen_to(state), ends_on=command.ends_on)]
        case RetireResource():
            _stands(state)
            return [e.ResourceRetired(at=command.now, **_seen_to(state))]
        case TimerDue():
            return _timer_due(clinic, state, command)
        case _:
            raise TypeError(f"a resource has no branch for {type(command).__name__}")


def timers(clinic: Clinic, state: ResourceState) -> dict[str, datetime]:
    """A warning before the last day, and the end when the clinic's next day begins. Whoever chose a day that is nearer
    than the warning knows it; who came to look after an entry that is over hears of it once.
    """
    if state.status not in ("live", "ended") or state.ends_on is None:
        return {}
    zone = ZoneInfo(clinic.time_zone)
    end = {END_TIMER: day_begins(state.ends_on + timedelta(days=1), zone)}
    if state.status == "ended":
        return {} if state.warned else end
    soon = day_begins(warns_on(clinic, state.ends_on), zone)
    if state.warned or (state.looked_at is not None and state.looked_at >= soon):
        return end
    return {SOON_TIMER: soon, **end}


def warns_on(clinic: Clinic, ends_on: date) -> date:
    """The day from which on somebody should look at an entry whose last day is `ends_on`."""
    return ends_on - timedelta(days=clinic.together.resource_warning_days)


def is_owner(clinic: Clinic, staff_id: str) -> bool:
    """Whether they may look after an entry: everybody in psychology may, until they leave."""
    return any(one.id == staff_id and one.role == "psychology" for one in clinic.staff)


def keys(state: ResourceState) -> dict[str, str | None]:
    """By what entries are looked up."""
    return {"status": state.status, "listed": "yes" if state.status else None}


def _add(clinic: Clinic, state: ResourceState, command: AddResource) -> list[Event]:
    if state.status is not None:
        return []
    _check(clinic, command.entry, None)
    _to_come(clinic, command.ends_on, command.now)
    about = {"at": command.now, "resource_id": command.resource_id, "ends_on": command.ends_on}
    return [e.ResourceAdded.model_validate({**about, **command.entry.model_dump()})]


def _change(clinic: Clinic, state: ResourceState, command: ChangeResource) -> list[Event]:
    _stands(state)
    _check(clinic, command.entry, state.owner_id)
    if not _differs(state, command.entry):
        return []
    said = {"at": command.now, **_seen_to(state), **command.entry.model_dump()}
    if command.entry.owner_id == state.owner_id:
        said["told"] = ()
    return [e.ResourceChanged.model_validate(said)]


def _timer_due(clinic: Clinic, state: ResourceState, command: TimerDue) -> list[Event]:
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now or state.ends_on is None:
        return []
    kind = e.ResourceEnding if command.name == SOON_TIMER else e.ResourceEnded
    left = not is_owner(clinic, state.owner_id)
    tell = clinic.coordinators if left else (state.owner_id,)
    about = {"resource_id": state.resource_id, "title": state.title, "ends_on": state.ends_on}
    return [kind.model_validate({"at": command.now, **about, "tell": tell, "owner_left": left})]


def _seen_to(state: ResourceState) -> dict[str, Any]:
    return {"resource_id": state.resource_id, "told": state.told}


def _stands(state: ResourceState) -> None:
    if state.status in (None, "retired"):
        raise Rejected("resource-retired")


def _to_come(clinic: Clinic, day: date, now: datetime) -> None:
    if day < day_of(now, ZoneInfo(clinic.time_zone)):
        raise Rejected("resource-day-invalid")


def _check(clinic: Clinic, entry: Entry, present_owner: str | None) -> None:
    # Whoever has left may stay the owner while words are changed: the coordinators hear of its end.
    if entry.owner_id != present_owner and not is_owner(clinic, entry.owner_id):
        raise Rejected("resource-owner-unknown")
    for name, written in (("title", entry.title), ("text", entry.text)):
        found = hits(written, clinic.unwanted_words.in_(entry.language))
        if found:
            raise Rejected("resource-word-refused", word=found[0].word, about=name)


def _differs(state: ResourceState, entry: Entry) -> bool:
    said = entry.model_dump()
    return state.model_dump(include=set(said)) != said
