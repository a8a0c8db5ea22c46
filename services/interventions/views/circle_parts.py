"""What pages of circles have in common: meetings with their topics, and goals."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.interventions.catalogue import newest_rules
from services.interventions.content import Content
from services.interventions.domain.circle.state import CircleMeeting, CircleState
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post.seen import goal_joined, has_joined
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.views.reading import in_one_language
from shared.runtime.core import Found

Members = Mapping[str, CircleMemberState]


class PointView(BaseModel):
    """One part of a meeting; `minutes` are a help."""

    minutes: int
    text: str


class TopicView(BaseModel):
    """One topic of the agenda."""

    id: str
    title: str
    points: list[PointView]


class AgendaRow(BaseModel):
    """One list of topics that a circle can follow, in its newest version."""

    id: str
    version: int
    title: str


class MeetingView(BaseModel):
    """One meeting. `topic` is `None` if the agenda has it no more; `present` are members who are still there."""

    number: int
    at: datetime
    minutes: int
    where: str
    topic: TopicView | None
    held: bool
    present: list[str]


class GoalView(BaseModel):
    """How many others share a goal."""

    joined_by_me: bool
    joined: int
    reached: bool


class RulesView(BaseModel):
    """What people promise each other."""

    version: int
    rules: list[str]


def by_id(found: list[Found]) -> dict[str, CircleMemberState]:
    """Members by their id."""
    return {one.id: one.state for one in found}


def agendas(content: Content, language: str) -> list[AgendaRow]:
    """What a circle that starts now can follow."""
    newest = {one.id: one for one in sorted(content.catalogue.agendas, key=lambda one: one.version)}
    rows = [AgendaRow(id=one.id, version=one.version, title=one.title.in_(language)) for one in newest.values()]
    return sorted(rows, key=lambda row: row.id)


def agenda(content: Content, circle: CircleState, language: str) -> list[TopicView]:
    """The topics that its meetings follow."""
    pinned = content.catalogue.agenda(circle.agenda_id, circle.agenda_version)
    return [TopicView(**_read(topic, language)) for topic in pinned.topics] if pinned else []


def rules(content: Content, language: str) -> RulesView:
    """What whoever joins now agrees to."""
    newest = newest_rules(content.catalogue.circle_rules)
    return RulesView(version=newest.version, rules=[one.in_(language) for one in newest.rules])


def meetings(content: Content, circle: CircleState, members: Members, language: str) -> list[MeetingView]:
    """All that take place, or did, in order of time."""
    topics = {topic.id: topic for topic in agenda(content, circle, language)}
    ordered = sorted(circle.meetings_on, key=lambda one: (one.at, one.number))
    return [_meeting(circle, one, topics, members) for one in ordered]


def goal(members: Members, post: CirclePostState, me: CircleMemberState | None) -> GoalView | None:
    """What became of a goal; `None` for a message."""
    if post.kind != "goal":
        return None
    mine = me is not None and has_joined(me, post)
    return GoalView(joined_by_me=mine, joined=goal_joined(members, post), reached=post.reached_at is not None)


def _meeting(
    circle: CircleState, meeting: CircleMeeting, topics: Mapping[str, TopicView], members: Members
) -> MeetingView:
    here = [one for one in meeting.present if one in members and members[one].status == "joined"]
    return MeetingView(
        number=meeting.number,
        at=meeting.at,
        minutes=meeting.minutes,
        where=meeting.where or circle.where,
        topic=topics.get(meeting.topic),
        held=meeting.held,
        present=here,
    )


def _read(topic: Any, language: str) -> Any:
    return in_one_language(topic, language)
