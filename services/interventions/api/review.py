"""Routes of a look at the step of care, and of what is decided."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from services.interventions import access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.domain.episode.commands import DecideStep
from services.interventions.views.review import ReviewPage, review_page
from shared.contracts.interventions import ReviewMoment, StepDecision
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["reviews"])


class Decision(Body):
    """How treatment goes on. With `programme_id` in that programme, on `step`, or on the programme's own if none is
    given. `departure_reason` is needed where the decision is not what the rules advise.
    """

    moment: ReviewMoment
    decision: StepDecision
    programme_id: str | None = None
    step: int | None = Field(default=None, ge=1, le=4)
    departure_reason: str | None = None


@router.get("/episodes/{episode_id}/review")
async def read_review(
    episode_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("psychology")
) -> ReviewPage:
    """What the rules advise now, with every reason."""
    found = await caller.load("episode", episode_id, may=access.sees)
    return review_page(content, found, language)


@router.post("/episodes/{episode_id}/decide-step")
async def decide_step(episode_id: str, body: Decision, caller: Caller = allow("psychology")) -> Response:
    """A clinician decides: higher, the same, lower, the end, or a talk first."""
    command = DecideStep(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("episode", episode_id, command, may=access.treats)
