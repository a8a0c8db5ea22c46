"""What needs somebody who runs the system: each trouble in a sentence, with what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.portal.calls import Json
from services.portal.system import Seen, age, backup, lag_words, many, untold_words, value_of
from services.portal.visit import Visit
from services.portal.words import Words
from shared.runtime.in_force import clinic_facts
from shared.runtime.version import VERSION

_MAY_TAKE = timedelta(minutes=2)
"""Without Kafka, a key is read from its ledger at the second look after 20 seconds each."""
_BACKUP_MAY_BE = timedelta(days=2)
_SHARED = ("CAREPATH_VAULT", "CAREPATH_KAFKA")
"""Settings that are one for all services; the stores may be apart."""


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, what to do about it, and the part of the page that says more."""

    what: str
    fix: str
    part: str


def troubles(visit: Visit, services: Sequence[Seen], ways_out: Sequence[Json]) -> list[Trouble]:
    """Everything that is wrong, the most urgent first."""
    return [
        *(trouble for one in services for trouble in _of_service(visit.t, one)),
        *(trouble for one in services for trouble in _behind(visit, one, services)),
        *(trouble for one in services for trouble in _late(visit, one)),
        *_differences(visit, services),
        *_providers(visit.t, ways_out),
        *_backup(visit, backup(services)),
    ]


def _of_service(t: Words, one: Seen) -> Iterator[Trouble]:
    if one.missing is None:
        yield Trouble(t("system.trouble.away", service=one.name), t("system.away_text"), "health")
    elif one.missing:
        parts = ", ".join(one.missing)
        yield Trouble(t("system.trouble.waits", service=one.name, parts=parts), t("system.fix.waits"), "health")
    if one.refused:
        yield Trouble(t("system.trouble.refused", service=one.name), t("system.fix.refused"), "health")
    if one.held and one.held["total"]:
        what = t.count("system.trouble.held", one.held["total"], service=one.name)
        yield Trouble(what, t("system.fix.held"), "held")


def _behind(visit: Visit, one: Seen, services: Sequence[Seen]) -> Iterator[Trouble]:
    away = [other.name for other in services if other.missing is None]
    for source in one.lag["sources"] if one.lag else ():
        if not source["reached"]:
            # Where it is away for us too, that was said already.
            if source["source"] not in away:
                what = visit.t("system.trouble.unreached", service=one.name, source=source["source"])
                yield Trouble(what, visit.t("system.fix.unreached", source=source["source"]), "health")
        elif _is_older(visit, source["oldest"], _MAY_TAKE):
            values = {"service": one.name, "source": source["source"], "lag": lag_words(visit, source)}
            yield Trouble(visit.t("system.trouble.lag", **values), visit.t("system.fix.lag"), "health")
    untold = one.lag["untold"] if one.lag else None
    if untold and _is_older(visit, untold["oldest"], _MAY_TAKE):
        what = visit.t("system.trouble.untold", service=one.name, untold=untold_words(visit, untold))
        yield Trouble(what, visit.t("system.fix.untold"), "health")


def _late(visit: Visit, one: Seen) -> Iterator[Trouble]:
    for late in one.late or ():
        how_many = many(visit.t, late["late"], late["more"])
        values = {"service": one.name, "kind": late["kind"], "late": how_many, "age": age(visit, late["oldest"])}
        yield Trouble(visit.t("system.trouble.late", **values), visit.t("system.fix.late"), "health")


def _differences(visit: Visit, services: Sequence[Seen]) -> Iterator[Trouble]:
    t = visit.t
    told = {one.name: one.configuration for one in services if one.configuration}
    versions = {name: one["version"] for name, one in told.items()} | {"portal": VERSION}
    builds = {name: one["build"] for name, one in told.items()}
    clinics = {name: one["clinic"]["fingerprint"] for name, one in told.items()}
    clinics["portal"] = clinic_facts(visit.clinic, visit.now).fingerprint
    if apart := _apart(versions):
        yield Trouble(t("system.trouble.version", apart=apart), t("system.fix.version"), "configuration")
    elif apart := _apart(builds):
        yield Trouble(t("system.trouble.build", apart=apart), t("system.fix.version"), "configuration")
    if _apart(clinics):
        apart = "; ".join(", ".join(names) for names in _groups(clinics).values())
        yield Trouble(t("system.trouble.clinic", apart=apart), t("system.fix.clinic"), "configuration")
    for setting in _SHARED:
        values = {name: value or "" for name, one in told.items() for value in [value_of(one, setting)]}
        if apart := _apart(values):
            what = t("system.trouble.setting", setting=setting, apart=apart)
            yield Trouble(what, t("system.fix.setting", setting=setting), "configuration")


def _providers(t: Words, ways_out: Sequence[Json]) -> Iterator[Trouble]:
    for one in ways_out:
        if one["failures"]:
            what = t("system.trouble.provider", way=t(f"ways.way.{one['channel']}"), provider=one["name"])
            yield Trouble(what, t("system.fix.provider"), "providers")


def _backup(visit: Visit, known: Json | None) -> Iterator[Trouble]:
    if known is None:
        return
    t, folder = visit.t, known["folder"]
    if known["fault"]:
        what = t("system.trouble.backup_unread", folder=folder, fault=known["fault"])
        yield Trouble(what, t("system.fix.backup_unread"), "backup")
    elif not known["at"]:
        yield Trouble(t("system.trouble.backup_none", folder=folder), t("system.fix.backup"), "backup")
    elif _is_older(visit, known["at"], _BACKUP_MAY_BE):
        what = t("system.trouble.backup_old", age=age(visit, known["at"]))
        yield Trouble(what, t("system.fix.backup"), "backup")


def _is_older(visit: Visit, since: str | None, than: timedelta) -> bool:
    return since is not None and visit.now - datetime.fromisoformat(since) > than


def _groups(values: dict[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(value, []).append(name)
    return groups


def _apart(values: dict[str, str]) -> str:
    """Who has which value, in words; empty where all have the same."""
    groups = _groups(values)
    if len(groups) < 2:
        return ""
    return "; ".join(f"{', '.join(names)}: {value}" for value, names in groups.items())
