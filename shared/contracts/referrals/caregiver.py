"""What is said of somebody whom a patient trusts: whether they take part, and what is open to them, until when."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.referrals.values import Language

CaregiverScope = Literal["news", "appointments", "progress", "plan", "scores"]
"""What a patient can open, each on its own. `news`: treatment started or ended. `appointments`: when the first meeting
is, and whether by video; never where, or why. `progress`: what of the programme is done. `plan`: goals and activities.
`scores`: questionnaires.
"""
YoungSaidBy = Literal["patient", "referrer", "caregiver", "psychology"]
"""Who said that a caregiver is a child or a young person. Only they, or psychology, take it back."""
ScopeEnd = Literal["closed", "ended", "consent_withdrawn", "unlinked", "left"]


class CaregiverEvent(Event):
    """What every event of a patient's caregiver carries."""

    patient_id: Identifier
    caregiver_id: Identifier


class CaregiverInvited(CaregiverEvent):
    """They are asked whether they would like to take part, and answer until `answer_by`."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_invited.v1"

    answer_by: AwareDatetime
    young: bool = False
    young_said_by: YoungSaidBy | None = None


class CaregiverAccepted(CaregiverEvent):
    """They take part. `email` says whether they would like to be told things by e-mail."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_accepted.v1"

    language: Language
    email: bool
    young: bool = False


class CaregiverDeclined(CaregiverEvent):
    """They would rather not."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_declined.v1"


class CaregiverInvitationLapsed(CaregiverEvent):
    """No answer came in time."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_invitation_lapsed.v1"


class CaregiverLeft(CaregiverEvent):
    """They take part no longer, by their own wish."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_left.v1"


class CaregiverPreferencesChanged(CaregiverEvent):
    """How they would like to be told things."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_preferences_changed.v1"

    language: Language
    email: bool


class YoungCarerNoted(CaregiverEvent):
    """Whether they are a child or a young person, and who says so: so they need to be looked after, too.

    `confirms`: it was on record already, and psychology says so as well.
    """

    TYPE: ClassVar[str] = "carepath.patient.young_carer_noted.v1"

    young: bool
    said_by: YoungSaidBy | None = None
    confirms: bool = False


class ScopeOpened(CaregiverEvent):
    """The patient opened one thing to them, until `until`. Opened again, the newer day counts."""

    TYPE: ClassVar[str] = "carepath.patient.scope_opened.v1"

    scope: CaregiverScope
    until: AwareDatetime


class ScopeClosed(CaregiverEvent):
    """It is not open to them any more, and why. It bites at once."""

    TYPE: ClassVar[str] = "carepath.patient.scope_closed.v1"

    scope: CaregiverScope
    reason: ScopeEnd
