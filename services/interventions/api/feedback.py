"""Routes of what people say after treatment."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.interventions import access
from services.interventions.api.serving import Body
from services.interventions.domain.feedback.commands import FreeWords, GiveFeedback
from services.interventions.reactions import feedback_of
from services.interventions.views import feedback as view
from shared.contracts.interventions import FeedbackAnswer
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["feedback"])


class Said(Body):
    """How it was. Each part may be left out."""

    helpful: FeedbackAnswer | None = None
    taken_seriously: FeedbackAnswer | None = None
    recommend: FeedbackAnswer | None = None
    words: FreeWords | None = None


@router.get("/feedback")
async def list_feedback(caller: Caller = allow("psychology")) -> list[view.FeedbackRow]:
    """What people said last, the newest first, without their names."""
    found = await caller.find("feedback", given="yes")
    return view.given([one for one in found if access.reads_feedback(caller.user, one.state)], caller.now)


@router.get("/episodes/{episode_id}/feedback")
async def read_feedback(episode_id: str, caller: Caller = allow("psychology", "patient")) -> view.FeedbackView:
    """Whether it can be given now, and what was said."""
    await caller.load("episode", episode_id, may=access.sees)
    # Not loaded by id: while treatment runs there is none yet.
    found = await caller.find("feedback", episode_id=episode_id)
    allowed = [one for one in found if access.reads_feedback(caller.user, one.state)]
    return view.feedback(allowed[0] if allowed else None, caller.now)


@router.post("/episodes/{episode_id}/feedback")
async def give_feedback(episode_id: str, body: Said, caller: Caller = allow("patient")) -> Response:
    """The person says how it was. Nobody does it for them."""
    command = GiveFeedback(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("feedback", feedback_of(episode_id), command, may=access.gives_feedback)
