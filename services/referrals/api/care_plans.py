"""The plan that disciplines share with the patient, and the discussions between disciplines.

A person's plan is there from the first write on: read before, it is empty and has version 0, which is what `If-Match`
then says. Whoever may read it may write to it; what exactly is decided in the domain.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Response

from services.referrals import access
from services.referrals import care_plan_views as views
from services.referrals.api import care_plan_bodies as bodies
from services.referrals.api.router import router
from services.referrals.domain.care_plan import commands as c
from services.referrals.domain.care_plan import rules
from services.referrals.domain.care_plan.state import CarePlanState
from services.referrals.domain.patient.record import caregiver_ids
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral.state import ReferralState
from services.referrals.reactions import care_plan_of
from shared.contracts.commands import Command
from shared.contracts.referrals import Language
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import User
from shared.runtime.http import Caller, Found, allow

SHARERS = ("referrer", "psychology", "patient")
CLINICIANS = ("referrer", "psychology")


@dataclass(frozen=True)
class _Person:
    """A patient whose plan the caller shares, with their referrals."""

    patient: PatientState
    referrals: Sequence[ReferralState]


@router.get("/patients/{patient_id}/care-plan")
async def care_plan(patient_id: str, language: Language = "en", caller: Caller = allow(*SHARERS)) -> views.CarePlanView:
    """One person's plan."""
    person = await _person(caller, patient_id)
    [found] = await caller.find("care_plan", patient_id=patient_id) or [_nothing_yet(patient_id)]
    return views.care_plan_view(
        found.id, found.version, found.state, patient_id, person.patient.name, caller.user, language
    )


@router.post("/patients/{patient_id}/care-plan/goals")
async def set_goal(patient_id: str, body: bodies.GoalBody, caller: Caller = allow(*SHARERS)) -> Response:
    """Add something to reach."""
    await _person(caller, patient_id)
    return await _add(
        caller,
        patient_id,
        lambda plan, key: c.SetGoal(
            now=caller.now,
            actor=caller.actor,
            care_plan_id=plan,
            patient_id=patient_id,
            goal_id=derived_id("goal", plan, key),
            text=body.goal,
            expressed_by=body.expressed_by,
        ),
    )


@router.post("/patients/{patient_id}/care-plan/goals/{goal_id}")
async def change_goal(
    patient_id: str, goal_id: str, body: bodies.GoalChangeBody, caller: Caller = allow(*SHARERS)
) -> Response:
    """Let it rest or go on, or end it."""
    command = c.ChangeGoal(now=caller.now, actor=caller.actor, goal_id=goal_id, **dict(body))
    return await _change(caller, patient_id, command)


@router.post("/patients/{patient_id}/care-plan/activities")
async def plan_activity(patient_id: str, body: bodies.ActivityBody, caller: Caller = allow(*CLINICIANS)) -> Response:
    """Add something that somebody is to do."""
    person = await _person(caller, patient_id)
    return await _add(
        caller,
        patient_id,
        lambda plan, key: c.PlanActivity(
            now=caller.now,
            actor=caller.actor,
            care_plan_id=plan,
            patient_id=patient_id,
            activity_id=derived_id("activity", plan, key),
            text=body.activity,
            performer=body.performer,
            performer_id=body.performer_id,
            due=body.due,
            caregiver_ids=caregiver_ids(person.patient),
        ),
    )


@router.post("/patients/{patient_id}/care-plan/activities/{activity_id}/end")
async def end_activity(
    patient_id: str, activity_id: str, body: bodies.ActivityEndBody, caller: Caller = allow(*SHARERS)
) -> Response:
    """It was done, or is not needed any more."""
    command = c.EndActivity(now=caller.now, actor=caller.actor, activity_id=activity_id, **dict(body))
    return await _change(caller, patient_id, command)


