"""What screens read of plans: one person's plan, and the discussions that wait. Plain functions of a state."""

from collections.abc import Iterable
from typing import Literal, TypeVar

from pydantic import BaseModel

from services.referrals import access
from services.referrals import care_plan_words as words
from services.referrals.domain.care_plan import rules
from services.referrals.domain.care_plan.state import Activity, CarePlanState, Discussion, Goal
from shared.contracts.referrals import Discipline, Language
from shared.runtime.auth import User

DiscussionList = Literal["to_answer", "mine"]

T = TypeVar("T", Goal, Activity, Discussion)


class GoalView(Goal):
    """One goal. `may_change` says whether the reader may change it now."""

    status_sentence: str
    may_change: bool


class ActivityView(Activity):
    """One activity. `may_end` says whether the reader may end it now; `overdue`, whether its last day is over."""

    status_sentence: str
    overdue: bool
    may_end: bool


class DiscussionView(Discussion):
    """One discussion. `actions` are what the reader may do with it now: `schedule`, `answer`, `close`."""

    status_sentence: str
    overdue: bool
    actions: tuple[str, ...]


class CarePlanView(BaseModel):
    """One person's plan. Version 0: nothing is on it yet. Patients get no discussions, whether or not there are any."""

    id: str
    version: int
    patient_id: str
    patient_name: str | None
    goals: tuple[GoalView, ...]
    activities: tuple[ActivityView, ...]
    discussions: tuple[DiscussionView, ...]


class DiscussionRow(DiscussionView):
    """A discussion in a list over all plans."""

    patient_id: str
    patient_name: str | None


def care_plan_view(
    id: str, version: int, state: CarePlanState, patient_id: str, name: str | None, user: User, language: Language
) -> CarePlanView:
    """A plan as this reader may see it. What is open comes first, each in the order in which it came."""
    discussions = state.discussions if access.sees_discussions(user) else ()
    return CarePlanView(
        id=id,
        version=version,
        patient_id=patient_id,
        patient_name=name,
        goals=tuple(_goal(one, user, language) for one in _open_first(state.goals)),
        activities=tuple(_activity(one, user, language) for one in _open_first(state.activities)),
        discussions=tuple(_discussion(one, user, language) for one in _open_first(discussions)),
    )


def key_of(listed: DiscussionList, role: str) -> str:
    """The key by which the plans of a list are found: those of the reader's discipline, or of the one they ask."""
    return f"asked_of_{_asked_of(listed, role)}"


def is_listed(listed: DiscussionList, user: User, one: Discussion) -> bool:
    """Whether a discussion is on this list of the reader. Psychology answers as a team, a pain clinician alone."""
    if not one.is_open or one.asked_of != _asked_of(listed, user.role):
        return False
    if listed == "mine":
        return one.asked_by == user.id
    return one.is_owed and (user.role == "psychology" or one.referrer_id == user.id)


def discussion_row(one: Discussion, patient_id: str, name: str | None, user: User, language: Language) -> DiscussionRow:
    """A discussion in one line."""
    view = _discussion(one, user, language)
    return DiscussionRow.model_validate({**dict(view), "patient_id": patient_id, "patient_name": name})


def in_order(rows: Iterable[DiscussionRow]) -> list[DiscussionRow]:
    """What is wanted soonest comes first."""
    return sorted(rows, key=lambda row: (row.wanted_by, row.asked_at, row.discussion_id))


def _asked_of(listed: DiscussionList, role: str) -> Discipline:
    own = rules.DISCIPLINES[role]
    return own if listed == "to_answer" else rules.OTHER[own]


def _goal(one: Goal, user: User, language: Language) -> GoalView:
    return GoalView(
        **dict(one),
        status_sentence=words.goal_sentence(one.status, language),
        may_change=rules.may_change_goal(user.role, user.id, one),
    )


def _activity(one: Activity, user: User, language: Language) -> ActivityView:
    return ActivityView(
        **dict(one),
        status_sentence=words.activity_sentence(one.status, language),
        overdue=one.is_open and one.overdue_at is not None,
        may_end=rules.may_end_activity(user.role, one),
    )


def _discussion(one: Discussion, user: User, language: Language) -> DiscussionView:
    return DiscussionView(
        **dict(one),
        status_sentence=words.discussion_sentence(one.status, one.closed_reason, language),
        overdue=one.is_owed and one.reminders > 0,
        actions=rules.discussion_actions(user.role, one),
    )


def _open_first(parts: tuple[T, ...]) -> list[T]:
    return sorted(parts, key=lambda one: not one.is_open)
