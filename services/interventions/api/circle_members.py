"""Routes of one person's part in a circle."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from services.interventions import circle_access as access
from services.interventions.api.circle_serving import does_lead, leader_of, own_part
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.catalogue import newest_rules
from services.interventions.domain.circle_member import commands as c
from services.interventions.domain.circle_post.commands import PostText, WritePost
from services.interventions.domain.engagement.commands import LONGEST_CONTACT
from services.interventions.views import circle_members as view
from shared.contracts.envelope import Identifier
from shared.contracts.interventions import ContactKind
from shared.contracts.interventions.circle_member import NudgeWord
from shared.contracts.interventions.circle_post import PostKind
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["circles"])

After = Annotated[str | None, Query(max_length=128, description="The `next_posts` of the page before.")]


class Answering(Body):
    """Yes or no. Whoever joins says that they agree to the rules, and how the others see them; no name is fine."""

    accept: bool
    rules_version: int | None = None
    name: c.ShownName | None = None


class Naming(Body):
    """Another name, or none."""

    name: c.ShownName | None = None


class Muting(Body):
    """Whose posts are not wanted, or are again."""

    member_id: Identifier
    muted: bool


class Nudging(Body):
    """A kind word for another member."""

    to: Identifier
    word: NudgeWord


class Contacted(Body):
    """How somebody was in touch with them, or tried to be. `minutes` is the time that it took."""

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0, le=LONGEST_CONTACT)
    note: str | None = Field(default=None, max_length=500)


class Writing(Body):
    """A message, or a goal that others may share."""

    kind: PostKind = "message"
    text: PostText


@router.get("/circle-members")
async def list_parts(
    patient_id: Annotated[str, Query(max_length=128)], caller: Caller = allow("psychology", "patient", "service")
) -> list[view.PartRow]:
    """The circles that somebody is in, or was invited to."""
    found = await caller.find("circle_member", patient_id=patient_id)
    rows = []
    for one in found:
        if access.lists_part(caller.user, one.state):
            circle = (await caller.core.load("circle", one.state.circle_id)).state
            leads = await leader_of(caller, circle) == one.id
            rows.append(view.part_row(one, circle, leads, caller.now))
    return sorted(rows, key=lambda row: (row.status not in ("joined", "invited"), row.circle_name, row.id))


@router.get("/circle-members/{member_id}")
async def read_part(
    member_id: str, content: Served, language: ReadIn = "en", after: After = None, caller: Caller = allow("patient")
) -> view.PartPage:
    """One's own part, with what one may read of the others."""
    found, circle = await own_part(caller, member_id)
    around = view.Around(
        content=content,
        circle=circle.state,
        members=await caller.find("circle_member", circle_id=circle.id),
        posts=await caller.find("circle_post", circle_id=circle.id),
        leads=await does_lead(caller, circle.state),
        leader=await leader_of(caller, circle.state),
        now=caller.now,
        language=language,
    )
    return view.part_page(around, found, after)


@router.post("/circle-members/{member_id}/answer")
async def answer_circle(
    member_id: str, body: Answering, content: Served, caller: Caller = allow("patient")
) -> Response:
    """Say whether one wants to join."""
    _, circle = await own_part(caller, member_id)
    present = newest_rules(content.catalogue.circle_rules).version
    runs = circle.state.status == "open"
    command = c.AnswerCircle(now=caller.now, actor=caller.actor, present_rules=present, open=runs, **body.model_dump())
    return await caller.change("circle_member", member_id, command, may=access.is_own)


@router.post("/circle-members/{member_id}/name")
async def change_name(member_id: str, body: Naming, caller: Caller = allow("patient")) -> Response:
    """Be shown under another name, or none."""
    command = c.ChangeCircleName(now=caller.now, actor=caller.actor, name=body.name)
    return await caller.change("circle_member", member_id, command, may=access.is_own)


@router.post("/circle-members/{member_id}/leave")
async def leave_circle(member_id: str, caller: Caller = allow("psychology", "patient")) -> Response:
    """Leave without a trace; or psychology takes somebody out, or back an invitation."""
    command = c.LeaveCircle(now=caller.now, actor=caller.actor)
    return await caller.change("circle_member", member_id, command, may=access.ends_part)


@router.post("/circle-members/{member_id}/mutes")
async def mute_member(member_id: str, body: Muting, caller: Caller = allow("patient")) -> Response:
    """Do not read somebody's posts, or do again. They do not learn of it."""
    command = c.SetMute(now=caller.now, actor=caller.actor, other_id=body.member_id, muted=body.muted)
    return await caller.change("circle_member", member_id, command, may=access.is_own)


@router.post("/circle-members/{member_id}/nudges")
async def nudge_member(member_id: str, body: Nudging, caller: Caller = allow("patient")) -> Response:
    """Send another member a kind word."""
    found, circle = await own_part(caller, member_id)
    others = await caller.find("circle_member", circle_id=circle.id)
    here = any(one.id == body.to and one.state.status == "joined" for one in others)
    what = {"to_member_id": body.to, "word": body.word, "to_is_here": here}
    command = c.SendNudge(now=caller.now, actor=caller.actor, **what)
    return await caller.change("circle_member", found.id, command, may=access.is_own)


@router.post("/circle-members/{member_id}/contacts")
async def log_circle_contact(
    member_id: str, body: Contacted, caller: Caller = allow("psychology", "patient")
) -> Response:
    """Write down a contact with a member: psychology, or whoever leads the circle."""
    found = await caller.core.load("circle_member", member_id)
    circle = (await caller.core.load("circle", found.state.circle_id)).state
    leads = found.state.status == "joined" and await does_lead(caller, circle)
    if not access.runs(caller.user, circle) and not leads:
        raise NotFound(f"circle_member {member_id}")
    command = c.LogCircleContact(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change(
        "circle_member", member_id, command, may=lambda user, _: access.runs_or_leads(user, circle)
    )


@router.post("/circle-members/{member_id}/posts")
async def write_post(member_id: str, body: Writing, caller: Caller = allow("patient")) -> Response:
    """Write to one's circle."""
    found, circle = await own_part(caller, member_id)
    me = found.state

    def write(post_id: str) -> WritePost:
        return WritePost(
            now=caller.now,
            actor=caller.actor,
            post_id=post_id,
            **me.model_dump(include={"circle_id", "member_id", "patient_id", "episode_id"}),
            **body.model_dump(),
            joined=me.status == "joined",
            open=circle.state.status == "open",
        )

    return await caller.create("circle_post", "circle-post", write)
