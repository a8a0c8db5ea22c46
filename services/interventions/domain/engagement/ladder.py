"""What follows when nothing is heard from somebody in treatment, and when. Whole days by the clinic's calendar."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.local import day_begins
from shared.contracts.clinic_treatment import Treatment
from shared.contracts.interventions import QuietStep

STEPS: tuple[QuietStep, ...] = ("nudge", "coach_call", "referrer_note")
ABOVE: QuietStep = "coach_call"
"""Above the last step the call is asked for again and again: a person who is not heard from is never dropped."""


def next_step(state: EngagementState) -> QuietStep:
    """What follows the steps that were taken."""
    return STEPS[state.rung] if state.rung < len(STEPS) else ABOVE


def next_at(treatment: Treatment, zone: ZoneInfo, state: EngagementState) -> datetime | None:
    """When the next step is taken if nothing is heard; `None` while nothing is counted.

    A step that came late, since the system stood still or there was nothing to do, moves those after it.
    """
    if state.status != "active" or state.since is None:
        return None
    first_quiet_day = state.since + timedelta(days=1)
    counted_from = max(first_quiet_day, state.rung_day or first_quiet_day)
    return day_begins(counted_from + timedelta(days=_wait(treatment, state.rung)), zone)


def quiet_days(state: EngagementState, today: date) -> int:
    """How many whole days nothing was heard; 0 while nothing is counted."""
    return max(0, (today - state.since).days - 1) if state.since else 0


def _wait(treatment: Treatment, rung: int) -> int:
    days = treatment.quiet_days
    if rung >= len(days):
        return treatment.call_again_days
    return days[rung] - (days[rung - 1] if rung else 0)
