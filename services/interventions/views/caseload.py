"""Everybody in treatment in one line each: what is owed next, who was last in touch, how far they are."""

from datetime import date, datetime

from pydantic import BaseModel

from services.interventions.content import Content
from services.interventions.domain import caseload
from services.interventions.domain.engagement.ladder import quiet_days
from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.group.state import GroupState
from services.interventions.domain.local import day_of
from services.interventions.views.engagement import resting_until
from services.interventions.views.episodes import EpisodeRow, episode_row
from shared.contracts.interventions import ContactKind
from shared.runtime.core import Found


class CaseRow(EpisodeRow):
    """`next` is the one thing owed, `next_since` since when it waits; of `later`, when it comes. `overdue`: questions
    have waited too long. `meeting_at` is the group's next meeting, `alert_id` the open alert that was raised last.

    `heard_on` is the last day on which the person did something, `quiet_days` the whole days since. `last_contact_at`
    is when psychology was last in touch with them, or tried to be.
    """

    clinician_id: str | None
    next: caseload.Kind
    next_since: datetime | date
    overdue: bool
    alert_id: str | None
    meeting_at: datetime | None
    break_until: date | None
    heard_on: date | None
    quiet_days: int
    last_contact_at: datetime | None
    last_contact_kind: ContactKind | None
    last_contact_reached: bool | None


class Caseload(BaseModel):
    """A page of the list. `next` asks for the page after it; `total` is of all pages, `None` above 1,000."""

    rows: list[CaseRow]
    next: str | None
    total: int | None


def need_of(content: Content, episode: Found, engagement: EngagementState | None) -> caseload.Need | None:
    """The one thing that is owed, by what the treatment and its engagement know."""
    heard = caseload.of_engagement(engagement) if engagement else None
    mine = caseload.of_episode(content.plans, episode.state)
    return caseload.what_next(mine, heard) if mine else None


def case_row(
    content: Content,
    episode: Found,
    engagement: EngagementState | None,
    group: GroupState | None,
    need: caseload.Need,
    now: datetime,
    language: str,
) -> CaseRow:
    """One treatment as a line."""
    state = episode.state
    last = engagement.contacts[-1] if engagement and engagement.contacts else None
    return CaseRow(
        **episode_row(content, episode, now, language).model_dump(),
        clinician_id=state.clinician_id,
        next=need.kind,
        next_since=need.since,
        overdue=caseload.is_overdue(content.plans, need, now),
        alert_id=state.open_alerts[-1] if state.open_alerts else None,
        meeting_at=_next_meeting(group, now) if group else None,
        break_until=resting_until(content, engagement, now) if engagement else None,
        heard_on=engagement.active_on if engagement else None,
        quiet_days=quiet_days(engagement, day_of(now, content.plans.zone)) if engagement else 0,
        last_contact_at=last.at if last else None,
        last_contact_kind=last.kind if last else None,
        last_contact_reached=last.reached if last else None,
    )


def _next_meeting(group: GroupState, now: datetime) -> datetime | None:
    return min((one.at for one in group.unsettled if one.at >= now), default=None)
