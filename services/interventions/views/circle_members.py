"""A circle as one of its people sees it: their own view, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.content import Content
from services.interventions.domain.circle.state import CircleState, CircleStatus
from services.interventions.domain.circle_member.decide import may_nudge_from
from services.interventions.domain.circle_member.state import CircleMemberState, MemberStatus
from services.interventions.domain.circle_post.seen import checks_as_leader, reads
from services.interventions.domain.circle_post.state import CirclePostState, PostStatus
from services.interventions.views import circle_parts as parts
from services.interventions.views.circles import to_contact
from shared.contracts.interventions.circle_member import NudgeWord
from shared.contracts.interventions.circle_post import PostKind, PostRemoval
from shared.runtime.core import Found

PAGE = 20
"""How many posts a page holds. A technical limit."""

Can = Literal["accept", "decline", "leave", "rename", "write", "nudge", "mute", "lead"]


class PartRow(BaseModel):
    """One circle that somebody is in, or was invited to."""

    id: str
    version: int
    circle_id: str
    circle_name: str
    circle_status: CircleStatus | None
    status: MemberStatus | None
    leads: bool
    next_meeting_at: datetime | None


class PersonView(BaseModel):
    """Somebody of the circle. `number` tells those apart who show no name, and stays theirs as long as they are there;
    it is absent until their seat is taken. `can_nudge`: a kind word can be sent now. Only the leader reads
    `to_contact`.
    """

    id: str
    name: str | None
    number: int | None
    me: bool
    leads: bool
    muted: bool
    can_nudge: bool
    to_contact: bool


class PostView(BaseModel):
    """One post. `status`, and why it was removed, only whoever wrote it learns. It has no version: that would count
    what happened before it was shown.
    """

    id: str
    kind: PostKind
    at: datetime | None
    author_id: str
    author_name: str | None
    mine: bool
    text: str | None
    status: PostStatus | None
    removed_for: PostRemoval | None
    goal: parts.GoalView | None


class PostForLeader(BaseModel):
    """An ordinary post that waits to be looked at."""

    id: str
    version: int
    kind: PostKind
    at: datetime | None
    author_id: str
    author_name: str | None
    text: str | None


class WordView(BaseModel):
    """A kind word that came, from somebody who is still there."""

    at: datetime
    from_id: str
    name: str | None
    word: NudgeWord


class PartPage(PartRow):
    """One's own part. Before somebody joined, and after they left, nobody else is in it. `next_posts` asks for more."""

    language: str
    mode: str
    where: str | None
    name: str | None
    rules: parts.RulesView
    rules_version: int | None
    agenda: list[parts.TopicView]
    next_meeting: parts.MeetingView | None
    meetings: list[parts.MeetingView]
    members: list[PersonView]
    posts: list[PostView]
    next_posts: str | None
    kind_words: list[WordView]
    to_check: list[PostForLeader]
    can: list[Can]


@dataclass(frozen=True)
class Around:
    """What a part is seen with: its circle, all members and posts of it, and whether its person leads."""

    content: Content
    circle: CircleState
    members: Sequence[Found]
    posts: Sequence[Found]
    leads: bool
    leader: str | None
    now: datetime
    language: str


def part_row(found: Found, circle: CircleState, leads: bool, now: datetime) -> PartRow:
    """One line of the list."""
    me: CircleMemberState = found.state
    to_come = sorted(one.at for one in circle.meetings_on if not one.held and one.at >= now)
    shown = me.status == "joined" and circle.status == "open"
    return PartRow(
        id=found.id,
        version=found.version,
        circle_id=me.circle_id,
        circle_name=circle.title,
        circle_status=circle.status,
        status=me.status,
        leads=leads,
        next_meeting_at=to_come[0] if to_come and shown else None,
    )


