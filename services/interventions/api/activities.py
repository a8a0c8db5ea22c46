"""Routes of what a person does in their programme: tasks, activities with their worksheets, practice at home."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.activity.commands import SaveActivity
from services.interventions.domain.practice.commands import LogPractice
from services.interventions.domain.practice.state import PracticeLogState
from services.interventions.domain.series.state import SeriesState
from services.interventions.views import activities as view
from services.interventions.views.practice import PracticePage, practice_page
from services.interventions.views.tasks import Task, tasks
from shared.contracts.commands import Rejected
from shared.contracts.interventions import Written
from shared.runtime.aggregate import derived_id
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["activities"])

Number = Annotated[int, Path(ge=1, le=1000)]


class Doing(Body):
    """What changed: the fields of the worksheet that were filled in or cleared, and ratings from 0 to 10."""

    written: tuple[Written, ...] = Field(default=(), max_length=60)
    rating_before: int | None = Field(default=None, ge=0, le=10)
    rating_after: int | None = Field(default=None, ge=0, le=10)
    finish: bool = False


class Practised(Body):
    """How often on that whole day."""

    day: dt.date
    times: int = Field(ge=0, le=100)


def practice_log_of(episode_id: str) -> str:
    """The id of the one log of practice of an episode."""
    return derived_id("practice", episode_id)


@router.get("/episodes/{episode_id}/tasks")
async def list_tasks(
    episode_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient", "service"),
) -> list[Task]:
    """All that the person may do, each with where it stands."""
    found = await caller.load("episode", episode_id, may=access.sees)
    series: list[SeriesState] = [one.state for one in await caller.find("measure_series", episode_id=episode_id)]
    records = await caller.find("activity", episode_id=episode_id)
    return tasks(content, found, series[0] if series else None, records, caller.now, language)


@router.get("/episodes/{episode_id}/activities/{activity_id}")
async def read_activity(
    episode_id: str,
    activity_id: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("psychology", "patient"),
) -> view.ActivityPage:
    """One activity with all that was written in it."""
    found = await caller.load("episode", episode_id, may=access.sees)
    records = await caller.find("activity", episode_id=episode_id)
    return view.activity_page(content, found, activity_id, records, caller.now, language)


@router.post("/episodes/{episode_id}/activities/{activity_id}/{number}")
async def save_activity(
    episode_id: str,
    activity_id: str,
    number: Number,
    body: Doing,
    content: Served,
    caller: Caller = allow("psychology", "patient"),
) -> Response:
    """Keep what was written, in part or whole; `If-Match: "0"` begins it."""
    found = await caller.load("episode", episode_id, may=access.takes_part)
    module, activity = view.place_of(content.programme(found.state), activity_id)
    view.require_open(found.state, module)
    records = await caller.find("activity", episode_id=episode_id)
    known = view.doings(content, found, module, activity, records, caller.now)
    if number > len(known):
        raise Rejected("finish-first", number=number)
    if known[number - 1].state in ("not_yet_open", "expired"):
        raise Rejected("activity-closed", state=known[number - 1].state)

    def save(_: str) -> SaveActivity:
        return SaveActivity(
            now=caller.now,
            actor=caller.actor,
            record_id=view.record_id(episode_id, activity_id, number),
            episode_id=episode_id,
            patient_id=found.state.patient_id,
            module_id=module.id,
            activity_id=activity_id,
            number=number,
            worksheet_id=activity.worksheet.id if activity.worksheet else None,
            worksheet_version=activity.worksheet.version if activity.worksheet else None,
            **body.model_dump(exclude={"written"}),
            written=body.written,
        )

    return await caller.begin_or_change("activity", view.record_id(episode_id, activity_id, number), save)


@router.get("/episodes/{episode_id}/practice")
async def read_practice(
    episode_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology", "patient")
) -> PracticePage:
    """Every practice with its dose and what was done."""
    found = await caller.load("episode", episode_id, may=access.sees)
    logs = await caller.find("practice_log", episode_id=episode_id)
    log, version = (logs[0].state, logs[0].version) if logs else (PracticeLogState(), view.FIRST_VERSION)
    return practice_page(content, found, log, version, caller.now, language)


@router.post("/episodes/{episode_id}/practice/{practice_id}")
async def log_practice(
    episode_id: str,
    practice_id: str,
    body: Practised,
    content: Served,
    caller: Caller = allow("psychology", "patient"),
) -> Response:
    """How often somebody practised on a day; `If-Match: "0"` begins the log."""
    found = await caller.load("episode", episode_id, may=access.takes_part)
    opened = [one for one in content.programme(found.state).modules if one.id in found.state.unlocked]
    if practice_id not in (practice.id for module in opened for practice in module.practices):
        raise Rejected("practice-unknown", practice_id=practice_id)
    log_id = practice_log_of(episode_id)

    def log(_: str) -> LogPractice:
        return LogPractice(
            now=caller.now,
            actor=caller.actor,
            log_id=log_id,
            episode_id=episode_id,
            patient_id=found.state.patient_id,
            practice_id=practice_id,
            day=body.day,
            times=body.times,
        )

    return await caller.begin_or_change("practice_log", log_id, log)
