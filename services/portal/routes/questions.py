"""Questionnaires: one question on a page, saved at once. An answer that worries is met with help before all else."""

import re
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import scores
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.standing import series, treatment
from services.portal.visit import Patient, Visit
from shared.clinical import MEASURES, measure

router = APIRouter()

_CHECK_IN = re.compile(r"c([1-9][0-9]{0,3})-([1-9])")


@router.get("/questions/{which}")
async def begin(which: str, visit: Patient) -> Response:
    """On to the first question that has no answer."""
    form = await _form(visit, which)
    missing = _missing(form)
    return visit.go(f"/questions/{which}/{missing[0]}" if missing else f"/questions/{which}/sent")


@router.get("/questions/{which}/check")
async def check(which: str, visit: Patient) -> Response:
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
async def sent(which: str, visit: Patient) -> Response:
    """A receipt."""
    form = await _form(visit, which)
    if not form["complete"]:
        return visit.go(f"/questions/{which}")
    return visit.page("sent.html", form=form, which=which)


@router.get("/questions/{which}/support")
async def support(which: str, visit: Patient) -> Response:
    """Whom to call, before anything else."""
    return visit.page("support.html", forward=f"/questions/{which}")


@router.get("/questions/{which}/{number}")
async def question(which: str, number: int, visit: Patient) -> Response:
    """One question."""
    return await _question(visit, which, number, None)


@router.post("/questions/{which}/{number}")
async def answer(which: str, number: int, visit: Patient) -> Response:
    """Keep this answer, and go on."""
    value = visit.form.number("answer")
    if value is None:
        fields = {"answer": "choose-one"}
        return await _question(visit, which, number, Problem("answer", "choose-one", fields=fields, kept=visit.form))
    # Until it is known which questionnaire this is, help is shown where it could be the one that asks about danger.
    visit.worried = any(number == one.risk_item and value > one.lowest for one in MEASURES.values())
    form = await _form(visit, which)
    visit.worried = _is_worrying(form, number, value)
    body: dict[str, Any] = {"measure": form["measure"], "answers": {str(number): value}}
    kind = "check-ins" if _CHECK_IN.fullmatch(which) else "series"
    if kind == "series":
        body["occasion"] = form["occasion"]
    return await visit.submit(
        "answer",
        "interventions",
        at(kind, form["id"], "answers"),
        body,
        then=_next(form, which, number, value),
        done="",
        again=partial(_question, visit, which, number),
    )


async def _question(visit: Visit, which: str, number: int, problem: Problem | None) -> Response:
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


async def _form(visit: Visit, which: str) -> Json:
    """The form that an address counts: of the fixed points a number, of the check-ins `c2-1`, the first of the second.

    Raises `Refused` where there is none.
    """
    episode = await treatment(visit)
    path = await _path(visit, episode, which) if episode else None
    if path is None:
        raise Refused(404, {"code": "not-found"})
    form: Json = await visit.get("interventions", path, language=visit.language)
    return form


async def _path(visit: Visit, episode: Json, which: str) -> str | None:
    if counted := _CHECK_IN.fullmatch(which):
        rows = await visit.get("interventions", at("episodes", episode["id"], "check-ins"))
        chosen = _nth(rows, int(counted[1]))
        form = _nth(chosen["forms"], int(counted[2])) if chosen else None
        return at("check-ins", chosen["id"], form["measure"]) if chosen and form else None
    opened: Any = await series(visit, episode)
    form = _nth(opened["forms"], int(which)) if opened and which.isascii() and which.isdigit() else None
    return at("series", opened["id"], form["occasion"], form["measure"]) if form else None


def _nth(rows: list[Json], number: int) -> Json | None:
    """Counted from 1."""
    return rows[number - 1] if 1 <= number <= len(rows) else None


def _missing(form: Json) -> list[int]:
    """Numbers of the questions without an answer."""
    return [number for number in range(1, len(form["questions"]["items"]) + 1) if str(number) not in form["answers"]]


def _next(form: Json, which: str, number: int, value: int) -> str:
    """Where to go after this answer: to help if it worries, else to the next open question, else to the receipt."""
    if _is_worrying(form, number, value):
        return f"/questions/{which}/support"
    missing = [one for one in _missing(form) if one != number]
    following = next((one for one in missing if one > number), missing[0] if missing else None)
    return f"/questions/{which}/{following}" if following else f"/questions/{which}/sent"


def _is_worrying(form: Json, number: int, value: int) -> bool:
    asked = measure(form["measure"])
    return number == asked.risk_item and value > asked.lowest
