"""What a command makes happen to a person's plan; saying again what already stands makes nothing happen."""

from typing import Any, TypeVar

from services.referrals.domain.care_plan import commands as c
from services.referrals.domain.care_plan import rules
from services.referrals.domain.care_plan.evolve import timers
from services.referrals.domain.care_plan.state import Activity, CarePlanState, Discussion, Goal
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event

T = TypeVar("T")


def decide(clinic: Clinic, state: CarePlanState, command: Command) -> list[Event]:
    """The events of `command`, or `Rejected`."""
    match command:
        case TimerDue():
            return _timer_due(clinic, state, command)
        case c.SetGoal():
            return [_set_goal(state, command)]
        case c.ChangeGoal():
            return _change_goal(state, command)
        case c.PlanActivity():
            return [_plan_activity(clinic, state, command)]
        case c.EndActivity():
            return [_end_activity(state, command)]
        case c.AskDiscussion():
            return [_ask(clinic, state, command)]
        case c.ScheduleDiscussion() | c.AnswerDiscussion() | c.CloseDiscussion():
            return [_go_on(state, command)]
        case c.CloseForReferral():
            return [
                e.DiscussionClosed(**_discussion_ids(state, command, one), reason_code="referral_closed")
                for one in state.discussions
                if one.is_open and one.referral_id == command.referral_id
            ]
        case _:
            raise TypeError(f"a care plan does not know {type(command).__name__}")


def _set_goal(state: CarePlanState, command: c.SetGoal) -> Event:
    role, user_id = rules.who(command)
    if role != "patient":
        rules.clinicians_discipline(role)
    elif user_id != command.patient_id:
        raise Rejected("not-yours")
    _check_new(state, command.goal_id)
    if not command.text and role == "patient":
        raise Rejected("own-goal-missing", field="goal")
    if not command.text:
        raise Rejected("goal-missing", field="goal")
    if _open(state.goals) >= rules.MOST_GOALS:
        raise Rejected("goals-full", most=rules.MOST_GOALS)
    return e.GoalSet(
        **_ids(command, command),
        goal_id=command.goal_id,
        text=command.text,
        expressed_by="patient" if role == "patient" else command.expressed_by,
        set_by=user_id,
    )


def _change_goal(state: CarePlanState, command: c.ChangeGoal) -> list[Event]:
    role, user_id = rules.who(command)
    goal = _one([one for one in state.goals if one.goal_id == command.goal_id])
    if not goal.is_open:
        raise Rejected("goal-ended")
    if not rules.may_change_goal(role, user_id, goal):
        raise Rejected("not-yours")
    if goal.status == command.status and not command.note:
        return []
    return [
        e.GoalChanged(
            **_ids(state, command),
            goal_id=goal.goal_id,
            status=command.status,
            note=command.note or None,
            changed_by=user_id,
        )
    ]


def _plan_activity(clinic: Clinic, state: CarePlanState, command: c.PlanActivity) -> Event:
    role, user_id = rules.who(command)
    rules.clinicians_discipline(role)
    _check_new(state, command.activity_id)
    if not command.text:
        raise Rejected("activity-missing", field="activity")
    known = rules.performers(clinic, command.patient_id, command.caregiver_ids)
    if command.performer_id is not None and command.performer_id not in known[command.performer]:
        raise Rejected("performer-unknown")
    if command.due is not None and not rules.is_ahead(clinic, command.due, command.now):
        raise Rejected("due-invalid")
    if _open(state.activities) >= rules.MOST_ACTIVITIES:
        raise Rejected("activities-full", most=rules.MOST_ACTIVITIES)
    return e.ActivityPlanned(
        **_ids(command, command),
        activity_id=command.activity_id,
        text=command.text,
        performer=command.performer,
        performer_id=command.performer_id,
        due=command.due,
        planned_by=user_id,
    )


def _end_activity(state: CarePlanState, command: c.EndActivity) -> Event:
    role, user_id = rules.who(command)
    activity = _one([one for one in state.activities if one.activity_id == command.activity_id])
    if not activity.is_open:
        raise Rejected("activity-ended")
    if not rules.may_end_activity(role, activity):
        raise Rejected("not-yours")
    return e.ActivityEnded(
        **_activity_ids(state, command, activity),
        status=command.status,
        note=command.note or None,
        ended_by=user_id,
    )


