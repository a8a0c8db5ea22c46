"""For whoever runs the system: what needs them, is it ready, what is stuck and why, and what can be done about it."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import refresh, system
from services.portal.calls import Away, Json, Refused, at
from services.portal.forms import Problem
from services.portal.routes.health import readiness
from services.portal.troubles import troubles
from services.portal.visit import Operator, Visit

router = APIRouter()

_HELD_ON_A_PAGE = 25
_REJECTED_ON_A_PAGE = 100


async def home(visit: Visit, problem: Problem | None = None) -> Response:
    """What needs somebody first, then the state of the three services."""
    services = await system.look(visit, await readiness(visit))
    providers = await system.providers(visit, services)
    keys = [one.held["held"] for one in services if one.held]
    rows = [{"name": one.name, "missing": one.missing} for one in services]
    return refresh.page(
        visit,
        "system.html",
        [rows, providers, keys, [one.rejected for one in services if one.rejected]],
        problem=problem,
        services=services,
        troubles=troubles(visit, services, providers),
        backup=system.backup(services),
        providers=providers,
        held=[(one.name, _rows(visit, one.name, one.held), one.held) for one in services if one.held],
        rejected=[(one.name, _entries(visit, one.rejected)) for one in services if one.rejected],
        rejected_here=system.REJECTED_ON_HOME,
        still_held=await _still_held(visit),
        facts=system.facts(visit, services),
        settings=system.settings(visit, services),
        lag_words=lambda source: system.lag_words(visit, source),
        untold_words=lambda untold: system.untold_words(visit, untold),
        age=lambda since: system.age(visit, since),
    )


@router.get("/system/{service}/held")
async def held(service: str, visit: Operator) -> Response:
    """All held keys of one service, page after page."""
    return await _held_page(visit, service, visit.request.query_params.get("after", ""))


@router.get("/system/{service}/rejected")
async def rejected(service: str, visit: Operator) -> Response:
    """What one service rejected, and what was passed over there."""
    answer = await visit.get(_known(visit, service), at("operations", "rejected"), limit=str(_REJECTED_ON_A_PAGE))
    return visit.page("system_rejected.html", service=service, entries=_entries(visit, answer["rejected"]))


@router.post("/system/{service}/held/retry")
async def retry(service: str, visit: Operator) -> Response:
    """Try a held key again."""
    source = visit.form.text("source")
    answer = await visit.post(_known(visit, service), at("operations", "held", source, "retry"), {})
    if answer["held"]:
        query = {"done": "still-held", "held": f"{service}/{source}"}
        return visit.go(f"{_page_of(visit, service)}?{urlencode(query)}")
    return visit.go(_page_of(visit, service), "let-go")


@router.post("/system/{service}/held/discard")
async def discard(service: str, visit: Operator) -> Response:
    """Pass over the event that holds a key, for a reason on record."""
    source = visit.form.text("source")
    path = at("operations", "held", source, "discard")

    async def again(problem: Problem) -> Response:
        if visit.form.text("listed"):
            return await _held_page(visit, service, visit.form.text("after"), problem)
        return await home(visit, problem)

    return await visit.submit(
        f"discard-{service}-{source}",
        _known(visit, service),
        path,
        {"reason": visit.form.text("reason")},
        then=_page_of(visit, service),
        done="discarded",
        again=again,
    )


async def _held_page(visit: Visit, service: str, after: str, problem: Problem | None = None) -> Response:
    path = at("operations", "held")
    answer = await visit.get(_known(visit, service), path, after=after, limit=str(_HELD_ON_A_PAGE))
    return visit.page(
        "system_held.html",
        problem=problem,
        service=service,
        after=after,
        held=answer,
        rows=_rows(visit, service, answer),
        still_held=await _still_held(visit),
    )


async def _still_held(visit: Visit) -> Json | None:
    """The key that was tried again in vain."""
    service, _, source = visit.request.query_params.get("held", "").partition("/")
    if service not in visit.portal.settings.services or not source:
        return None
    try:
        return system.held_row(visit, service, await visit.get(service, at("operations", "held", source)))
    except (Away, Refused):
        return None


def _rows(visit: Visit, service: str, answer: Json) -> list[Json]:
    return [system.held_row(visit, service, key) for key in answer["held"]]


def _entries(visit: Visit, entries: list[Json]) -> list[list[tuple[str, Any]]]:
    return [_facts(visit, entry) for entry in entries]


def _facts(visit: Visit, entry: Json) -> list[tuple[str, Any]]:
    """A strange message, or an event that was passed over, as it was filed; without its bytes: they may be anything."""
    shown = {name: value for name, value in entry.items() if name != "bytes" and isinstance(value, str | int)}
    return [(name, visit.dates.moment(value) if name == "at" else value) for name, value in shown.items()]


def _page_of(visit: Visit, service: str) -> str:
    """The page on which the button was pressed."""
    return f"/system/{service}/held" if visit.form.text("listed") else "/"


def _known(visit: Visit, service: str) -> str:
    if service not in visit.portal.settings.services:
        raise Refused(404, {"code": "not-found"})
    return service
