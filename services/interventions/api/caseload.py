"""The caseload: everybody in treatment, page after page, by what is owed next.

Two aggregates know what is owed, so the list is read band after band, each from the aggregate that lists it; whoever
stands in a more urgent band was on the list before, and is passed over in the later one.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Query

from services.interventions import access
from services.interventions.api.serving import ReadIn, Served
from services.interventions.content import Content
from services.interventions.domain import caseload
from services.interventions.engagement_reactions import engagement_of
from services.interventions.views import caseload as view
from shared.runtime.http import Caller, Found, allow

router = APIRouter(tags=["caseload"])

MOST_COUNTED = 1000
_CURSOR = re.compile(r"(?P<band>\d)\.(?P<after>[\w-]*)")


class Case(NamedTuple):
    """One treatment, its engagement, and what is owed."""

    episode: Found
    engagement: Found | None
    need: caseload.Need


@router.get("/caseload")
async def read_caseload(
    content: Served,
    whose: Literal["team", "own"] = "team",
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 50,
    language: ReadIn = "en",
    caller: Caller = allow("psychology"),
) -> view.Caseload:
    """Everybody in treatment, or those whom the caller met first; what is most urgent comes first."""
    own = caller.user.id if whose == "own" else None
    cases, following = await _some(content, caller, own, after, limit)
    if following and not (await _some(content, caller, own, following, 1))[0]:
        following = None
    key = caseload.OWN if own else caseload.TEAM
    total = await caller.count("episode", key, f"{own}|" if own else "", MOST_COUNTED)
    return view.Caseload(rows=await _rows(content, caller, cases, language), next=following, total=total)


async def _some(
    content: Content, caller: Caller, own: str | None, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The next `limit` at most, and where the list goes on."""
    number, after = _read(cursor)
    key = caseload.OWN if own else caseload.TEAM
    cases: list[Case] = []
    while number < len(caseload.BANDS):
        band, left = caseload.BANDS[number], limit - len(cases)
        if not left:
            return cases, f"{number}.{after or ''}"
        may = access.sees_engagement if band.aggregate == "engagement" else access.sees
        prefix = caseload.prefix(band.kind, own)
        page = await caller.page(band.aggregate, key, prefix, after=after, limit=left, may=may)
        cases += [one for one in await _whole(content, caller, band, page.found) if one.need.kind == band.kind]
        after = page.next
        number += after is None
    return cases, None


def _read(cursor: str | None) -> tuple[int, str | None]:
    """The band, and the place in it. What is none of ours is left for the list to refuse."""
    found = _CURSOR.fullmatch(cursor) if cursor else None
    return (int(found["band"]), found["after"] or None) if found else (0, cursor)


async def _whole(content: Content, caller: Caller, band: caseload.Band, found: Sequence[Found]) -> list[Case]:
    """Each with its other half, in the order of the list."""
    pairs: list[tuple[Found | None, Found | None]]
    if band.aggregate == "engagement":
        ids = [one.state.episode_id for one in found]
        episodes = await caller.load_many("episode", ids, may=access.sees)
        pairs = [(episodes.get(id), one) for id, one in zip(ids, found, strict=True)]
    else:
        ids = [engagement_of(one.id) for one in found]
        engagements = await caller.load_many("engagement", ids, may=access.sees_engagement)
        pairs = [(one, engagements.get(id)) for id, one in zip(ids, found, strict=True)]
    cases = []
    for episode, engagement in pairs:
        need = view.need_of(content, episode, engagement.state if engagement else None) if episode else None
        if episode and need:
            cases.append(Case(episode, engagement, need))
    return cases


async def _rows(content: Content, caller: Caller, cases: Sequence[Case], language: str) -> list[view.CaseRow]:
    paced = {one.episode.state.paced_by for one in cases if one.episode.state.paced_by}
    groups = await caller.load_many("group", sorted(paced), may=access.sees_group)
    return [
        view.case_row(
            content,
            one.episode,
            one.engagement.state if one.engagement else None,
            groups[one.episode.state.paced_by].state if one.episode.state.paced_by in groups else None,
            one.need,
            caller.now,
            language,
        )
        for one in cases
    ]
