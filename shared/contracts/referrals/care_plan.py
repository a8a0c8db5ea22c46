"""What is said about a person's shared plan: goals, who does what by when, and the discussions between disciplines.

The words are those of FHIR: CarePlan, Goal with its lifecycle, and planned activities with a performer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal

Discipline = Literal["pain", "psychology"]
Performer = Literal["pain", "psychology", "patient", "caregiver"]
ExpressedBy = Literal["patient", "clinician"]
GoalStatus = Literal["active", "achieved", "on_hold", "cancelled"]
ActivityEnd = Literal["completed", "cancelled"]
DiscussionEnd = Literal["answered", "no_longer_needed", "referral_closed"]


class CarePlanEvent(Event):
    """What every event of a plan carries. A person has one plan; its first goal, activity or discussion makes it."""

    care_plan_id: Identifier
    patient_id: Identifier


class GoalSet(CarePlanEvent):
    """Something to reach, in the patient's own words or in a clinician's. `set_by` is who wrote it down."""

    TYPE: ClassVar[str] = "carepath.care_plan.goal_set.v1"

    goal_id: Identifier
    text: Personal[str]
    expressed_by: ExpressedBy
    set_by: Identifier


class GoalChanged(CarePlanEvent):
    """A goal rests, goes on, or ends as achieved or cancelled. What has ended stays so."""

    TYPE: ClassVar[str] = "carepath.care_plan.goal_changed.v1"

    goal_id: Identifier
    status: GoalStatus
    note: Personal[str] = None
    changed_by: Identifier


class ActivityEvent(CarePlanEvent):
    """What every event of an activity carries. Without `performer_id` anybody in that role may do it."""

    activity_id: Identifier
    performer: Performer
    performer_id: Identifier | None = None


class ActivityPlanned(ActivityEvent):
    """Somebody is to do something. `due` is the last day for it, by the clinic's calendar. The performer is told."""

    TYPE: ClassVar[str] = "carepath.care_plan.activity_planned.v1"

    text: Personal[str]
    due: date | None = None
    planned_by: Identifier


class ActivityEnded(ActivityEvent):
    """It was done, or is not needed any more."""

    TYPE: ClassVar[str] = "carepath.care_plan.activity_ended.v1"

    status: ActivityEnd
    note: Personal[str] = None
    ended_by: Identifier


class ActivityOverdue(ActivityEvent):
    """The last day for it is over and it was not ended; said once. A clinician who is named for it is told."""

    TYPE: ClassVar[str] = "carepath.care_plan.activity_overdue.v1"

    due: date


class DiscussionEvent(CarePlanEvent):
    """What every event of a case discussion carries. `referrer_id` is the pain clinician who takes part in it."""

    discussion_id: Identifier
    asked_by: Identifier
    asked_of: Discipline
    referrer_id: Identifier

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Discussions are between clinicians."""
        return False


class DiscussionAsked(DiscussionEvent):
    """One discipline asks the other to discuss the case, and would like an answer by the end of `wanted_by`."""

    TYPE: ClassVar[str] = "carepath.care_plan.discussion_asked.v1"

    question: Personal[str]
    wanted_by: date
    referral_id: Identifier | None = None


class DiscussionScheduled(DiscussionEvent):
    """Those who were asked have set a moment at which people meet. The asker is told."""

    TYPE: ClassVar[str] = "carepath.care_plan.discussion_scheduled.v1"

    meet_at: AwareDatetime
    scheduled_by: Identifier


class DiscussionAnswered(DiscussionEvent):
    """There is an answer. `decided` is what changes because of it, where something does. The asker is told."""

    TYPE: ClassVar[str] = "carepath.care_plan.discussion_answered.v1"

    answer: Personal[str]
    decided: Personal[str] = None
    answered_by: Identifier


class DiscussionOverdue(DiscussionEvent):
    """No answer in time; said again until there is one. `reminder` counts from 1. Whoever was asked is told."""

    TYPE: ClassVar[str] = "carepath.care_plan.discussion_overdue.v1"

    reminder: int = Field(ge=1)


class DiscussionClosed(DiscussionEvent):
    """The asker has read the answer or does not need one any more, or the referral that it was about is closed."""

    TYPE: ClassVar[str] = "carepath.care_plan.discussion_closed.v1"

    reason_code: DiscussionEnd
