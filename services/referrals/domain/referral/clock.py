"""The waiting clock: it starts when a referral is sent, stands still in pauses, and stops when treatment begins.

A redirected referral hands its clock on, so that nobody waits from the beginning again.
"""

from datetime import datetime, timedelta

from services.referrals.domain.referral.state import ReferralState
from shared.contracts.referrals import Pause


def is_paused(state: ReferralState) -> bool:
    """Whether the clock stands still now."""
    return bool(state.pauses) and state.pauses[-1].until is None


def paused_for(state: ReferralState, now: datetime) -> timedelta:
    """All pauses together, the present one up to `now`."""
    return sum((max(timedelta(0), (one.until or now) - one.since) for one in state.pauses), timedelta(0))


def waiting_since(state: ReferralState, now: datetime) -> datetime:
    """When the wait would have begun had there been no pauses. Who waits longest is seen by this."""
    return (state.clock_started_at or now) + paused_for(state, now)


def waited(state: ReferralState, now: datetime) -> timedelta | None:
    """The wait without pauses, up to `now` or to the start of treatment. `None` before the referral is sent."""
    if state.clock_started_at is None:
        return None
    end = state.clock_stopped_at or now
    return max(timedelta(0), end - state.clock_started_at - paused_for(state, end))


def breach_at(state: ReferralState, weeks: int, now: datetime) -> datetime | None:
    """When the wait reaches so many weeks; `None` while the clock does not run."""
    if state.clock_started_at is None or state.clock_stopped_at is not None or is_paused(state):
        return None
    return waiting_since(state, now) + timedelta(weeks=weeks)


def paused(state: ReferralState, at: datetime, reason_code: str) -> tuple[Pause, ...]:
    """The pauses once the clock is stopped at `at`; a clock that stands still already goes on standing still."""
    if is_paused(state):
        return state.pauses
    return (*state.pauses, Pause(since=at, reason_code=reason_code))


def resumed(state: ReferralState, at: datetime) -> tuple[Pause, ...]:
    """The pauses once the clock goes on at `at`, never before the moment when it was stopped."""
    if not is_paused(state):
        return state.pauses
    last = state.pauses[-1]
    return (*state.pauses[:-1], last.model_copy(update={"until": max(at, last.since)}))
