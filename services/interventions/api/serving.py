"""How a route gets at the clinic's settings and programmes."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from services.interventions.content import Content
from services.interventions.domain.series.state import SeriesState
from services.interventions.reactions import series_of
from shared.runtime.core import Found
from shared.runtime.http import Caller


class Body(BaseModel):
    """What is sent: a field that is not known is a mistake of the sender, not ignored."""

    model_config = ConfigDict(extra="forbid")


def serving(content: Content) -> Callable[[Request], Awaitable[None]]:
    """A dependency of the whole router that hands `content` to each request."""

    async def hand_over(request: Request) -> None:
        request.state.content = content

    return hand_over


async def _content(request: Request) -> Content:
    content: Content = request.state.content
    return content


Served = Annotated[Content, Depends(_content)]
ReadIn = Annotated[str, Query(max_length=16, description="The reader's language; English where there is no other.")]


async def present_series(caller: Caller, episode: Found) -> SeriesState | None:
    """The questionnaires of the episode's present programme. Before the first were opened there are none."""
    wanted = series_of(episode.id, episode.state.later_programme)
    found = await caller.find("measure_series", episode_id=episode.id)
    return next((one.state for one in found if one.id == wanted), None)
