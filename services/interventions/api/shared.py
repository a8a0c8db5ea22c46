"""What a patient has opened of their treatment to somebody whom they trust; the patient sees exactly the same."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.interventions import carer_access as access
from services.interventions.api.serving import ReadIn, Served
from services.interventions.domain.series.state import SeriesState
from services.interventions.views.courses import MeasureCourse, courses
from shared.clinical.definition import Better
from shared.contracts.envelope import Identifier
from shared.runtime.core import Found
from shared.runtime.errors import NotFound, Unavailable
from shared.runtime.http import Caller, allow

_COURSE: dict[str, Literal["better", "same", "worse"]] = {
    "improved": "better",
    "deteriorated": "worse",
    "no_change": "same",
    # Where no figure is known, the plain sign speaks.
    "better": "better",
    "worse": "worse",
    "same": "same",
}

router = APIRouter(tags=["caregivers"])


class SharedProgress(BaseModel):
    """How far the person is in their programme."""

    programme_title: str
    modules_done: int
    modules_total: int


class SharedReading(BaseModel):
    """One completed form, in published points."""

    at: datetime
    value: float


class SharedScores(BaseModel):
    """How one measure goes: no bands and no answers. `course` is from the first form to the newest; absent before there
    are two.
    """

    title: str
    better: Better
    lowest: float
    highest: float
    readings: tuple[SharedReading, ...]
    course: Literal["better", "same", "worse"] | None = None


class SharedTreatment(BaseModel):
    """What is open. A closed thing is not there at all."""

    progress: tuple[SharedProgress, ...] | None = None
    scores: tuple[SharedScores, ...] | None = None


@router.get("/patients/{patient_id}/shared", response_model_exclude_none=True)
async def shared_treatment(
    patient_id: str,
    content: Served,
    caregiver_id: Annotated[Identifier, Query()],
    language: ReadIn = "en",
    caller: Caller = allow("caregiver", "patient"),
) -> SharedTreatment:
    """Asked of the record at this moment: where there is no answer, nothing is shown."""
    if caller.user.id != (caregiver_id if caller.user.role == "caregiver" else patient_id):
        raise NotFound(patient_id)
    if caller.core.permissions is None:
        raise Unavailable("nobody says what is open; set the address of referrals")
    opened = await caller.core.permissions.opened(patient_id, caregiver_id)
    if not opened.named:
        raise NotFound(caregiver_id)
    found: list[Found] = []
    if opened.scopes & {"progress", "scores"}:
        found = [one for one in await caller.find("episode", patient_id=patient_id) if _is_seen(caller, one)]
    progress = scores = None
    if "progress" in opened.scopes:
        progress = tuple(_progress(content, one, language) for one in found)
    if "scores" in opened.scopes:
        scores = tuple([one for each in found for one in await _scores(caller, content, each, language)])
    return SharedTreatment(progress=progress, scores=scores)


def _is_seen(caller: Caller, episode: Found) -> bool:
    return episode.state.status in ("active", "finished") and access.of_what_is_open(caller.user, episode.state)


def _progress(content: Served, episode: Found, language: str) -> SharedProgress:
    programme = content.programme(episode.state)
    total = len(programme.modules)
    done = len(episode.state.done)
    return SharedProgress(programme_title=programme.title.in_(language), modules_done=done, modules_total=total)


async def _scores(caller: Caller, content: Served, episode: Found, language: str) -> list[SharedScores]:
    series: list[SeriesState] = [one.state for one in await caller.find("measure_series", episode_id=episode.id)]
    check_ins = [one.state for one in await caller.find("check_in", episode_id=episode.id)]
    return [_plain(one) for one in courses(content.clinic, episode.id, series, check_ins, language).measures]


def _plain(course: MeasureCourse) -> SharedScores:
    readings = tuple(
        SharedReading(at=one.at, value=one.value)
        for one in course.points
        if one.at is not None and one.value is not None
    )
    told = course.change if course.change and course.change.points is not None else None
    return SharedScores(
        **course.model_dump(include={"title", "better", "lowest", "highest"}),
        readings=readings,
        course=None if told is None else _COURSE.get(told.counts) or _COURSE.get(told.direction),
    )
