"""Pages of a risk alert: take it on, say what came of the talk, take it over from somebody, close it with a plan."""

import asyncio
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, scores, worksheets
from services.portal.calls import Json, at
from services.portal.forms import Problem
from services.portal.people import person
from services.portal.visit import Psychology, Visit
from shared.clinical import wording
from shared.contracts.interventions import ASSESSMENT_QUESTIONS

router = APIRouter(prefix="/alerts/{alert_id}")


_NOTHING: Json = {
    "question": None,
    "answered": None,
    "activity": None,
    "field": None,
    "texts": (),
    "to_check": None,
    "hint": None,
}
"""Of an answer and of words, a page shows different things."""


@router.get("")
async def alert(alert_id: str, visit: Psychology) -> Response:
    """One alert: what was answered, who looks after it, and what comes next."""
    return await _alert(visit, alert_id, None)


@router.post("/acknowledge")
async def acknowledge(alert_id: str, visit: Psychology) -> Response:
    """Take it on."""
    return await visit.submit(
        "acknowledge-alert",
        "interventions",
        at("risk-alerts", alert_id, "acknowledge"),
        {},
        then=f"/alerts/{alert_id}",
        done="alert-acknowledged",
        again=partial(_alert, visit, alert_id),
    )


@router.post("/assess")
async def assess(alert_id: str, visit: Psychology) -> Response:
    """Somebody spoke with the person."""
    form = visit.form
    chosen = {name: form.optional(name) for name in (*ASSESSMENT_QUESTIONS, "concern")}
    return await visit.submit(
        "assess-alert",
        "interventions",
        at("risk-alerts", alert_id, "assess"),
        {**chosen, "note": form.text("note")},
        then=f"/alerts/{alert_id}",
        done="alert-assessed",
        again=partial(_alert, visit, alert_id),
    )


@router.post("/take-over")
async def take_over(alert_id: str, visit: Psychology) -> Response:
    """Go on with it in place of a colleague."""
    return await visit.submit(
        "take-over-alert",
        "interventions",
        at("risk-alerts", alert_id, "take-over"),
        {"reason": visit.form.text("reason")},
        then=f"/alerts/{alert_id}",
        done="alert-taken-over",
        again=partial(_alert, visit, alert_id),
    )


@router.post("/close")
async def close(alert_id: str, visit: Psychology) -> Response:
    """The person was assessed, and there is a plan."""
    return await visit.submit(
        "close-alert",
        "interventions",
        at("risk-alerts", alert_id, "close"),
        {"plan": visit.form.text("plan")},
        then=f"/alerts/{alert_id}",
        done="alert-closed",
        again=partial(_alert, visit, alert_id),
    )


async def _alert(visit: Visit, alert_id: str, problem: Problem | None) -> Response:
    path = at("risk-alerts", alert_id)
    found, actions = await asyncio.gather(
        visit.get("interventions", path), visit.get("interventions", f"{path}/actions")
    )
    return visit.page(
        "alert.html",
        problem=problem,
        alert=found,
        may={one["action"] for one in actions if one["allowed"]},
        # The alert is there to be taken on, also while nobody can say who it is.
        person=await person(visit, found["patient_id"]),
        **_NOTHING | (await _written(visit, found) if found["source"] == "words" else _answered(visit, found)),
        assessed=ASSESSMENT_QUESTIONS,
        answers=options.options(visit.t, "assessment.answer", options.ASKED),
        concerns=options.options(visit.t, "assessment.level", options.CONCERNS),
    )


def _answered(visit: Visit, found: Json) -> Json:
    questions = wording(found["measure"], visit.language).model_dump()
    answered = scores.answer_words(questions, found["item"], found["value"])
    return {"question": questions["items"][found["item"] - 1], "answered": answered}


async def _written(visit: Visit, found: Json) -> Json:
    """Where the words stand, and what stands there now: the person may have changed it since."""
    if found.get("post_id"):
        post, waiting = await asyncio.gather(
            visit.found("interventions", at("circle-posts", found["post_id"])),
            visit.maybe("interventions", "/circle-posts", list="to_check"),
        )
        return {
            "activity": visit.t("words.in_circle"),
            "texts": [post["text"]] if post and post["text"] else [],
            "to_check": found["post_id"] if any(one["id"] == found["post_id"] for one in waiting or []) else None,
        }
    if found.get("circle_id"):
        where = found["field"]
        return {"activity": visit.t(f"words.in_circle_{where}"), "hint": visit.t(f"words.hint_{where}")}
    path = at("episodes", found["episode_id"], "activities", found["activity_id"])
    page = await visit.found("interventions", path, language=visit.language)
    if page is None:
        return {}
    fields = (page["worksheet"] or {"fields": []})["fields"]
    label = next((one["label"] for one in fields if one["id"] == found["field"]), "")
    written = [one for doing in page["doings"] if doing["number"] == found["number"] for one in doing["written"]]
    texts = worksheets.texts([one for one in written if one["field"] == found["field"]])
    return {"activity": page["activity"]["title"], "field": label, "texts": texts}
