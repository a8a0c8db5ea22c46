"""Circles as psychology needs them: how each goes, who has to be contacted, what is to check, who leads."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.content import Content
from services.interventions.domain.circle.decide import QUIET_TIMER, timers
from services.interventions.domain.circle.meetings import last_missed, missed_in_a_row
from services.interventions.domain.circle.state import CircleState, CircleStatus
from services.interventions.domain.circle_member.state import CircleContact, CircleMemberState, MemberStatus
from services.interventions.domain.circle_post.seen import is_here
from services.interventions.domain.circle_post.state import CirclePostState, PostStatus
from services.interventions.domain.peer_leader.decide import SUPERVISION_TIMER
from services.interventions.domain.peer_leader.decide import timers as leader_timers
from services.interventions.domain.peer_leader.state import LeaderStatus, PeerLeaderState, Supervision
from services.interventions.views import circle_parts as parts
from shared.contracts.interventions.circle_post import PostKind, PostReport
from shared.contracts.interventions.peer_leader import LedCircle
from shared.runtime.core import Found

Need = Literal["no_leader", "quiet", "supervision_due", "to_check", "to_contact"]


class LeaderView(BaseModel):
    """Who leads; `name` as they are shown in the circle."""

    member_id: str
    name: str | None


class CircleRow(BaseModel):
    """One circle. `people` counts those in it, `to_check` the posts that wait; `needs` is what to see to."""

    id: str
    version: int
    name: str
    language: str
    mode: str
    status: CircleStatus | None
    people: int
    invited: int
    most_people: int
    leader: LeaderView | None
    last_activity_at: datetime | None
    needs: list[Need]
    to_check: int


class MemberRow(BaseModel):
    """One person of a circle. `missed_meetings` counts those missed in a row; `trained` says that they may lead."""

    id: str
    version: int
    patient_id: str
    name: str | None
    leads: bool
    status: MemberStatus | None
    trained: bool
    missed_meetings: int
    to_contact: bool
    contacts: list[CircleContact]


class ReportRow(BaseModel):
    """Who asked us to look, and why."""

    member_id: str
    patient_id: str | None
    name: str | None
    reason_code: PostReport
    at: datetime


class PostToCheck(BaseModel):
    """A post that somebody has to look at. `risk`: it holds words of the clinic's list."""

    id: str
    version: int
    circle_id: str
    circle_name: str
    kind: PostKind
    at: datetime | None
    member_id: str
    patient_id: str
    author_name: str | None
    text: str | None
    status: PostStatus | None
    risk: bool
    reports: list[ReportRow]
    waits_since: datetime | None


class CirclePage(CircleRow):
    """One circle in full."""

    where: str
    coordinator_id: str
    from_group_id: str | None
    agenda: list[parts.TopicView]
    members: list[MemberRow]
    meetings: list[parts.MeetingView]
    posts_to_check: list[PostToCheck]


class PeerLeaderRow(BaseModel):
    """Somebody who leads, or led. `due_at` is when they are to speak with their supervisor."""

    id: str
    version: int
    patient_id: str
    status: LeaderStatus | None
    trained_on: date | None
    supervisor_id: str
    due: bool
    due_at: datetime | None
    circles: tuple[LedCircle, ...]
    supervisions: tuple[Supervision, ...]


def circle_row(
    content: Content,
    found: Found,
    members: Sequence[Found],
    leaders: Sequence[Found],
    posts: Sequence[Found],
    now: datetime,
) -> CircleRow:
    """How one circle goes. `members` and `posts` are its own, `leaders` at least those of its people."""
    circle: CircleState = found.state
    standing = _standing(leaders, circle.leader_patient_id)
    known = parts.by_id(list(members))
    leader = known.get(circle.leader or "")
    waiting = [one for one in posts if _is_listed(known, one.state)]
    rows = [_member(content, circle, one, leaders) for one in members]
    needs = _needs(content, circle, standing, now)
    more: list[Need] = ["to_check"] if waiting else []
    more += ["to_contact"] if any(row.to_contact for row in rows) else []
    return CircleRow(
        id=found.id,
        version=found.version,
        name=circle.title,
        **circle.model_dump(include={"language", "mode", "status", "most_people"}),
        people=len(circle.patients),
        invited=len(circle.seats) - len(circle.patients),
        leader=LeaderView(member_id=circle.leader, name=leader.name if leader else None)
        if circle.leader and _may_lead(standing)
        else None,
        last_activity_at=circle.active_at,
        needs=[*needs, *more] if circle.status == "open" else [],
        to_check=len(waiting),
    )


