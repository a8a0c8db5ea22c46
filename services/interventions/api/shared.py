"""What a patient has opened of their treatment to somebody whom they trust; the patient sees exactly the same."""

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.interventions import carer_access as access
from services.interventions.api.serving import ReadIn, Served
from services.interventions.domain.series.state import SeriesState
from services.interventions.views.courses import EpisodeMeasures, courses
from shared.runtime.core import Found
from shared.runtime.errors import NotFound, Unavailable
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["caregivers"])


class SharedProgress(BaseModel):
    """How far the person is in their programme."""

    programme_title: str
    modules_done: int
    modules_total: int


class SharedTreatment(BaseModel):
    """What is open. A closed thing is not there at all."""

    progress: tuple[SharedProgress, ...] | None = None
    scores: tuple[EpisodeMeasures, ...] | None = None


@router.get("/patients/{patient_id}/shared", response_model_exclude_none=True)
async def shared_treatment(
    patient_id: str,
    content: Served,
    caregiver_id: str = Query(max_length=128),
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
        scores = tuple([await _scores(caller, content, one, language) for one in found])
    return SharedTreatment(progress=progress, scores=scores)


def _is_seen(caller: Caller, episode: Found) -> bool:
    return episode.state.status in ("active", "finished") and access.of_what_is_open(caller.user, episode.state)


def _progress(content: Served, episode: Found, language: str) -> SharedProgress:
    programme = content.programme(episode.state)
    total = len(programme.modules)
    done = len(episode.state.done)
    return SharedProgress(programme_title=programme.title.in_(language), modules_done=done, modules_total=total)


async def _scores(caller: Caller, content: Served, episode: Found, language: str) -> EpisodeMeasures:
    series: list[SeriesState] = [one.state for one in await caller.find("measure_series", episode_id=episode.id)]
    check_ins = [one.state for one in await caller.find("check_in", episode_id=episode.id)]
    return courses(content.clinic, episode.id, series, check_ins, language)
