"""In which standings somebody is to what is kept here; what these may see or do stands in `shared/policy/table.py`.

Trusted persons and referrers see nothing here: the pain team hears the outcome through the referral.
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
from shared.policy.table import named
from shared.policy.who import of_patient, of_role
from shared.runtime.auth import User
from shared.runtime.http import Caller

_SEE, _TAKE_PART, _TREAT = (named(f"interventions.treatment.{verb}") for verb in ("read", "take-part", "lead"))
_ALERT, _ENGAGEMENT = named("interventions.alert.read"), named("interventions.engagement.read")
_READ_FEEDBACK, _GIVE_FEEDBACK = named("interventions.feedback.read"), named("interventions.feedback.give")
_GROUP, _LEAD_GROUP = named("interventions.group.read"), named("interventions.group.lead")
_PART, _JOIN = named("interventions.membership.read"), named("interventions.membership.take-part")
_GROUP_OF_PART, _TIMELINE = named("interventions.membership.seen"), named("interventions.timeline.read")
_RESOURCE, _EDIT_RESOURCE = named("interventions.resource.read"), named("interventions.resource.edit")


def sees(user: User, state: EpisodeState | SeriesState | CheckInState) -> bool:
    """Read an episode or its questionnaires."""
    return _SEE.lets(of_patient(user, state.patient_id))


def takes_part(user: User, state: EpisodeState | SeriesState | CheckInState | EngagementState) -> bool:
    """Complete a module, answer a question or take a break: the patient, or a clinician on their behalf."""
    return _TAKE_PART.lets(of_patient(user, state.patient_id))


def treats(user: User, state: EpisodeState | AlertState | EngagementState) -> bool:
    """Open a module early, end a treatment, look after an alert, log a contact."""
    return _TREAT.lets(of_patient(user, state.patient_id))


def sees_alert(user: User, state: AlertState) -> bool:
    """Read an alert, which is a working document of the clinic."""
    return _ALERT.lets(of_patient(user, state.patient_id))


def sees_engagement(user: User, state: EngagementState) -> bool:
    """Read who has to be called, and the contacts: working notes of psychology."""
    return _ENGAGEMENT.lets(of_patient(user, state.patient_id))


def reads_feedback(user: User, state: FeedbackState) -> bool:
    """Read what somebody said after treatment. Services have no need of it."""
    return _READ_FEEDBACK.lets(of_patient(user, state.patient_id))


def gives_feedback(user: User, state: FeedbackState) -> bool:
    """Say how it was. Whoever treats cannot say it for the person."""
    return _GIVE_FEEDBACK.lets(of_patient(user, state.patient_id))


def sees_group(user: User, state: GroupState) -> bool:
    """Read a group with all its people."""
    return _GROUP.lets(of_role(user))


def leads(user: User, state: GroupState) -> bool:
    """Move, cancel, and say who was there."""
    return _LEAD_GROUP.lets(of_role(user))


def sees_membership(user: User, state: MembershipState) -> bool:
    """Read one person's part in a group."""
    return _PART.lets(of_patient(user, state.patient_id))


def takes_part_in_group(user: User, state: MembershipState) -> bool:
    """Answer, change the name or leave: the patient, or a clinician on their behalf."""
    return _JOIN.lets(of_patient(user, state.patient_id))


def of_a_membership_seen(user: User, state: GroupState | MembershipState) -> bool:
    """The group, and the names as they are shown, of a membership that the caller has been allowed to see."""
    return _GROUP_OF_PART.lets({*of_role(user), "member"} if user.role == "patient" else of_role(user))


def reads_resource(user: User, state: ResourceState) -> bool:
    """Read an entry: whoever is signed in while it is shown, its editors always. Nothing in it is about a person."""
    retired = state.status != "live" and user.role != "psychology"
    return _RESOURCE.lets({*of_role(user), "retired"} if retired else of_role(user))


def edits_resource(user: User, state: ResourceState) -> bool:
    """Change, renew or retire an entry."""
    return state.status is not None and _EDIT_RESOURCE.lets(of_role(user))


async def sees_timeline(caller: Caller, patient_id: str) -> bool:
    """Read what happened to one person in this service."""
    return _TIMELINE.lets(of_patient(caller.user, patient_id))