def circle_page(
    content: Content,
    found: Found,
    members: Sequence[Found],
    leaders: Sequence[Found],
    posts: Sequence[Found],
    now: datetime,
    language: str,
) -> CirclePage:
    """One circle with its people, those who left among them, and all that waits."""
    circle: CircleState = found.state
    known = parts.by_id(list(members))
    return CirclePage(
        **circle_row(content, found, members, leaders, posts, now).model_dump(),
        where=circle.where,
        coordinator_id=circle.coordinator_id,
        from_group_id=circle.from_group_id,
        agenda=parts.agenda(content, circle, language),
        members=[_member(content, circle, one, leaders) for one in members],
        meetings=parts.meetings(content, circle, known, language),
        posts_to_check=to_check(posts, {found.id: circle}, known),
    )


def to_check(posts: Sequence[Found], circles: dict[str, CircleState], members: parts.Members) -> list[PostToCheck]:
    """What worries comes first, then what was reported, then what has waited longest."""
    rows = [post_to_check(one, circles, members) for one in posts if _is_listed(members, one.state)]
    return sorted(rows, key=lambda row: (not row.risk, not row.reports, str(row.waits_since), row.id))


def post_to_check(found: Found, circles: dict[str, CircleState], members: parts.Members) -> PostToCheck:
    """One post, with who reported it."""
    post: CirclePostState = found.state
    author = members.get(post.member_id)
    same = post.model_dump(
        include={"circle_id", "kind", "member_id", "patient_id", "text", "status", "risk", "waits_since"}
    )
    return PostToCheck(
        id=found.id,
        version=found.version,
        **same,
        circle_name=circles[post.circle_id].title if post.circle_id in circles else "",
        at=post.written_at,
        author_name=author.name if author else None,
        reports=[
            ReportRow(
                **one.model_dump(),
                patient_id=members[one.member_id].patient_id if one.member_id in members else None,
                name=members[one.member_id].name if one.member_id in members else None,
            )
            for one in post.reports
        ],
    )


def peer_leader_row(content: Content, found: Found, now: datetime) -> PeerLeaderRow:
    """One peer leader."""
    state: PeerLeaderState = found.state
    due = leader_timers(content.clinic.together.circles, content.plans.zone, state).get(SUPERVISION_TIMER)
    told = {"circles", "patient_id", "status", "trained_on", "supervisor_id"}
    late = state.due_told_at is not None or (due is not None and due <= now)
    return PeerLeaderRow(
        id=found.id,
        version=found.version,
        **{name: getattr(state, name) for name in told},
        due=late,
        due_at=state.since if state.due_told_at else due,
        supervisions=state.supervisions[::-1],
    )


def to_contact(content: Content, circle: CircleState, member: CircleMemberState) -> bool:
    """Whether somebody missed so many meetings in a row, and was not reached since the last of them."""
    most = content.clinic.together.circles.missed_to_contact
    missed = last_missed(circle, member.member_id)
    if circle.status != "open" or missed is None or missed_in_a_row(circle, member.member_id) < most:
        return False
    return not any(one.reached and one.at >= missed.at for one in member.contacts)


def _is_listed(members: parts.Members, post: CirclePostState) -> bool:
    """Whatever worries is looked at in any case; of whoever left nothing else is shown."""
    return post.to_check and (post.for_psychology or is_here(members.get(post.member_id), post))


def _member(content: Content, circle: CircleState, found: Found, leaders: Sequence[Found]) -> MemberRow:
    member: CircleMemberState = found.state
    trained = _may_lead(_standing(leaders, member.patient_id))
    return MemberRow(
        id=found.id,
        version=found.version,
        patient_id=member.patient_id,
        name=member.name,
        leads=trained and circle.leader == found.id,
        status=member.status,
        trained=trained,
        missed_meetings=missed_in_a_row(circle, found.id),
        to_contact=to_contact(content, circle, member),
        contacts=list(member.contacts[::-1]),
    )


def _needs(content: Content, circle: CircleState, standing: PeerLeaderState | None, now: datetime) -> list[Need]:
    needs: list[Need] = []
    if circle.leader is None or not _may_lead(standing):
        needs.append("no_leader")
    due = timers(content.clinic.together.circles, content.plans.zone, circle).get(QUIET_TIMER)
    if circle.quiet_told_at is not None or (due is not None and due <= now):
        needs.append("quiet")
    if standing is not None and standing.due_told_at is not None:
        needs.append("supervision_due")
    return needs


def _standing(leaders: Sequence[Found], patient_id: str | None) -> PeerLeaderState | None:
    return next((one.state for one in leaders if one.state.patient_id == patient_id), None)


def _may_lead(standing: PeerLeaderState | None) -> bool:
    return standing is not None and standing.status == "trained"
