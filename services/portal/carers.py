"""What pages of caregivers need: who they are, from the patients' records; what waits for psychology; how to say it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from services.portal.calls import Away, Json, at
from services.portal.visit import Visit
from services.portal.words import Words

NEWS = {
    "carer_check_due": "/for-you/check",
    "carer_support_answered": "/for-you/support",
    "carer_word_replied": "/for-you/word",
}
"""Messages that say what is new for a caregiver themselves, and the page where it is."""


def speaking_to(t: Words, young: bool) -> Callable[..., str]:
    """The texts of a caregiver's own pages; for a child or a young person in words for them, where there are such."""

    def say(name: str, /, **values: object) -> str:
        own = f"carer_young.{name}"
        return t(own if young and t.has(own) else f"carer.{name}", **values)

    return say


def news(inbox: Json | None) -> list[Json]:
    """What of somebody's messages is new for themselves."""
    messages = inbox["messages"] if inbox else []
    return [one for one in messages if one["template"] in NEWS and not one["read"]]


async def contacts(visit: Visit, ids: Iterable[str]) -> dict[str, list[Json] | None]:
    """By caregiver: who they are to each patient who names them; `None` while nobody can say."""
    wanted = sorted(set(ids))
    return dict(zip(wanted, await asyncio.gather(*(_contacts(visit, id) for id in wanted)), strict=True))


async def addresses(visit: Visit, known: dict[str, list[Json] | None]) -> dict[str, Json | None]:
    """Of those whom no patient names any more: where they were last written to; `None` while nobody can say."""
    gone = [id for id, rows in known.items() if rows == []]
    return dict(zip(gone, await asyncio.gather(*(_address(visit, id) for id in gone)), strict=True))


async def waiting(visit: Visit, requests: Sequence[Json], words: Sequence[Json]) -> Json:
    """What waits for psychology: `urgent` is about somebody's safety and nobody's yet; of the rest, how many."""
    urgent = in_danger(requests, words)
    known = await contacts(visit, [row["caregiver_id"] for row in urgent])
    ids = {row["id"] for row in urgent}
    open_requests = [row for row in requests if row["status"] in ("open", "taken") and row["id"] not in ids]
    return {
        "urgent": urgent,
        "contacts": known,
        "requests": len(open_requests),
        "overdue": sum(row["overdue"] for row in open_requests),
        "words": sum(row["id"] not in ids for row in words),
    }


def in_danger(requests: Iterable[Json], words: Iterable[Json]) -> list[Json]:
    """Requests and words about somebody's safety that nobody has taken on or read, each with by when that must be."""
    found = [{**row, "due": row["answer_by"]} for row in requests if row["urgent"] and row["status"] == "open"]
    found += [{**row, "due": row["read_due"]} for row in words if row["worrying"]]
    return sorted(found, key=lambda row: str(row.get("asked_at") or row.get("sent_at")))


async def _address(visit: Visit, id: str) -> Any:
    try:
        return await visit.found("notifications", at("caregivers", id, "address"))
    except Away:
        return None


async def _contacts(visit: Visit, id: str) -> Any:
    try:
        return await visit.get("referrals", at("caregivers", id, "contacts"))
    except Away:
        return None