def _ask(clinic: Clinic, state: CarePlanState, command: c.AskDiscussion) -> Event:
    role, user_id = rules.who(command)
    discipline = rules.clinicians_discipline(role)
    _check_new(state, command.discussion_id)
    if not command.question:
        raise Rejected("question-missing", field="question")
    if not rules.is_ahead(clinic, command.wanted_by, command.now):
        raise Rejected("wanted-by-invalid")
    if _open(state.discussions) >= rules.MOST_DISCUSSIONS:
        raise Rejected("discussions-full", most=rules.MOST_DISCUSSIONS)
    return e.DiscussionAsked(
        **_ids(command, command),
        discussion_id=command.discussion_id,
        asked_by=user_id,
        asked_of=rules.OTHER[discipline],
        referrer_id=user_id if discipline == "pain" else command.referrer_id,
        question=command.question,
        wanted_by=command.wanted_by,
        referral_id=command.referral_id,
    )


def _go_on(
    state: CarePlanState, command: c.ScheduleDiscussion | c.AnswerDiscussion | c.CloseDiscussion
) -> e.DiscussionEvent:
    role, user_id = rules.who(command)
    one = _one([one for one in state.discussions if one.discussion_id == command.discussion_id])
    if not one.is_open:
        raise Rejected("discussion-closed")
    wanted = {c.ScheduleDiscussion: "schedule", c.AnswerDiscussion: "answer", c.CloseDiscussion: "close"}
    if wanted[type(command)] not in rules.discussion_actions(role, one):
        if not one.is_owed and rules.clinicians_discipline(role) == one.asked_of:
            raise Rejected("already-answered")
        raise Rejected("role-not-allowed")
    ids = _discussion_ids(state, command, one)
    match command:
        case c.ScheduleDiscussion():
            if not command.now < command.meet_at <= command.now + rules.FURTHEST:
                raise Rejected("meet-at-invalid")
            return e.DiscussionScheduled(**ids, meet_at=command.meet_at, scheduled_by=user_id)
        case c.AnswerDiscussion():
            if not command.answer:
                raise Rejected("answer-missing", field="answer")
            return e.DiscussionAnswered(
                **ids, answer=command.answer, decided=command.decided or None, answered_by=user_id
            )
        case c.CloseDiscussion():
            return e.DiscussionClosed(**ids, reason_code="no_longer_needed" if one.is_owed else "answered")


def _timer_due(clinic: Clinic, state: CarePlanState, command: TimerDue) -> list[Event]:
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now:
        return []
    kind, _, id = command.name.partition(":")
    if kind == "activity":
        activity = next(one for one in state.activities if one.activity_id == id)
        assert activity.due is not None
        return [e.ActivityOverdue(**_activity_ids(state, command, activity), due=activity.due)]
    one = next(one for one in state.discussions if one.discussion_id == id)
    return [e.DiscussionOverdue(**_discussion_ids(state, command, one), reminder=one.reminders + 1)]


def _check_new(state: CarePlanState, id: str) -> None:
    known = [*(one.goal_id for one in state.goals), *(one.activity_id for one in state.activities)]
    if id in known or id in [one.discussion_id for one in state.discussions]:
        raise Rejected("already-exists")


def _one(found: list[T]) -> T:
    if not found:
        raise Rejected("not-in-plan")
    return found[0]


def _open(parts: tuple[Goal, ...] | tuple[Activity, ...] | tuple[Discussion, ...]) -> int:
    return sum(one.is_open for one in parts)


def _ids(of: CarePlanState | c.AddToCarePlan, command: Command) -> dict[str, Any]:
    return {"at": command.now, "care_plan_id": of.care_plan_id, "patient_id": of.patient_id}


def _activity_ids(state: CarePlanState, command: Command, one: Activity) -> dict[str, Any]:
    part = {name: getattr(one, name) for name in ("activity_id", "performer", "performer_id")}
    return {**_ids(state, command), **part}


def _discussion_ids(state: CarePlanState, command: Command, one: Discussion) -> dict[str, Any]:
    part = {name: getattr(one, name) for name in ("discussion_id", "asked_by", "asked_of", "referrer_id")}
    return {**_ids(state, command), **part}
