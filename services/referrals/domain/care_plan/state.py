"""What a person's plan holds now. Personal fields read as `None` once the person is erased."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import Discipline, DiscussionEnd, ExpressedBy, GoalStatus, Performer

ActivityStatus = Literal["planned", "completed", "cancelled"]
DiscussionStatus = Literal["asked", "scheduled", "answered", "closed"]


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Goal(Part):
    """Something to reach. The note is the latest one."""

    goal_id: str
    text: Personal[str] = None
    expressed_by: ExpressedBy
    set_by: str
    set_at: AwareDatetime
    status: GoalStatus = "active"
    note: Personal[str] = None
    changed_by: str | None = None
    changed_at: AwareDatetime | None = None

    @property
    def is_open(self) -> bool:
        """A goal that rests is still one to reach."""
        return self.status in ("active", "on_hold")


class Activity(Part):
    """Something that somebody does."""

    activity_id: str
    text: Personal[str] = None
    performer: Performer
    performer_id: str | None = None
    due: date | None = None
    planned_by: str
    planned_at: AwareDatetime
    overdue_at: AwareDatetime | None = None
    status: ActivityStatus = "planned"
    note: Personal[str] = None
    ended_by: str | None = None
    ended_at: AwareDatetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status == "planned"


class Discussion(Part):
    """A question of one discipline to the other about this person."""

    discussion_id: str
    question: Personal[str] = None
    asked_by: str
    asked_of: Discipline
    referrer_id: str
    referral_id: str | None = None
    asked_at: AwareDatetime
    wanted_by: date
    meet_at: AwareDatetime | None = None
    reminders: int = 0
    reminded_at: AwareDatetime | None = None
    status: DiscussionStatus = "asked"
    answer: Personal[str] = None
    decided: Personal[str] = None
    answered_by: str | None = None
    answered_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    closed_reason: DiscussionEnd | None = None

    @property
    def is_open(self) -> bool:
        """An answered one is open until the asker has read the answer."""
        return self.status != "closed"

    @property
    def is_owed(self) -> bool:
        """Whether somebody still owes an answer."""
        return self.status in ("asked", "scheduled")


class CarePlanState(Part):
    """One person's plan. What has ended falls off after a while; the ledger has it all."""

    care_plan_id: str = ""
    patient_id: str = ""
    goals: tuple[Goal, ...] = ()
    activities: tuple[Activity, ...] = ()
    discussions: tuple[Discussion, ...] = ()
