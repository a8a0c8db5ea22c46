"""What somebody may want to happen to a person's plan."""

from datetime import date

from pydantic import AwareDatetime

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import ActivityEnd, ExpressedBy, GoalStatus, Performer


class AddToCarePlan(Command):
    """What all commands have in common that may be the first for their plan."""

    care_plan_id: Identifier
    patient_id: Identifier


class SetGoal(AddToCarePlan):
    """Something to reach. What a patient sets is in the patient's own words."""

    goal_id: Identifier
    text: str
    expressed_by: ExpressedBy


class ChangeGoal(Command):
    """Let a goal rest or go on, or end it."""

    goal_id: Identifier
    status: GoalStatus
    note: str | None = None


class PlanActivity(AddToCarePlan):
    """Somebody is to do something, on the day `due` at the latest. `caregiver_ids`: those whom the patient trusts."""

    activity_id: Identifier
    text: str
    performer: Performer
    performer_id: Identifier | None = None
    due: date | None = None
    caregiver_ids: tuple[Identifier, ...] = ()


class EndActivity(Command):
    """It was done, or is not needed any more."""

    activity_id: Identifier
    status: ActivityEnd
    note: str | None = None


class AskDiscussion(AddToCarePlan):
    """Ask the other discipline. `referrer_id` is the pain clinician whom psychology asks; a pain clinician asks as
    themselves.
    """

    discussion_id: Identifier
    question: str
    wanted_by: date
    referrer_id: Identifier
    referral_id: Identifier | None = None


class ScheduleDiscussion(Command):
    """Those who were asked set a moment to meet; a later one replaces it."""

    discussion_id: Identifier
    meet_at: AwareDatetime


class AnswerDiscussion(Command):
    """Those who were asked answer."""

    discussion_id: Identifier
    answer: str
    decided: str | None = None


class CloseDiscussion(Command):
    """The discipline that asked has read the answer, or needs none any more."""

    discussion_id: Identifier


class CloseForReferral(Command):
    """A referral has closed: so do the discussions about it."""

    referral_id: Identifier
