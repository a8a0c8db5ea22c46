"""Routes of posts in circles: looked at, reported, and goals that people share."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from services.interventions import circle_access as access
from services.interventions.api.circle_serving import author_of, does_lead, part_in
from services.interventions.api.serving import Body
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post import commands as c
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.views import circles as view
from services.interventions.views.circle_parts import by_id
from shared.contracts.commands import Command
from shared.contracts.interventions.circle_post import PostRemoval, PostReport
from shared.runtime.auth import User
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["circles"])


class Checking(Body):
    """Shown, or removed for a reason that its author is told."""

    show: bool
    reason_code: PostRemoval | None = None


class Reporting(Body):
    """Why somebody asks us to look."""

    reason_code: PostReport


@router.get("/circle-posts")
async def list_posts(
    _: Literal["to_check"] = Query(alias="list"), caller: Caller = allow("psychology")
) -> list[view.PostToCheck]:
    """What somebody has to look at, what worries first."""
    posts = [one for one in await caller.find("circle_post", to_check="yes") if access.runs(caller.user, one.state)]
    ids = {one.state.circle_id for one in posts}
    circles = await caller.load_many("circle", ids, may=access.runs)
    members = [one for id in ids for one in await caller.find("circle_member", circle_id=id)]
    return view.to_check(posts, {id: one.state for id, one in circles.items()}, by_id(members))


@router.get("/circle-posts/{post_id}")
async def read_post(post_id: str, caller: Caller = allow("psychology")) -> view.PostToCheck:
    """One post with all that is known of it, for whoever looks after an alert."""
    found = await caller.load("circle_post", post_id, may=access.runs)
    circle = await caller.load("circle", found.state.circle_id, may=access.runs)
    members = await caller.find("circle_member", circle_id=circle.id)
    return view.post_to_check(found, {circle.id: circle.state}, by_id(members))


@router.post("/circle-posts/{post_id}/check")
async def check_post(post_id: str, body: Checking, caller: Caller = allow("psychology", "patient")) -> Response:
    """Show a post, or remove it: psychology, or the circle's leader where nothing worries."""
    if caller.user.role == "psychology":
        command = c.CheckPost(now=caller.now, actor=caller.actor, **body.model_dump())
        return await caller.change("circle_post", post_id, command, may=access.runs)
    post, me, author = await _around(caller, post_id)
    circle = (await caller.core.load("circle", post.circle_id)).state
    if not await does_lead(caller, circle) or not access.checks(caller.user, me, author, post):
        raise NotFound(f"circle_post {post_id}")
    command = c.CheckPost(now=caller.now, actor=caller.actor, as_leader=me.member_id, **body.model_dump())
    # What became of it meanwhile the rules answer: a post that was checked already is no secret to who checked it.
    return await caller.change("circle_post", post_id, command, may=lambda user, _: access.is_own(user, me))


@router.post("/circle-posts/{post_id}/report")
async def report_post(post_id: str, body: Reporting, caller: Caller = allow("patient")) -> Response:
    """Ask us to look at a post. Nobody else reads it until then."""
    post, me, author = await _around(caller, post_id)
    leads = await does_lead(caller, (await caller.core.load("circle", post.circle_id)).state)

    def may(user: User, post: CirclePostState) -> bool:
        return access.reports_post(user, me, leads, author, post)

    def command() -> Command:
        reason = body.reason_code
        return c.ReportPost(now=caller.now, actor=caller.actor, member_id=me.member_id, reason_code=reason)

    return await _meet(caller, post, command, may)


@router.post("/circle-posts/{post_id}/join")
async def join_goal(post_id: str, caller: Caller = allow("patient")) -> Response:
    """Share the goal."""
    post, me, author = await _around(caller, post_id)

    def may(user: User, post: CirclePostState) -> bool:
        return access.meets_post(user, me, author, post)

    def command() -> Command:
        return c.JoinGoal(now=caller.now, actor=caller.actor, member_id=me.member_id)

    return await _meet(caller, post, command, may)


@router.post("/circle-posts/{post_id}/reached")
async def reach_goal(post_id: str, caller: Caller = allow("patient")) -> Response:
    """Say that one's own goal is reached."""
    command = c.ReachGoal(now=caller.now, actor=caller.actor)
    return await caller.change("circle_post", post_id, command, may=access.owns_post)


async def _around(caller: Caller, post_id: str) -> tuple[CirclePostState, CircleMemberState, CircleMemberState | None]:
    """A post, the caller's part in its circle, and its author."""
    post: CirclePostState = (await caller.core.load("circle_post", post_id)).state
    return post, await part_in(caller, post.circle_id), await author_of(caller, post)


async def _meet(
    caller: Caller, post: CirclePostState, make: Callable[[], Command], may: Callable[[User, CirclePostState], bool]
) -> Response:
    """Change somebody else's post. Its version is not answered: it would count what happened before it was shown.

    The command is made only for somebody who may: who has no part in the circle has nothing to make it of.
    """
    if not may(caller.user, post):
        raise NotFound(f"circle_post {post.post_id}")
    await caller.change("circle_post", post.post_id, make(), may=may)
    return JSONResponse({"id": post.post_id})
