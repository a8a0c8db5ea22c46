"""A look at the step of care: what the rules advise, with every reason, and what a clinician decides."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, scores
from services.portal.calls import Json, at
from services.portal.forms import Problem
from services.portal.people import person
from services.portal.visit import Psychology, Visit

router = APIRouter()


@router.get("/episodes/{episode_id}/review")
async def review(episode_id: str, visit: Psychology) -> Response:
    """What speaks for which step."""
    return await _review(visit, episode_id, None)


@router.post("/episodes/{episode_id}/review")
async def decide(episode_id: str, visit: Psychology) -> Response:
    """How treatment goes on."""
    form = visit.form
    step = form.optional("step")
    body = {
        "moment": form.text("moment"),
        "decision": form.text("decision"),
        "programme_id": form.optional("programme_id"),
        "step": int(step) if step in options.STEPS else None,
        "departure_reason": form.optional("departure_reason"),
    }
    return await visit.submit(
        "decide-step",
        "interventions",
        at("episodes", episode_id, "decide-step"),
        body,
        then=f"/episodes/{episode_id}",
        done="step-decided",
        again=partial(_review, visit, episode_id),
    )


async def _review(visit: Visit, episode_id: str, problem: Problem | None) -> Response:
    found = await visit.get("interventions", at("episodes", episode_id, "review"), language=visit.language)
    record = await person(visit, found["patient_id"])
    onward = [(one["id"], visit.t("review.programme", **one)) for one in found["programmes"]]
    advice = found["advice"]
    return visit.page(
        "review.html",
        problem=problem,
        review=found,
        name=record["name"] if record else None,
        reasons=[_reason(visit, one) for one in found["reasons"]],
        usual="consult" if advice == "safety_first" else advice,
        decisions=options.options(visit.t, "review.decision", options.STEP_DECISIONS),
        programmes=[("", visit.t("review.no_programme")), *onward],
        steps=[("", visit.t("review.own_step")), *options.options(visit.t, "step", options.STEPS)],
    )


def _reason(visit: Visit, reason: Json) -> str:
    """In words, with the readings that it rests on."""
    measure = reason["measure"]
    numbers = {name: _number(reason[name]) for name in ("first", "before", "last")}
    title = f"{scores.title(measure, visit.language)} ({measure})" if measure else ""
    return visit.t(f"review.reason.{reason['code']}", title=title, **numbers)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".removesuffix(".0")
