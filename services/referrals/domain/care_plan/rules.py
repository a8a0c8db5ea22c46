"""Who may do what with a plan, and how much it holds. Decisions and "what may I do now" both read this."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.referrals.domain.care_plan.state import Activity, Discussion, Goal
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral import machine
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_staff import StaffRole
from shared.contracts.commands import Command, Rejected
from shared.contracts.referrals import Discipline

MOST_GOALS = 10
MOST_ACTIVITIES = 30
MOST_DISCUSSIONS = 10
"""How many may be open at once: a plan that nobody can read at a glance helps nobody. Chosen here, without a source."""

ENDED_KEPT = 20
"""How many of each kind stay on the plan after their end."""

FURTHEST = timedelta(days=5 * 365)
"""A day further ahead is taken for a slip of the pen."""

DISCIPLINES: Mapping[str, Discipline] = {"referrer": "pain", "psychology": "psychology"}
ROLES: Mapping[Discipline, StaffRole] = {"pain": "referrer", "psychology": "psychology"}
OTHER: Mapping[Discipline, Discipline] = {"pain": "psychology", "psychology": "pain"}


def who(command: Command) -> tuple[str, str]:
    """Role and id of whoever wants it."""
    role, _, user_id = command.actor.partition(":")
    return role, user_id


def clinicians_discipline(role: str) -> Discipline:
    """The discipline of a clinician. Raises `Rejected` for everybody else."""
    if role not in DISCIPLINES:
        raise Rejected("role-not-allowed")
    return DISCIPLINES[role]


def may_change_goal(role: str, user_id: str, goal: Goal) -> bool:
    """Clinicians may change each goal, patients those that they set themselves; nobody one that has ended."""
    return goal.is_open and (role in DISCIPLINES or (role == "patient" and goal.set_by == user_id))


def may_end_activity(role: str, activity: Activity) -> bool:
    """Clinicians may end each activity, patients what they do themselves."""
    return activity.is_open and (role in DISCIPLINES or (role == "patient" and activity.performer == "patient"))


def discussion_actions(role: str, discussion: Discussion) -> tuple[str, ...]:
    """Those who were asked schedule and answer; those who asked close."""
    discipline = DISCIPLINES.get(role)
    if discipline is None or not discussion.is_open:
        return ()
    if discipline != discussion.asked_of:
        return ("close",)
    return ("schedule", "answer") if discussion.is_owed else ()


def pain_clinician(
    role: str, user_id: str, referrals: Sequence[ReferralState], patient: PatientState, referral_id: str | None
) -> str:
    """Who takes part in a discussion for the pain team: the asker, or else whose referral it is about, or the referrer
    of the newest open one, or who registered the patient. Raises `Rejected`.
    """
    still_open = {one.referral_id: one for one in referrals if not machine.is_closed(one)}
    if referral_id is not None and referral_id not in still_open:
        raise Rejected("referral-unknown")
    if role == "referrer":
        return user_id
    about = [still_open[referral_id]] if referral_id else sorted(still_open.values(), key=_sent_at)
    found = about[-1].referrer_id if about else patient.registered_by
    if found is None:
        raise Rejected("referrer-unknown")
    return found


def performers(clinic: Clinic, patient_id: str, caregiver_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Who can be named for an activity, by role."""
    staff: dict[str, frozenset[str]] = {
        discipline: frozenset(member.id for member in clinic.staff if member.role == role)
        for discipline, role in ROLES.items()
    }
    return {**staff, "patient": frozenset({patient_id}), "caregiver": frozenset(caregiver_ids)}


def day_of(clinic: Clinic, now: datetime) -> date:
    """The day on which `now` is by the clinic's calendar."""
    return now.astimezone(ZoneInfo(clinic.time_zone)).date()


def is_ahead(clinic: Clinic, day: date, now: datetime) -> bool:
    """Whether `day` is today or one of the coming days that people plan for."""
    first = day_of(clinic, now)
    return first <= day <= first + FURTHEST


def end_of(clinic: Clinic, day: date) -> datetime:
    """The moment at which `day` is over by the clinic's clock."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(clinic.time_zone))


def _sent_at(referral: ReferralState) -> float:
    return referral.submitted_at.timestamp() if referral.submitted_at else 0.0
