"""Routes of questionnaires."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.check_in.commands import AnswerCheckIn
from services.interventions.domain.series.commands import AnswerValue, ItemNumber, RecordAnswers
from services.interventions.domain.series.state import SeriesState
from services.interventions.views import measures as view
from services.interventions.views.courses import EpisodeMeasures, courses
from shared.contracts.interventions import Occasion
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["questionnaires"])


class Answers(Body):
    """Answers by item number: one page of a form, or the whole of it."""

    occasion: Occasion
    measure: str = Field(max_length=32)
    answers: dict[ItemNumber, AnswerValue] = Field(min_length=1, max_length=64)


@router.get("/episodes/{episode_id}/measures")
async def read_measures(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient"),
) -> EpisodeMeasures:
    """How each measure went over a treatment, with what its change amounts to and by which rule."""
    await caller.load("episode", episode_id, may=access.sees)
    series: list[SeriesState] = [one.state for one in await caller.find("measure_series", episode_id=episode_id)]
    check_ins = [one.state for one in await caller.find("check_in", episode_id=episode_id)]
    return courses(content.clinic, episode_id, series, check_ins, language)


@router.get("/series/{series_id}")
async def read_series(
    series_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> view.SeriesProgress:
    """Which questionnaires are open, and how far they are."""
    found = await caller.load("measure_series", series_id, may=access.sees)
    return view.progress(content.clinic, found, language)


@router.get("/series/{series_id}/{occasion}/{measure}")
async def read_form(
    series_id: str,
    occasion: Occasion,
    measure: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient"),
) -> view.FormPage:
    """The questions of one questionnaire with the answers so far, and help at once where an answer asks for it."""
    found = await caller.load("measure_series", series_id, may=access.sees)
    return view.form_page(content.clinic, found, occasion, measure, language)


@router.post("/series/{series_id}/answers")
async def record_answers(series_id: str, body: Answers, caller: Caller = allow("psychology", "patient")) -> Response:
    """The patient answers, or a clinician writes down what they say."""
    command = RecordAnswers(
        now=caller.now, actor=caller.actor, occasion=body.occasion, measure=body.measure, answers=body.answers
    )
    return await caller.change("measure_series", series_id, command, may=access.takes_part)


class CheckInAnswers(Body):
    """Answers by item number: one page of a form, or the whole of it."""

    measure: str = Field(max_length=32)
    answers: dict[ItemNumber, AnswerValue] = Field(min_length=1, max_length=64)


@router.get("/episodes/{episode_id}/check-ins")
async def list_check_ins(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> list[view.CheckInRow]:
    """The few questions between the fixed points of a treatment, and after it."""
    await caller.load("episode", episode_id, may=access.sees)
    found = await caller.find("check_in", episode_id=episode_id)
    return view.check_ins(content.clinic, found, caller.now, language)


@router.get("/check-ins/{check_in_id}/{measure}")
async def read_check_in(
    check_in_id: str,
    measure: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient"),
) -> view.FormPage:
    """The questions of one of its questionnaires with the answers so far."""
    found = await caller.load("check_in", check_in_id, may=access.sees)
    return view.check_in_page(content.clinic, found, measure, language)


@router.post("/check-ins/{check_in_id}/answers")
async def answer_check_in(
    check_in_id: str, body: CheckInAnswers, caller: Caller = allow("psychology", "patient")
) -> Response:
    """The patient answers, or a clinician writes down what they say."""
    command = AnswerCheckIn(now=caller.now, actor=caller.actor, measure=body.measure, answers=body.answers)
    return await caller.change("check_in", check_in_id, command, may=access.takes_part)
