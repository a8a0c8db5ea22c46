"""Who may see or do what here. Deny by default; the runtime reads a refusal as "there is nothing here".

A patient sees their own treatment, psychology sees all, services read. Trusted persons and referrers see nothing here:
the pain team hears the outcome through the referral.
"""

from services.interventions.domain.alert.state import AlertState
from services.interventions.domain.check_in.state import CheckInState
from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.feedback.state import FeedbackState
from services.interventions.domain.group.state import GroupState
from services.interventions.domain.membership.state import MembershipState
from services.interventions.domain.resource.state import ResourceState
from services.interventions.domain.series.state import SeriesState
from shared.runtime.auth import User
from shared.runtime.http import Caller

_OfPatient = EpisodeState | SeriesState | CheckInState | EngagementState | FeedbackState | MembershipState


def sees(user: User, state: EpisodeState | SeriesState | CheckInState) -> bool:
    """Read an episode or its questionnaires."""
    return user.role in ("psychology", "service") or _is_own(user, state)


def takes_part(user: User, state: EpisodeState | SeriesState | CheckInState | EngagementState) -> bool:
    """Complete a module, answer a question or take a break: the patient, or a clinician on their behalf."""
    return user.role == "psychology" or _is_own(user, state)


def treats(user: User, state: EpisodeState | AlertState | EngagementState) -> bool:
    """Open a module early, end a treatment, look after an alert, log a contact."""
    return user.role == "psychology"


def keeps_notes(user: User, state: EpisodeState) -> bool:
    """Write notes on sessions and read one's own: who held the first meeting, or anybody in psychology where there was
    none. Nobody reads another's.
    """
    return user.role == "psychology" and state.clinician_id in (None, user.id)


def sees_alert(user: User, state: AlertState) -> bool:
    """Read an alert, which is a working document of the clinic."""
    return user.role in ("psychology", "service")


def sees_engagement(user: User, state: EngagementState) -> bool:
    """Read who has to be called, and the contacts: working notes of psychology."""
    return user.role in ("psychology", "service")


def reads_feedback(user: User, state: FeedbackState) -> bool:
    """Read what somebody said after treatment: those who treat, and the person. Services have no need of it."""
    return user.role == "psychology" or _is_own(user, state)


def gives_feedback(user: User, state: FeedbackState) -> bool:
    """Say how it was. Whoever treats cannot say it for the person."""
    return _is_own(user, state)


def sees_group(user: User, state: GroupState) -> bool:
    """Read a group with all its people: those who lead it, and services."""
    return user.role in ("psychology", "service")


def leads(user: User, state: GroupState) -> bool:
    """Move, cancel, and say who was there."""
    return user.role == "psychology"


def sees_membership(user: User, state: MembershipState) -> bool:
    """Read one person's part in a group."""
    return user.role in ("psychology", "service") or _is_own(user, state)


def takes_part_in_group(user: User, state: MembershipState) -> bool:
    """Answer, change the name or leave: the patient, or a clinician on their behalf."""
    return user.role == "psychology" or _is_own(user, state)


def of_a_membership_seen(user: User, state: GroupState | MembershipState) -> bool:
    """The group, and the names as they are shown, of a membership that the caller has been allowed to see."""
    return user.role in ("psychology", "service", "patient")


def reads_resource(user: User, state: ResourceState) -> bool:
    """Read an entry: whoever is signed in while it is shown, its editors always. Nothing in it is about a person."""
    return user.role == "psychology" or (user.role in ("patient", "caregiver", "referrer") and state.status == "live")


def edits_resource(user: User, state: ResourceState) -> bool:
    """Change, renew or retire an entry."""
    return user.role == "psychology" and state.status is not None


async def sees_timeline(caller: Caller, patient_id: str) -> bool:
    """Read what happened to one person in this service."""
    return caller.user.role == "psychology" or (caller.user.role, caller.user.id) == ("patient", patient_id)


def _is_own(user: User, state: _OfPatient) -> bool:
    return user.role == "patient" and bool(state.patient_id) and user.id == state.patient_id
