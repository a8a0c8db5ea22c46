"""The first page of psychology: who may be unsafe, and what waits for the team."""

import asyncio
from collections.abc import Sequence

from fastapi.responses import Response

from services.portal import carers, refresh
from services.portal.calls import Json
from services.portal.people import name_rows
from services.portal.routes import care_plan, circles, groups
from services.portal.routes.inbox import unread
from services.portal.visit import Visit

GROUPS = {
    "triage": "awaiting_triage",
    "cancellations": "cancellations",
    "asked": "waiting_on_referrer",
    "undecided": "undecided",
    "invited": "accepted",
    "to_book": "to_book",
    "missed": "missed",
    "scheduled": "scheduled",
    "treatment": "in_treatment",
}
"""What waits, by the list that it is on. What asks something of psychology comes first."""
SHOWN = 6
"""Rows of each list; whoever may be unsafe is always shown."""
_ALWAYS = ("triage", "treatment")
"""Shown also while nobody is there, so that "nobody" is said."""


async def home(visit: Visit) -> Response:
    """Risk first, then by what waits for a decision: the beginning of each list."""
    desk, theirs, waiting = await asyncio.gather(
        visit.maybe("interventions", "/desk", language=visit.language),
        visit.maybe("referrals", "/desk", list=list(GROUPS.values()), limit=str(SHOWN), language=visit.language),
        unread(visit),
    )
    care = _care(desk)
    listed = [theirs and theirs["lists"][name] for name in GROUPS.values()]
    asked = theirs and theirs["questions"]
    discussions = care_plan.waiting(theirs["to_answer"], theirs["asked"]) if theirs else None
    lists = [care["reviews"], care["ready"], care["calls"]]
    caring, progress, _ = await asyncio.gather(
        _caring(visit, desk),
        progress_of(visit, [row for page in listed if page for row in page["rows"]]),
        _name(visit, listed, care["alerts"], care["taken"], *(rows and rows[:SHOWN] for rows in lists)),
    )
    counted = _counted(care["circling"], caring)
    return refresh.page(
        visit,
        "work.html",
        [care["taken"], listed, *lists, care["meeting"], asked, discussions, counted],
        beyond=[page and page["total"] for page in listed],
        at_once=("_alarms.html", [care["alerts"], caring and caring["urgent"]]),
        **care,
        groups=_waiting(listed) if theirs else None,
        shown=SHOWN,
        caring=caring,
        contacts=caring["contacts"] if caring else {},
        progress=progress,
        questions=asked,
        unread=waiting,
        discussions=discussions,
    )


def _care(desk: Json | None) -> Json:
    """What the page says of treatments, groups and circles; `None` for each part while that is not known."""
    if desk is None:
        return {**dict.fromkeys(("alerts", "reviews", "ready", "calls", "meeting", "circling")), "taken": []}
    return {
        "alerts": desk["alerts"],
        "taken": desk["taken"],
        "reviews": desk["to_review"],
        "ready": desk["ready_to_finish"],
        "calls": desk["calls"],
        "meeting": groups.waiting(desk["groups"]),
        "circling": circles.waiting(desk["circles"], desk["posts"]),
    }


async def progress_of(visit: Visit, rows: Sequence[Json]) -> dict[str, Json]:
    """How far the treatments of these referrals are, by referral; empty while nobody knows."""
    if not rows:
        return {}
    ids = [row["id"] for row in rows]
    active = await visit.maybe("interventions", "/episodes", list="active", referral=ids, language=visit.language)
    return {row["referral_id"]: row for row in active or []}


async def _caring(visit: Visit, desk: Json | None) -> Json | None:
    return await carers.waiting(visit, desk["support"], desk["words"]) if desk else None


async def _name(visit: Visit, listed: Sequence[Json | None], *lists: list[Json] | None) -> None:
    """Give the rows of `lists` their names, of which those in `listed` are known."""
    names = {row["patient_id"]: row["patient_name"] for page in listed if page for row in page["rows"]}
    await name_rows(visit, [row for rows in lists for row in rows or []], names)


def _counted(circling: Json | None, caring: Json | None) -> list[Json | None]:
    """What the page says of circles and caregivers, of whom some are only counted, in rows that can be followed."""
    if circling is None or caring is None:
        return [None]
    counts = {"to_check": circling["to_check"], **{name: caring[name] for name in ("requests", "overdue", "words")}}
    return [*circling["rows"], *({"name": name, "level": number} for name, number in counts.items())]


def _waiting(listed: list[Json]) -> list[tuple[str, Json]]:
    groups = zip(GROUPS, listed, strict=True)
    return [(name, page) for name, page in groups if page["rows"] or name in _ALWAYS]
