"""For whoever runs the system: is it ready, what is stuck and why, and what can be done about it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.routes.health import readiness
from services.portal.visit import Operator, Visit

router = APIRouter()


async def home(visit: Visit, problem: Problem | None = None) -> Response:
    """The state of the three services."""
    ready = await readiness(visit)
    answering = [name for name, lack in ready.items() if lack is not None]
    held, rejected, providers = await asyncio.gather(
        _all(visit, answering, "held"), _all(visit, answering, "rejected"), visit.maybe("notifications", "/providers")
    )
    return visit.page(
        "system.html",
        problem=problem,
        services=[{"name": name, "missing": lack} for name, lack in ready.items()],
        providers=providers or [],
        held=held,
        rejected=[{"facts": _facts(visit, one)} for one in rejected],
    )


@router.post("/system/{service}/held/retry")
async def retry(service: str, visit: Operator) -> Response:
    """Try a held key again."""
    path = at("operations", "held", visit.form.text("source"), "retry")
    answer = await visit.post(_known(visit, service), path, {})
    return visit.go("/", "still-held" if answer["held"] else "let-go")


@router.post("/system/{service}/held/discard")
async def discard(service: str, visit: Operator) -> Response:
    """Pass over the event that holds a key, for a reason on record."""
    path = at("operations", "held", visit.form.text("source"), "discard")

    async def again(problem: Problem) -> Response:
        return await home(visit, problem)

    return await visit.submit(
        f"discard-{visit.form.text('place')}",
        _known(visit, service),
        path,
        {"reason": visit.form.text("reason")},
        then="/",
        done="discarded",
        again=again,
    )


async def _all(visit: Visit, services: list[str], what: str) -> list[Json]:
    answers = await asyncio.gather(*(visit.maybe(name, at("operations", what)) for name in services))
    return [
        {**one, "reader": name, "since": _moment(one.get("since"))}
        for name, answer in zip(services, answers, strict=True)
        for one in (answer[what] if answer else [])
    ]


def _facts(visit: Visit, entry: Json) -> list[tuple[str, Any]]:
    """A strange message, or an event that was passed over, as it was filed; without its bytes: they may be anything."""
    shown = {name: value for name, value in entry.items() if name != "bytes" and isinstance(value, str | int)}
    return [(name, visit.dates.moment(value) if name == "at" else value) for name, value in shown.items()]


def _moment(milliseconds: Any) -> datetime | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if isinstance(milliseconds, int) else None


def _known(visit: Visit, service: str) -> str:
    if service not in visit.portal.settings.services:
        raise Refused(404, {"code": "not-found"})
    return service
