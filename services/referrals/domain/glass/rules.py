"""What becomes of an opening: it ends by itself, and a safety lead who is somebody else looks at it in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.referrals.domain.glass.commands import BreakGlass, ReviewGlass
from services.referrals.domain.glass.state import GlassState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.referrals import GlassBroken, GlassReviewed, GlassReviewOverdue

REVIEW = "review"


def decide(clinic: Clinic, state: GlassState, command: Command) -> list[Event]:
    """The events that follow. Raises `Rejected`."""
    match command:
        case BreakGlass():
            return _opened(clinic, state, command)
        case ReviewGlass():
            return _reviewed(state, command)
        case TimerDue(name=name) if name == REVIEW and timers(state):
            return [GlassReviewOverdue(at=command.now, **_whose(state))]
    return []


def evolve(state: GlassState, event: Event) -> GlassState:
    """The opening after `event`."""
    match event:
        case GlassBroken():
            said = event.model_dump(include={"glass_id", "patient_id", "staff_id", "reason", "until", "review_by"})
            return GlassState(**said, opened_at=event.at)
        case GlassReviewOverdue():
            return state.model_copy(update={"overdue": True})
        case GlassReviewed():
            said = event.model_dump(include={"reviewed_by", "verdict", "note"})
            return state.model_copy(update={**said, "reviewed_at": event.at})
    return state


def timers(state: GlassState) -> Mapping[str, datetime]:
    """Until it was looked at, or said to be late."""
    if state.review_by is None or state.verdict is not None or state.overdue:
        return {}
    return {REVIEW: state.review_by}


def keys(state: GlassState) -> Mapping[str, str | None]:
    """What openings are looked up by: who opened, whose record it is, and whether a review is owed."""
    return {
        "staff_id": state.staff_id or None,
        "patient_id": state.patient_id or None,
        "to_review": "yes" if state.glass_id and state.verdict is None else None,
    }


def person(state: GlassState) -> str | None:
    """Under whose key its words are kept."""
    return state.patient_id or None


def is_open(state: GlassState, now: datetime) -> bool:
    """Whether the record is still open by it."""
    return state.until is not None and now < state.until and state.verdict is None


def _opened(clinic: Clinic, state: GlassState, command: BreakGlass) -> list[Event]:
    if state.glass_id:
        raise Rejected("glass-is-there")
    return [
        GlassBroken(
            at=command.now,
            glass_id=command.glass_id,
            patient_id=command.patient_id,
            staff_id=command.staff_id,
            reason=command.reason,
            until=command.now + timedelta(minutes=clinic.access.glass_minutes),
            review_by=command.now + timedelta(hours=clinic.access.review_hours),
        )
    ]


def _reviewed(state: GlassState, command: ReviewGlass) -> list[Event]:
    if state.verdict is not None:
        raise Rejected("glass-is-reviewed")
    if state.staff_id == command.reviewed_by:
        raise Rejected("glass-is-your-own")
    said = {"reviewed_by": command.reviewed_by, "verdict": command.verdict, "note": command.note}
    return [GlassReviewed(at=command.now, **_whose(state), **said)]


def _whose(state: GlassState) -> dict[str, str]:
    return {"glass_id": state.glass_id, "patient_id": state.patient_id, "staff_id": state.staff_id}
