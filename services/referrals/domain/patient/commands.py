"""What somebody may want to happen to a patient's record."""

from datetime import date

from pydantic import Field

from shared.contracts.clinic import TimeZone
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import ConsentScope, Language, Relationship


class RegisterPatient(Command):
    """A pain clinician makes a person known. Each consent is the patient's own, taken down by the clinician."""

    patient_id: Identifier
    name: str = Field(min_length=1)
    email: str = Field(min_length=3)
    birth_date: date
    phone: str | None = None
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    new_to_mental_health: bool = False
    consents: tuple[ConsentScope, ...] = ()


class GiveConsent(Command):
    """The patient agrees to one scope."""

    scope: ConsentScope


class WithdrawConsent(Command):
    """The patient takes one scope back."""

    scope: ConsentScope


class LinkCaregiver(Command):
    """The patient names somebody whom they trust."""

    caregiver_id: Identifier
    name: str = Field(min_length=1)
    email: str = Field(min_length=3)
    relationship: Relationship
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class UnlinkCaregiver(Command):
    """The patient no longer names this person."""

    caregiver_id: Identifier
