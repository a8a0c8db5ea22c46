"""Questionnaires: one question on a page, saved at once. An answer that worries is met with help before all else."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import scores
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.standing import series, standing
from services.portal.visit import Patient, Visit
from shared.clinical import MEASURES, measure

router = APIRouter()


@router.get("/questions/{which}")
async def begin(which: int, visit: Patient) -> Response:
    """On to the first question that has no answer."""
    form = await _form(visit, which)
    missing = _missing(form)
    return visit.go(f"/questions/{which}/{missing[0]}" if missing else f"/questions/{which}/sent")


@router.get("/questions/{which}/check")
async def check(which: int, visit: Patient) -> Response:
    """All answers so far."""
    form = await _form(visit, which)
    questions = form["questions"]
    answers = [
        (question, scores.answer_words(questions, number, form["answers"].get(str(number))), number)
        for number, question in enumerate(questions["items"], start=1)
    ]
    missing = _missing(form)
    back = f"/questions/{which}/{missing[0]}" if missing else f"/questions/{which}/sent"
    return visit.page("check.html", form=form, which=which, answers=answers, back=back)


@router.get("/questions/{which}/sent")
async def sent(which: int, visit: Patient) -> Response:
    """A receipt."""
    form = await _form(visit, which)
    if not form["complete"]:
        return visit.go(f"/questions/{which}")
    return visit.page("sent.html", form=form, which=which)


@router.get("/questions/{which}/support")
async def support(which: int, visit: Patient) -> Response:
    """Whom to call, before anything else."""
    return visit.page("support.html", forward=f"/questions/{which}")


@router.get("/questions/{which}/{number}")
async def question(which: int, number: int, visit: Patient) -> Response:
    """One question."""
    return await _question(visit, which, number, None)


@router.post("/questions/{which}/{number}")
async def answer(which: int, number: int, visit: Patient) -> Response:
    """Keep this answer, and go on."""
    value = visit.form.number("answer")
    if value is None:
        fields = {"answer": "choose-one"}
        return await _question(visit, which, number, Problem("answer", "choose-one", fields=fields, kept=visit.form))
    # Until it is known which questionnaire this is, help is shown where it could be the one that asks about danger.
    visit.worried = any(number == one.risk_item and value > one.lowest for one in MEASURES.values())
    form = await _form(visit, which)
    visit.worried = _is_worrying(form, number, value)
    return await visit.submit(
        "answer",
        "interventions",
        at("series", form["series_id"], "answers"),
        {"occasion": form["occasion"], "measure": form["measure"], "answers": {str(number): value}},
        then=_next(form, which, number, value),
        done="",
        again=partial(_question, visit, which, number),
    )


async def _question(visit: Visit, which: int, number: int, problem: Problem | None) -> Response:
    form = await _form(visit, which)
    total = len(form["questions"]["items"])
    if form["complete"]:
        return visit.go(f"/questions/{which}/sent")
    if not 1 <= number <= total:
        raise Refused(404, {"code": "not-found"})
    return visit.page(
        "question.html",
        problem=problem,
        form=form,
        which=which,
        number=number,
        total=total,
        is_last=_missing(form) == [number],
        back=f"/questions/{which}/{number - 1}" if number > 1 else "/",
    )


async def _form(visit: Visit, which: int) -> Json:
    """The form of that number among those that were ever opened. Raises `Refused` where there is none."""
    found = await standing(visit)
    if found.episode:
        opened: Any = await series(visit, found.episode)
        if opened and 1 <= which <= len(opened["forms"]):
            chosen = opened["forms"][which - 1]
            path = at("series", opened["id"], chosen["occasion"], chosen["measure"])
            form: Json = await visit.get("interventions", path, language=visit.language)
            return form
    raise Refused(404, {"code": "not-found"})


def _missing(form: Json) -> list[int]:
    """Numbers of the questions without an answer."""
    return [number for number in range(1, len(form["questions"]["items"]) + 1) if str(number) not in form["answers"]]


def _next(form: Json, which: int, number: int, value: int) -> str:
    """Where to go after this answer: to help if it worries, else to the next open question, else to the receipt."""
    if _is_worrying(form, number, value):
        return f"/questions/{which}/support"
    missing = [one for one in _missing(form) if one != number]
    following = next((one for one in missing if one > number), missing[0] if missing else None)
    return f"/questions/{which}/{following}" if following else f"/questions/{which}/sent"


def _is_worrying(form: Json, number: int, value: int) -> bool:
    asked = measure(form["measure"])
    return number == asked.risk_item and value > asked.lowest
