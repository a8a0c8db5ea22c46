"""One history out of three: what happened to a person, in plain sentences. Kinds without a sentence are hidden."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.portal import scores
from services.portal.calls import Away, Json, Refused, at
from services.portal.visit import Visit
from services.portal.words import Words

SERVICES = ("referrals", "interventions", "notifications")
_GRAVE = "risk_alert."


@dataclass(frozen=True)
class Entry:
    """One line. `grave` ones stand out."""

    time: str
    sentence: str
    who: str
    grave: bool


@dataclass(frozen=True)
class Timeline:
    """`complete` is false while a service that has a part of it is away."""

    entries: Sequence[Entry]
    complete: bool


async def timeline(visit: Visit, patient_id: str) -> Timeline:
    """The person's history, newest first, as far as this reader may see it."""
    answers = await asyncio.gather(*(_ask(visit, service, patient_id) for service in SERVICES))
    happened = [entry for answer in answers for entry in answer or []]
    titles = await _titles(visit, happened)
    entries = [entry for one in happened if (entry := _entry(visit, one, titles))]
    # Reversed as a whole, so that of one moment, too, the last comes first.
    newest_first = sorted(entries, key=lambda entry: entry.time)[::-1]
    return Timeline(newest_first, all(answer is not None for answer in answers))


async def _ask(visit: Visit, service: str, patient_id: str) -> list[Json] | None:
    """The service's part; empty for a reader to whom it shows none, None while it is away."""
    try:
        return list((await visit.get(service, at("timeline", patient_id)))["entries"])
    except Refused:
        return []
    except Away:
        return None


async def _titles(visit: Visit, happened: Sequence[Json]) -> dict[tuple[str, str], str]:
    """What parts of programmes are called, by episode and id."""
    episodes = sorted({one["subject"] for one in happened if "module_id" in one["data"]})

    async def parts(episode: str) -> dict[str, str]:
        path = at("episodes", episode)
        try:
            modules, treatment = await asyncio.gather(
                visit.get("interventions", f"{path}/modules", language=visit.language),
                visit.get("interventions", path, language=visit.language),
            )
        except (Refused, Away):
            return {}
        before = [title for one in treatment["earlier"] for title in one["modules"].items()]
        return dict([*before, *((part["id"], part["title"]) for part in modules)])

    lists = await asyncio.gather(*(parts(episode) for episode in episodes))
    return {(episode, id): title for episode, found in zip(episodes, lists, strict=True) for id, title in found.items()}


def _entry(visit: Visit, one: Json, titles: dict[tuple[str, str], str]) -> Entry | None:
    name = kind(one["type"])
    data = one["data"]
    title = titles.get((one["subject"], str(data.get("module_id", ""))), "")
    text = sentence(visit.t, name, data, title)
    if text is None:
        return None
    role, _, id = one["actor"].partition(":")
    member = visit.portal.staff(id)
    who = member.name if member else visit.t(f"timeline.who.{role}") if visit.t.has(f"timeline.who.{role}") else ""
    return Entry(one["time"], text, who, name.startswith(_GRAVE))


def kind(type: str) -> str:
    """`carepath.referral.submitted.v1` is `referral.submitted`."""
    return ".".join(type.split(".")[1:-1])


def sentence(t: Words, name: str, data: Json, title: str = "") -> str | None:
    """What happened, or None for what is not worth a line."""
    if not t.has(f"timeline.{name}"):
        return None
    if name == "agenda.message_planned" and not t.has(f"timeline.message.{data.get('template')}"):
        return None
    return t(
        f"timeline.{name}",
        part=title,
        done=data.get("done", ""),
        total=data.get("total", ""),
        measure=scores.title(data["measure"], t.language) if data.get("measure") else "",
        occasion=t.first(f"occasion.{data.get('occasion')}") or "",
        scope=t.first(f"consent.{data.get('scope')}.title") or "",
        priority=t.first(f"priority.{data.get('priority')}") or "",
        quiet=t.first(f"timeline.quiet_step.{data.get('step')}") or "",
        message=t.first(f"timeline.message.{data.get('template')}") or "",
    )
