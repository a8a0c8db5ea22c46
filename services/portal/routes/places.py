"""Where programmes are given: how much room there is, who waits and why there, and how many seats there are."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, at
from services.portal.forms import Problem
from services.portal.visit import Psychology, Visit

router = APIRouter()

_A_PAGE = 50


@router.get("/places")
async def places(visit: Psychology) -> Response:
    """Every place, and whether there is room."""
    rows = await visit.get("referrals", "/places", language=visit.language)
    return visit.page("places.html", places=rows)


@router.get("/places/{place_id}")
async def place(place_id: str, visit: Psychology) -> Response:
    """One place: the line in its order, then those who are passed over, held seats and taken ones."""
    return await _place(visit, place_id, None)


@router.post("/places/{place_id}/seats")
async def change_seats(place_id: str, visit: Psychology) -> Response:
    """Say how many seats there are."""
    return await visit.submit(
        "change-seats",
        "referrals",
        at("places", place_id, "seats"),
        {"seats": visit.form.number("seats")},
        then=f"/places/{place_id}",
        done="seats-changed",
        again=partial(_place, visit, place_id),
    )


async def _place(visit: Visit, place_id: str, problem: Problem | None) -> Response:
    skip = _skipped(visit)
    found = await visit.get(
        "referrals", at("places", place_id), skip=str(skip), limit=str(_A_PAGE), language=visit.language
    )
    shown = skip + len(found["entries"])
    return visit.page(
        "place.html",
        problem=problem,
        place=found,
        groups=_groups(found["entries"]),
        next=shown if shown < found["entries_total"] else None,
    )


def _skipped(visit: Visit) -> int:
    """How many of them stood on the pages before."""
    text = visit.request.query_params.get("skip", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _groups(entries: list[Json]) -> dict[str, Any]:
    """Those in line apart from those who are passed over for now; both wait."""
    waiting = [row for row in entries if row["status"] == "waiting"]
    return {
        "line": [row for row in waiting if row["position"] is not None],
        "resting": [row for row in waiting if row["position"] is None],
        "held_for": [row for row in entries if row["status"] == "held"],
        "seated_by": [row for row in entries if row["status"] == "seated"],
    }
