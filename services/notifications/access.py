"""Who may see or change what. Everything that is not said here is denied, and reads as if it did not exist."""

from services.notifications.domain.state import AgendaState
from shared.runtime.auth import User
from shared.runtime.http import Caller

CHOOSERS = ("patient", "caregiver")
"""The roles of those who choose for themselves how they are told things."""


def has_inbox(user: User, recipient_id: str) -> bool:
    """An inbox is for its owner; a service may show it to them."""
    return user.role == "service" or (user.role != "system" and user.id == recipient_id)


def reads(user: User, agenda: AgendaState) -> bool:
    """Only the owner opens a message."""
    return user.role != "service" and has_inbox(user, agenda.recipient_id)


def signs_in(user: User, agenda: AgendaState) -> bool:
    """The portal lets somebody in by a link that went to a patient or caregiver; staff sign in otherwise."""
    return user.role == "service" and agenda.kind in CHOOSERS


def keeps_sessions(user: User, agenda: AgendaState) -> bool:
    """Where somebody is signed in concerns nobody but them, and the portal that signs them out."""
    return user.role == "service" or has_inbox(user, agenda.recipient_id)


def stops(user: User, agenda: AgendaState) -> bool:
    """Its owner, and psychology for those whom they treat or who are trusted by them; never of a colleague."""
    return reads(user, agenda) or (user.role == "psychology" and agenda.kind in ("patient", "caregiver"))


def asks_why(user: User, agenda: AgendaState) -> bool:
    """Its owner, and whoever sees what was planned."""
    return reads(user, agenda) or sees_plan(user, agenda)


def sees_plan(user: User, _: AgendaState) -> bool:
    """Psychology and operators see what was planned and sent, never the words."""
    return user.role in ("psychology", "operator")


def writes_to(user: User, agenda: AgendaState) -> bool:
    """Psychology reaches caregivers also after the patient took their name back."""
    return user.role == "psychology" and agenda.kind == "caregiver"


def words_messages(user: User) -> bool:
    """Psychology writes what the clinic's messages say."""
    return user.role == "psychology"


async def sees_timeline(caller: Caller, patient_id: str) -> bool:
    """Read what was planned and sent because of one patient."""
    return caller.user.role == "psychology" or (caller.user.role, caller.user.id) == ("patient", patient_id)
