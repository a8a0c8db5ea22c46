"""The state of the system for whoever runs it: what each service says of itself, in words."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.portal.calls import Away, Json, Refused, at
from services.portal.timeline import kind
from services.portal.visit import Visit
from services.portal.words import Words

HELD_ON_HOME = 8
REJECTED_ON_HOME = 5


@dataclass(frozen=True)
class Seen:
    """What one service says; None for a part that it does not tell. `refused` says that it does not let us ask."""

    name: str
    missing: dict[str, str] | None
    refused: bool = False
    lag: Json | None = None
    late: list[Json] | None = None
    configuration: Json | None = None
    held: Json | None = None
    rejected: list[Json] | None = None


async def look(visit: Visit, ready: Mapping[str, dict[str, str] | None]) -> list[Seen]:
    """All services, side by side; whoever is away takes nothing else along."""
    return list(await asyncio.gather(*(_look_at(visit, name, missing) for name, missing in ready.items())))


async def providers(visit: Visit, services: Sequence[Seen]) -> list[Json]:
    """How the ways out do, as far as they can be asked."""
    if any(one.name == "notifications" and one.missing is not None for one in services):
        try:
            found: list[Json] = await visit.get("notifications", "/providers")
            return found
        except (Away, Refused):
            return []
    return []


async def _look_at(visit: Visit, name: str, missing: dict[str, str] | None) -> Seen:
    if missing is None:
        return Seen(name, None)
    try:
        return Seen(name, missing, **await visit.get(name, at("operations"), limit=str(HELD_ON_HOME)))
    except Refused:
        return Seen(name, missing, refused=True)
    except Away:
        return Seen(name, missing)


def backup(services: Sequence[Seen]) -> Json | None:
    """The newest backup that any service knows of; None where no folder is named."""
    told = [one.configuration["backup"] for one in services if one.configuration]
    known: list[Json] = [one for one in told if one["folder"]]
    return max(known, key=lambda one: (one["at"] or "", not one["fault"]), default=None)


def facts(visit: Visit, services: Sequence[Seen]) -> list[tuple[str, list[str]]]:
    """The rows of the table of what is in force, a column for each service that tells."""
    told = [one.configuration for one in services if one.configuration]
    t = visit.t

    def rules(clinic: Json) -> str:
        approved = clinic["approved_by"]
        who = t("system.approved", name=visit.staff_name(approved)) if approved else t("system.not_approved")
        return t("system.rules", version=clinic["triage_rules"], approved=who)

    rows: dict[str, Callable[[Json], str]] = {
        "name": lambda clinic: str(clinic["name"]),
        "time_zone": lambda clinic: str(clinic["time_zone"]),
        "quiet": lambda clinic: f"{clinic['quiet_from']}–{clinic['quiet_to']}",
        "triage_rules": rules,
        "on_call": lambda clinic: ", ".join(map(visit.staff_name, clinic["on_call"])),
    }
    return [(t(f"system.clinic.{name}"), [row(one["clinic"]) for one in told]) for name, row in rows.items()]


def settings(visit: Visit, services: Sequence[Seen]) -> list[tuple[str, list[str]]]:
    """The settings by name, a column for each service that tells."""
    told = [one.configuration for one in services if one.configuration]
    words = {True: visit.t("system.set"), False: visit.t("system.not_set")}
    names = dict.fromkeys(setting["name"] for one in told for setting in one["settings"])
    is_set = [{setting["name"]: setting["is_set"] for setting in one["settings"]} for one in told]
    return [
        (name, [value_of(one, name) or words[there.get(name, False)] for one, there in zip(told, is_set, strict=True)])
        for name in names
    ]


def held_row(visit: Visit, reader: str, key: Json) -> Json:
    """A held key as a page shows it."""
    happened = key["happened_at"]
    waits = key["behind"]
    return {
        **key,
        "reader": reader,
        "since": datetime.fromtimestamp(key["since"] / 1000, UTC),
        "age": age(visit, datetime.fromtimestamp(key["since"] / 1000, UTC)),
        "happened": visit.dates.moment(happened) if happened else "",
        "event": event_in_words(visit.t, key["type"]),
        "waits": visit.t("system.behind_unknown") if waits is None else visit.t.count("system.behind", waits),
    }


def event_in_words(t: Words, type: str | None) -> str:
    """What kind of event it is: in a sentence where there is one that says it alone, and by its name."""
    if type is None:
        return ""
    sentence = t.texts.get(f"timeline.{kind(type)}", "{")
    return type if "{" in sentence else f"{sentence} ({type})"


def lag_words(visit: Visit, source: Json) -> str:
    """How far behind, and since when the oldest waits."""
    counted = visit.t.count("system.events", source["events"])
    if source["oldest"] is None:
        return counted
    waits = "system.waited" if source["all_asked"] else "system.waited_at_least"
    return f"{counted}; {visit.t(waits, age=age(visit, source['oldest']))}"


def untold_words(visit: Visit, untold: Json) -> str:
    """How many of its own events nobody was told yet, and since when the oldest waits."""
    counted = visit.t("system.events_or_more", count=untold["events"])
    if not untold["more"]:
        counted = visit.t.count("system.events", untold["events"])
    return f"{counted}; {visit.t('system.waited', age=age(visit, untold['oldest']))}" if untold["oldest"] else counted


def many(t: Words, number: int, more: bool) -> str:
    """A number that was counted up to a limit."""
    return t("system.or_more", count=number) if more else str(number)


def age(visit: Visit, since: datetime | str | None) -> str:
    """How long ago, roughly."""
    moment = datetime.fromisoformat(since) if isinstance(since, str) else since
    seconds = (visit.now - moment).total_seconds() if moment else 0
    for unit, length, from_ in (("days", 86_400, 2), ("hours", 3_600, 2), ("minutes", 60, 1)):
        if seconds >= from_ * length:
            return visit.t.count(f"system.age.{unit}", int(seconds // length))
    return visit.t("system.age.moment")


def value_of(configuration: Json, name: str) -> str | None:
    """What may be read of one setting."""
    return next((one["value"] for one in configuration["settings"] if one["name"] == name), None)
