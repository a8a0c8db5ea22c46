"""What is true of a plan after an event, what it waits for, and how it is looked up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.referrals.domain.care_plan.rules import ENDED_KEPT, end_of
from services.referrals.domain.care_plan.state import Activity, CarePlanState, Discussion, Goal
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event

T = TypeVar("T", Goal, Activity, Discussion)


def evolve(state: CarePlanState, event: Event) -> CarePlanState:
    """The plan after `event`."""
    if not isinstance(event, e.CarePlanEvent):
        return state
    update: dict[str, Any] = {"care_plan_id": event.care_plan_id, "patient_id": event.patient_id}
    match event:
        case e.GoalSet() | e.GoalChanged():
            update["goals"] = _goals(state.goals, event)
        case e.ActivityEvent():
            update["activities"] = _activities(state.activities, event)
        case e.DiscussionEvent():
            update["discussions"] = _discussions(state.discussions, event)
    return state.model_copy(update=update)


def timers(clinic: Clinic, state: CarePlanState) -> Mapping[str, datetime]:
    """Each activity with a last day, until it was said that this is over; and each discussion that owes an answer."""
    due = {
        f"activity:{one.activity_id}": end_of(clinic, one.due)
        for one in state.activities
        if one.is_open and one.due is not None and one.overdue_at is None
    }
    return due | {f"discussion:{one.discussion_id}": _owed_at(clinic, one) for one in state.discussions if one.is_owed}


def keys(state: CarePlanState) -> Mapping[str, str | None]:
    """What plans are looked up by: the patient, and whether a discussion is open that a discipline was asked for."""
    asked = {one.asked_of for one in state.discussions if one.is_open}
    return {
        "patient_id": state.patient_id or None,
        "asked_of_pain": "open" if "pain" in asked else None,
        "asked_of_psychology": "open" if "psychology" in asked else None,
    }


def person(state: CarePlanState) -> str | None:
    """Whose key the plan is kept under."""
    return state.patient_id or None


def _owed_at(clinic: Clinic, one: Discussion) -> datetime:
    if one.reminded_at is None:
        owed = end_of(clinic, one.wanted_by)
    else:
        owed = one.reminded_at + timedelta(hours=clinic.clocks.triage_reminder_hours)
    # Whoever has set a moment to meet is not reminded before it.
    return max(owed, one.meet_at) if one.meet_at else owed


def _goals(goals: tuple[Goal, ...], event: e.GoalSet | e.GoalChanged) -> tuple[Goal, ...]:
    if isinstance(event, e.GoalSet):
        made = Goal(**_fields(event, "goal_id", "text", "expressed_by", "set_by"), set_at=event.at)
        return (*goals, made)
    learned = {**_fields(event, "status", "changed_by"), "changed_at": event.at}
    if event.note is not None:
        learned["note"] = event.note
    return _kept(tuple(_with(one, learned) if one.goal_id == event.goal_id else one for one in goals))


def _activities(activities: tuple[Activity, ...], event: e.ActivityEvent) -> tuple[Activity, ...]:
    match event:
        case e.ActivityPlanned():
            told = _fields(event, "activity_id", "text", "performer", "performer_id", "due", "planned_by")
            return (*activities, Activity(**told, planned_at=event.at))
        case e.ActivityEnded():
            learned = {**_fields(event, "status", "note", "ended_by"), "ended_at": event.at}
        case _:
            learned = {"overdue_at": event.at}
    return _kept(tuple(_with(one, learned) if one.activity_id == event.activity_id else one for one in activities))


def _discussions(discussions: tuple[Discussion, ...], event: e.DiscussionEvent) -> tuple[Discussion, ...]:
    if isinstance(event, e.DiscussionAsked):
        told = _fields(event, "discussion_id", "question", "asked_by", "asked_of", "referrer_id", "referral_id")
        return (*discussions, Discussion(**told, wanted_by=event.wanted_by, asked_at=event.at))
    learned = _learned(event)
    return _kept(tuple(_with(one, learned) if one.discussion_id == event.discussion_id else one for one in discussions))


def _learned(event: e.DiscussionEvent) -> dict[str, Any]:
    match event:
        case e.DiscussionScheduled():
            return {"status": "scheduled", "meet_at": event.meet_at}
        case e.DiscussionAnswered():
            told = _fields(event, "answer", "decided", "answered_by")
            return {**told, "status": "answered", "answered_at": event.at}
        case e.DiscussionOverdue():
            return {"reminders": event.reminder, "reminded_at": event.at}
        case e.DiscussionClosed():
            return {"status": "closed", "closed_at": event.at, "closed_reason": event.reason_code}
        case _:
            return {}


def _with(one: T, learned: Mapping[str, Any]) -> T:
    return one.model_copy(update=dict(learned))


def _kept(parts: tuple[T, ...]) -> tuple[T, ...]:
    """All that is open, and the newest of what has ended."""
    ended = [one for one in parts if not one.is_open]
    gone = ended[:-ENDED_KEPT]
    return tuple(one for one in parts if one not in gone)


def _fields(event: Event, *names: str) -> dict[str, Any]:
    return {name: getattr(event, name) for name in names}