@router.post("/patients/{patient_id}/care-plan/discussions")
async def ask_discussion(patient_id: str, body: bodies.AskBody, caller: Caller = allow(*CLINICIANS)) -> Response:
    """Ask the other discipline to discuss the case."""
    person = await _person(caller, patient_id)
    user = caller.user
    referrer = rules.pain_clinician(user.role, user.id, person.referrals, person.patient, body.referral_id)
    return await _add(
        caller,
        patient_id,
        lambda plan, key: c.AskDiscussion(
            now=caller.now,
            actor=caller.actor,
            care_plan_id=plan,
            patient_id=patient_id,
            discussion_id=derived_id("discussion", plan, key),
            referrer_id=referrer,
            **dict(body),
        ),
    )


@router.post("/patients/{patient_id}/care-plan/discussions/{discussion_id}/schedule")
async def schedule_discussion(
    patient_id: str, discussion_id: str, body: bodies.ScheduleBody, caller: Caller = allow(*CLINICIANS)
) -> Response:
    """Set a moment to meet."""
    command = c.ScheduleDiscussion(now=caller.now, actor=caller.actor, discussion_id=discussion_id, **dict(body))
    return await _change(caller, patient_id, command)


@router.post("/patients/{patient_id}/care-plan/discussions/{discussion_id}/answer")
async def answer_discussion(
    patient_id: str, discussion_id: str, body: bodies.DiscussionAnswerBody, caller: Caller = allow(*CLINICIANS)
) -> Response:
    """Answer."""
    command = c.AnswerDiscussion(now=caller.now, actor=caller.actor, discussion_id=discussion_id, **dict(body))
    return await _change(caller, patient_id, command)


@router.post("/patients/{patient_id}/care-plan/discussions/{discussion_id}/close")
async def close_discussion(patient_id: str, discussion_id: str, caller: Caller = allow(*CLINICIANS)) -> Response:
    """The answer was read, or is not needed any more."""
    command = c.CloseDiscussion(now=caller.now, actor=caller.actor, discussion_id=discussion_id)
    return await _change(caller, patient_id, command)


@router.get("/discussions")
async def discussions(
    listed: Annotated[views.DiscussionList, Query(alias="list")] = "to_answer",
    language: Language = "en",
    caller: Caller = allow(*CLINICIANS),
) -> list[views.DiscussionRow]:
    """What the caller is asked, or what they asked themselves and have not closed; what is wanted soonest first."""
    user = caller.user
    plans = await caller.find("care_plan", **{views.key_of(listed, user.role): "open"})
    wanted = [
        (one, plan.state.patient_id)
        for plan in plans
        for one in plan.state.discussions
        if views.is_listed(listed, user, one)
    ]
    ids = sorted({patient_id for _, patient_id in wanted})
    people = await asyncio.gather(*(caller.load("patient", id, may=access.of_a_discussion_seen) for id in ids))
    names = {found.id: found.state.name for found in people}
    return views.in_order(views.discussion_row(one, id, names[id], user, language) for one, id in wanted)


async def _person(caller: Caller, patient_id: str) -> _Person:
    """The patient, if the caller shares their plan. Raises `NotFound`."""
    referrals = [one.state for one in await caller.find("referral", patient_id=patient_id)]

    def may(user: User, patient: PatientState) -> bool:
        return access.shares_care_plan(user, patient, referrals)

    found = await caller.load("patient", patient_id, may=may)
    return _Person(found.state, referrals)


async def _add(caller: Caller, patient_id: str, make: Callable[[str, str], Command]) -> Response:
    plan = care_plan_of(patient_id)
    return await caller.begin_or_change("care_plan", plan, lambda key: make(plan, key))


async def _change(caller: Caller, patient_id: str, command: Command) -> Response:
    await _person(caller, patient_id)
    return await _add(caller, patient_id, lambda *_: command)


def _nothing_yet(patient_id: str) -> Found:
    return Found(care_plan_of(patient_id), 0, CarePlanState())
