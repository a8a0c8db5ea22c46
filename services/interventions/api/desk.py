"""What waits for psychology in this service, in one answer: their first page asks once, and not for each list."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.interventions.api.alerts import list_alerts
from services.interventions.api.carer_work import list_support, list_words
from services.interventions.api.circle_posts import list_posts
from services.interventions.api.circles import list_circles
from services.interventions.api.engagement import list_engagements
from services.interventions.api.episodes import list_episodes
from services.interventions.api.groups import list_groups
from services.interventions.api.serving import ReadIn, Served
from services.interventions.views.alerts import AlertRow
from services.interventions.views.carers import SupportRow, WordRow
from services.interventions.views.circles import CircleRow, PostToCheck
from services.interventions.views.engagement import CallRow
from services.interventions.views.episodes import EpisodeRow
from services.interventions.views.groups import GroupRow
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["desk"])


class Desk(BaseModel):
    """Each as its own list tells it. `alerts` nobody has taken on, `taken` somebody looks after; `calls` are people of
    whom nothing was heard; `posts`, `support` and `words` wait for somebody to look at them.
    """

    alerts: list[AlertRow]
    taken: list[AlertRow]
    to_review: list[EpisodeRow]
    ready_to_finish: list[EpisodeRow]
    calls: list[CallRow]
    groups: list[GroupRow]
    circles: list[CircleRow]
    posts: list[PostToCheck]
    support: list[SupportRow]
    words: list[WordRow]


@router.get("/desk")
async def read_desk(content: Served, language: ReadIn = "en", caller: Caller = allow("psychology")) -> Desk:
    """All lists from which psychology's first page says what to do next."""
    return Desk(
        alerts=await list_alerts("open", caller),
        taken=[*await list_alerts("acknowledged", caller), *await list_alerts("assessed", caller)],
        to_review=await list_episodes(content, "to_review", None, None, language, caller),
        ready_to_finish=await list_episodes(content, "ready_to_finish", None, None, language, caller),
        calls=await list_engagements(content, "to_call", caller),
        groups=await list_groups(content, "open", language, caller),
        circles=await list_circles(content, caller),
        posts=await list_posts("to_check", caller),
        support=await list_support(caller),
        words=await list_words(None, caller),
    )