def part_page(around: Around, found: Found, after: str | None) -> PartPage:
    """All of it. `after` is the id of the last post of the page before."""
    me, circle = found.state, around.circle
    joined = me.status == "joined"
    known = parts.by_id(list(around.members))
    meetings = parts.meetings(around.content, circle, known, around.language) if joined else []
    to_come = [one for one in meetings if not one.held and one.at >= around.now]
    posts, following = visible_posts(me, known, around.posts, after)
    return PartPage(
        **part_row(found, circle, around.leads, around.now).model_dump(),
        language=circle.language,
        mode=circle.mode,
        where=circle.where if joined else None,
        name=me.name,
        rules=parts.rules(around.content, around.language),
        rules_version=me.rules_version,
        agenda=parts.agenda(around.content, circle, around.language),
        next_meeting=to_come[0] if to_come and circle.status == "open" else None,
        meetings=meetings if around.leads else [one.model_copy(update={"present": []}) for one in meetings],
        members=_people(around, me, known) if joined else [],
        posts=posts,
        next_posts=following,
        kind_words=_kind_words(me, known),
        to_check=leader_posts(me, known, around.posts) if around.leads else [],
        can=_can(me, circle, around.leads),
    )


def visible_posts(
    me: CircleMemberState, known: parts.Members, posts: Sequence[Found], after: str | None = None
) -> tuple[list[PostView], str | None]:
    """What `me` reads, the newest first: one page, and by what the next is asked for."""
    mine = [one for one in posts if reads(me, known.get(one.state.member_id), one.state)]
    ordered = sorted(mine, key=lambda one: (str(one.state.written_at), one.id), reverse=True)
    ids = [one.id for one in ordered]
    start = ids.index(after) + 1 if after in ids else 0
    some = ordered[start : start + PAGE]
    more = len(ordered) > start + PAGE
    return [_post(me, known, one) for one in some], some[-1].id if more else None


def leader_posts(me: CircleMemberState, known: parts.Members, posts: Sequence[Found]) -> list[PostForLeader]:
    """What the leader may look at, the oldest first."""
    waiting = [one for one in posts if checks_as_leader(me, known.get(one.state.member_id), one.state)]
    rows = [
        PostForLeader(
            id=one.id,
            version=one.version,
            kind=one.state.kind,
            at=one.state.written_at,
            author_id=one.state.member_id,
            author_name=known[one.state.member_id].name,
            text=one.state.text,
        )
        for one in waiting
    ]
    return sorted(rows, key=lambda row: (str(row.at), row.id))


def _post(me: CircleMemberState, known: parts.Members, found: Found) -> PostView:
    post: CirclePostState = found.state
    mine = post.member_id == me.member_id
    return PostView(
        id=found.id,
        kind=post.kind,
        at=post.written_at,
        author_id=post.member_id,
        author_name=known[post.member_id].name,
        mine=mine,
        text=post.text,
        status=post.status if mine else None,
        removed_for=post.removed_for if mine and post.status == "removed" else None,
        goal=parts.goal(known, post, me),
    )


def _people(around: Around, me: CircleMemberState, known: parts.Members) -> list[PersonView]:
    here = [one for one in known.values() if one.status == "joined"]
    return [_person(around, me, one) for one in sorted(here, key=lambda one: (str(one.joined_at), one.member_id))]


def _person(around: Around, me: CircleMemberState, one: CircleMemberState) -> PersonView:
    again = may_nudge_from(around.content.clinic.together.circles, around.content.plans.zone, me, one.member_id)
    mine = one.member_id == me.member_id
    running = around.circle.status == "open"
    return PersonView(
        id=one.member_id,
        name=one.name,
        number=around.circle.all_numbers.get(one.member_id),
        me=mine,
        leads=one.member_id == around.leader,
        muted=one.member_id in me.muted,
        can_nudge=running and not mine and (again is None or again <= around.now),
        to_contact=around.leads and not mine and to_contact(around.content, around.circle, one),
    )


def _kind_words(me: CircleMemberState, known: parts.Members) -> list[WordView]:
    words = []
    for one in me.kind_words[::-1] if me.status == "joined" else ():
        sender = known.get(one.from_member_id)
        here = sender is not None and sender.status == "joined" and sender.joined_at and one.at >= sender.joined_at
        if sender is not None and here and one.from_member_id not in me.muted:
            words.append(WordView(at=one.at, from_id=one.from_member_id, name=sender.name, word=one.word))
    return words


def _can(me: CircleMemberState, circle: CircleState, leads: bool) -> list[Can]:
    if me.status == "invited":
        return ["accept", "decline"] if circle.status == "open" else ["decline"]
    if me.status != "joined":
        return []
    if circle.status != "open":
        return ["leave"]
    can: list[Can] = ["leave", "rename", "write", "nudge", "mute"]
    return [*can, "lead"] if leads else can
