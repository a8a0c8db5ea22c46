"""What somebody may want to happen to a patient's record."""

import datetime as dt
from datetime import date

from pydantic import Field

from shared.contracts.clinic import TimeZone
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import CaregiverScope, ConsentScope, Language, Relationship


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
    """The patient agrees to one scope, until a day is over by the clinic's clock; without a day, until they say so."""

    scope: ConsentScope
    until: dt.date | None = None


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
    young: bool = False


class UnlinkCaregiver(Command):
    """The patient no longer names this person."""

    caregiver_id: Identifier


class AnswerCaregiver(Command):
    """Somebody who was invited says yes or no. `email` says whether they would like to be told things by e-mail."""

    caregiver_id: Identifier
    accept: bool
    language: Language | None = None
    email: bool = False


class ChangeCaregiverPreferences(Command):
    """They would like to be told things otherwise."""

    caregiver_id: Identifier
    language: Language
    email: bool


class LeaveAsCaregiver(Command):
    """They would rather not take part any more."""

    caregiver_id: Identifier


class NoteYoungCarer(Command):
    """They are a child or a young person, or are not."""

    caregiver_id: Identifier
    young: bool


class OpenScope(Command):
    """The patient opens one thing to them, until a day is over by the clinic's clock. Without a day, the longest that
    the clinic allows counts.
    """

    caregiver_id: Identifier
    scope: CaregiverScope
    until: dt.date | None = None


class CloseScope(Command):
    """The patient closes it again."""

    caregiver_id: Identifier
    scope: CaregiverScope
