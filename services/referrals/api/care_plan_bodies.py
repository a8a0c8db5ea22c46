"""What requests about a plan may carry."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from services.referrals.api.bodies import Body, Text
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import ActivityEnd, ExpressedBy, GoalStatus, Performer

# A plan is read at a glance: what is longer belongs into a discussion.
Line = Annotated[str, Field(max_length=500)]


class GoalBody(Body):
    """Something to reach. `expressed_by` counts for clinicians; patients always speak for themselves."""

    goal: Line = ""
    expressed_by: ExpressedBy = "patient"


class GoalChangeBody(Body):
    """How it goes on with a goal."""

    status: GoalStatus
    note: Line | None = None


class ActivityBody(Body):
    """Who does what, on which day at the latest."""

    activity: Line = ""
    performer: Performer
    performer_id: Identifier | None = None
    due: date | None = None


class ActivityEndBody(Body):
    """Whether it was done."""

    status: ActivityEnd
    note: Line | None = None


class AskBody(Body):
    """A question to the other discipline, perhaps about one referral."""

    question: Text = ""
    wanted_by: date
    referral_id: Identifier | None = None


class ScheduleBody(Body):
    """The moment to meet."""

    meet_at: AwareDatetime


class DiscussionAnswerBody(Body):
    """The answer, and what changes because of it."""

    answer: Text = ""
    decided: Text | None = None
