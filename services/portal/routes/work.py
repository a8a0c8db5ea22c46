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
    ours, theirs, waiting = await asyncio.gather(
        visit.maybe("interventions", "/desk", language=visit.language),
        visit.maybe("referrals", "/desk", list=list(GROUPS.values()), limit=str(SHOWN), language=visit.language),
        unread(visit),
    )
    alerts, reviews, ready, calls = (
        ours and ours[part] for part in ("alerts", "to_review", "ready_to_finish", "calls")
    )
    taken = ours["taken"] if ours else []
    listed = [theirs and theirs["lists"][name] for name in GROUPS.values()]
    asked = theirs and theirs["questions"]
    discussions = care_plan.waiting(theirs["to_answer"], theirs["asked"]) if theirs else None
    meeting = groups.waiting(ours["groups"]) if ours else None
    circling = circles.waiting(ours["circles"], ours["posts"]) if ours else None
    caring, progress, _ = await asyncio.gather(
        _caring(visit, ours),
        progress_of(visit, [row for page in listed if page for row in page["rows"]]),
        _name(visit, listed, alerts, taken, *(rows and rows[:SHOWN] for rows in (reviews, ready, calls))),
    )
    return refresh.page(
        visit,
        "work.html",
        [taken, listed, reviews, ready, calls, meeting, asked, discussions, _counted(circling, caring)],
        beyond=[page and page["total"] for page in listed],
        at_once=("_alarms.html", [alerts, caring and caring["urgent"]]),
        alerts=alerts,
        taken=taken,
        groups=_waiting(listed) if theirs else None,
        reviews=reviews,
        ready=ready,
        calls=calls,
        shown=SHOWN,
        meeting=meeting,
        circling=circling,
        caring=caring,
        contacts=caring["contacts"] if caring else {},
        progress=progress,
        questions=asked,
        unread=waiting,
        discussions=discussions,
    )


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
