"""How it was: asked of the person once treatment is over, read by psychology."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.standing import treatment
from services.portal.visit import Patient, Psychology, Visit
from services.portal.words import Words

router = APIRouter()

_ASKED = ("helpful", "taken_seriously", "recommend")


@router.get("/how-it-was")
async def ask(visit: Patient) -> Response:
    """Four short questions, each of which may be left out."""
    return await _ask(visit, None)


@router.post("/how-it-was")
async def give(visit: Patient) -> Response:
    """Say it, once."""
    episode, _ = await _found(visit)
    form = visit.form
    said = {name: form.optional(name) for name in (*_ASKED, "words")}
    return await visit.submit(
        "feedback",
        "interventions",
        at("episodes", episode["id"], "feedback"),
        said,
        then="/",
        done="feedback-given",
        again=lambda problem: _ask(visit, problem),
    )


@router.get("/feedback")
async def listed(visit: Psychology) -> Response:
    """What people said, without their names."""
    rows = await visit.get("interventions", "/feedback")
    return visit.page("feedback.html", rows=[(row["given_at"], said(row, visit.t), row["words"]) for row in rows])


def said(found: Json, t: Words) -> list[tuple[str, str]]:
    """Each question that was answered, with its answer."""
    return [(t(f"feedback.staff.{name}"), t(f"feedback.answer.{found[name]}")) for name in _ASKED if found[name]]


async def _ask(visit: Visit, problem: Problem | None) -> Response:
    _, found = await _found(visit)
    if found["standing"] != "open" and problem is None:
        return visit.page("how_it_was.html", problem=None, found=found, asked=[], version="")
    answers = options.options(visit.t, "feedback.answer", ("yes", "partly", "no"))
    asked = [(name, visit.t(f"feedback.ask.{name}"), answers) for name in _ASKED]
    return visit.page("how_it_was.html", problem=problem, found=found, asked=asked, version=found["version"])


async def _found(visit: Visit) -> tuple[Json, Json]:
    """The treatment that matters now, and how it stands with the questions about it. Raises `Refused` without one."""
    episode = await treatment(visit)
    if episode is None:
        raise Refused(404, {"code": "not-found"})
    return episode, await visit.get("interventions", at("episodes", episode["id"], "feedback"))
