"""How somebody stands to an inbox; what they may see or do stands in `shared/policy/table.py`."""

from services.notifications.domain.state import AgendaState
from shared.policy.table import named
from shared.policy.who import of_owner, of_patient, of_role
from shared.runtime.auth import User
from shared.runtime.http import Caller

_LIST, _OPEN, _STOP, _WHY = (named(f"notifications.inbox.{verb}") for verb in ("list", "open", "stop", "why"))
_PLAN, _WRITE = named("notifications.plan.read"), named("notifications.caregiver.write")
_WORDING, _SIGN_IN = named("notifications.wording.write"), named("notifications.sign-in.use")
_REPORT = named("notifications.report.hear")
_TIMELINE = named("notifications.timeline.read")

CHOOSERS = ("patient", "caregiver")
"""The roles of those who choose for themselves how they are told things."""


def has_inbox(user: User, recipient_id: str) -> bool:
    """An inbox is for its owner; a service may show it to them."""
    return _LIST.lets(of_owner(user, recipient_id))


def reads(user: User, agenda: AgendaState) -> bool:
    """Only the owner opens a message."""
    return _OPEN.lets(of_owner(user, agenda.recipient_id))


def signs_in(user: User, agenda: AgendaState) -> bool:
    """The portal lets somebody in by a link that went to a patient or caregiver; staff sign in otherwise."""
    return agenda.kind in CHOOSERS and _SIGN_IN.lets(of_role(user))


def stops(user: User, agenda: AgendaState) -> bool:
    """Its owner, and psychology for those whom they treat or who are trusted by them; never of a colleague."""
    of_a_colleague = user.role == "psychology" and agenda.kind not in CHOOSERS and user.id != agenda.recipient_id
    return not of_a_colleague and _STOP.lets(of_owner(user, agenda.recipient_id))


def asks_why(user: User, agenda: AgendaState) -> bool:
    """Its owner, and whoever sees what was planned."""
    return _WHY.lets(of_owner(user, agenda.recipient_id))


def sees_plan(user: User, _: AgendaState) -> bool:
    """Psychology and operators see what was planned and sent, never the words."""
    return _PLAN.lets(of_role(user))


def writes_to(user: User, agenda: AgendaState) -> bool:
    """Psychology reaches caregivers also after the patient took their name back."""
    return agenda.kind == "caregiver" and _WRITE.lets(of_role(user))


def words_messages(user: User) -> bool:
    """Psychology writes what the clinic's messages say."""
    return _WORDING.lets(of_role(user))


async def sees_timeline(caller: Caller, patient_id: str) -> bool:
    """Read what was planned and sent because of one patient."""
    return _TIMELINE.lets(of_patient(caller.user, patient_id))


def asks_for_link(user: User) -> bool:
    """Ask that somebody be sent a link to sign in."""
    return _SIGN_IN.lets(of_role(user))


def hands_on_reports(user: User) -> bool:
    """Hand on what a provider reports."""
    return _REPORT.lets(of_role(user))
