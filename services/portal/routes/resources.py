"""The list of resources: a page to read, and the pages on which psychology keeps it."""

from dataclasses import replace
from functools import partial
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.circles import team
from services.portal.forms import Form, Problem
from services.portal.visit import Psychology, Reader, Visit
from shared.contracts.interventions import ResourceReaders, ResourceTopic

router = APIRouter()

_OWN = {"patient": "patients", "caregiver": "caregivers"}
_WORDS = ("title", "text", "language", "topic", "for_whom", "owner_id")


@router.get("/resources")
async def read(visit: Reader) -> Response:
    """Where to find more, and help. The clinic's people choose for whom they read it."""
    wanted = "caregivers" if visit.request.query_params.get("for") == "caregivers" else "patients"
    readers = _OWN.get(visit.user.role, wanted)
    topics = await visit.get("interventions", "/resources", language=visit.language, **{"for": readers})
    return visit.page("resources.html", topics=topics, readers=readers)


@router.get("/resources/edit")
async def edit(visit: Psychology) -> Response:
    """All entries, what ends first on top."""
    rows = await visit.get("interventions", "/resources", list="all")
    return visit.page("resources_edit.html", rows=rows)


@router.get("/resources/new")
async def new(visit: Psychology) -> Response:
    """Write an entry."""
    return await _new(visit, None)


@router.post("/resources")
async def add(visit: Psychology) -> Response:
    """Show it from now on."""
    body = {**_entry(visit.form), "ends_on": visit.form.text("ends_on")}
    return await visit.submit(
        "add-resource",
        "interventions",
        "/resources",
        body,
        then="/resources/edit",
        done="resource-added",
        again=partial(_new, visit),
    )


@router.get("/resources/{resource_id}")
async def entry(resource_id: str, visit: Psychology) -> Response:
    """One entry: look at it again, change it, or take it off."""
    return await _entry_page(visit, resource_id, None)


@router.post("/resources/{resource_id}/{action}")
async def see_to(resource_id: str, action: str, visit: Psychology) -> Response:
    """Renew, change or take off."""
    bodies: dict[str, Json] = {
        "renew": {"ends_on": visit.form.text("ends_on")},
        "change": _entry(visit.form),
        "retire": {},
    }
    if action not in bodies:
        raise Refused(404, {"code": "not-found"})
    return await visit.submit(
        f"{action}-resource",
        "interventions",
        at("resources", resource_id, action),
        bodies[action],
        then="/resources/edit",
        done=f"resource-{action}",
        again=partial(_entry_page, visit, resource_id),
    )


async def _new(visit: Visit, problem: Problem | None) -> Response:
    return visit.page("resource_new.html", problem=_ours(problem), **_choices(visit))


async def _entry_page(visit: Visit, resource_id: str, problem: Problem | None) -> Response:
    found = await visit.get("interventions", at("resources", resource_id))
    choices = _choices(visit)
    if found["owner_left"]:
        # Without it the form would give the entry to whoever stands first.
        choices["owners"] = [(found["owner_id"], visit.t("resource_staff.owner_left")), *choices["owners"]]
    return visit.page("resource.html", problem=_ours(problem), found=found, **choices)


def _entry(form: Form) -> Json:
    optional = {name: form.optional(name) for name in ("link", "phone")}
    return {**{name: form.text(name) for name in _WORDS}, **optional}


def _choices(visit: Visit) -> dict[str, Any]:
    t = visit.t
    return {
        "languages": options.languages(t),
        "topics": options.options(t, "resource.topic", get_args(ResourceTopic)),
        "readers": options.options(t, "resource_staff.for_whom", get_args(ResourceReaders)),
        "owners": team(visit),
    }


def _ours(problem: Problem | None) -> Problem | None:
    """With words of our own for what is wrong: other forms have fields of the same names."""
    if problem is None:
        return None
    fields = {name: code.replace("invalid-", "resource-invalid-", 1) for name, code in problem.fields.items()}
    return replace(problem, fields=fields)
