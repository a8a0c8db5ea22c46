"""How a treatment is kept up, for psychology: who has to be called, each contact, and what follows. And a welcome."""

from datetime import date, datetime

from pydantic import BaseModel

from services.interventions import words
from services.interventions.content import Content
from services.interventions.domain.engagement.ladder import next_at, next_step, quiet_days
from services.interventions.domain.engagement.state import Contact, EngagementState, EngagementStatus
from services.interventions.domain.local import day_of
from shared.contracts.interventions import QuietStep
from shared.runtime.core import Found


class CallRow(BaseModel):
    """One person to call. `attempts` counts the contacts since the call was asked for, `quiet_days` the whole days in
    which nothing was heard.
    """

    id: str
    version: int
    episode_id: str
    patient_id: str
    call_since: datetime | None
    attempts: int
    quiet_days: int


class EngagementPage(CallRow):
    """All of one engagement, the newest contact first. `minutes_total` is clinicians' time, of all contacts together.

    `next_step` is what follows at `next_at` if nothing is heard until then; there is none while nothing is counted.
    """

    status: EngagementStatus | None
    active_on: date | None
    break_until: date | None
    next_step: QuietStep | None
    next_at: datetime | None
    minutes_total: int
    contacts: tuple[Contact, ...]


def call_list(content: Content, found: list[Found], now: datetime) -> list[CallRow]:
    """Whoever has waited longest for the call comes first."""
    rows = [CallRow(**_row(content, one, now)) for one in found]
    return sorted(rows, key=lambda row: (row.call_since or now, row.id))


def engagement_page(content: Content, found: Found, now: datetime) -> EngagementPage:
    """One engagement in full."""
    state: EngagementState = found.state
    due = next_at(content.plans.treatment, content.plans.zone, state)
    return EngagementPage(
        **_row(content, found, now),
        status=state.status,
        active_on=state.active_on,
        break_until=resting_until(content, state, now),
        next_step=next_step(state) if due else None,
        next_at=due,
        minutes_total=state.minutes_total,
        contacts=state.contacts[::-1],
    )


def welcome_back(content: Content, state: EngagementState, now: datetime, language: str) -> str | None:
    """For whoever was not heard from for a while, until the end of the day on which they are back."""
    back_today = state.returned_on is not None and state.returned_on == day_of(now, content.plans.zone)
    if state.status != "active" or not (state.away_since or back_today):
        return None
    return words.WELCOME.in_(language)


def resting_until(content: Content, state: EngagementState, now: datetime) -> date | None:
    """The last day of a break that goes on."""
    goes_on = state.status == "active" and state.break_until and state.break_until >= day_of(now, content.plans.zone)
    return state.break_until if goes_on else None


def _row(content: Content, found: Found, now: datetime) -> dict[str, object]:
    state: EngagementState = found.state
    fields = state.model_dump(include={"episode_id", "patient_id", "call_since", "attempts"})
    days = quiet_days(state, day_of(now, content.plans.zone))
    return {"id": found.id, "version": found.version, **fields, "quiet_days": days}
