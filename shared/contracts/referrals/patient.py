"""What is said about a patient: who they are, what they agreed to, whom they trust."""

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals.values import ConsentScope, Language, Relationship


class PatientRegistered(Event):
    """A person is known to the service. Notifications keeps the contact data for messages.

    `consents` are those given at registration; each is also said by a `ConsentGiven` of its own.
    """

    TYPE: ClassVar[str] = "carepath.patient.registered.v1"

    patient_id: Identifier
    name: Personal[str]
    email: Personal[str]
    birth_date: Personal[date]
    phone: Personal[str] = None
    language: Language = "en"
    time_zone: str = "UTC"
    new_to_mental_health: bool = False
    consents: tuple[ConsentScope, ...] = ()
    registered_by: Identifier | None = None


class ConsentGiven(Event):
    """The patient agreed to one scope; it holds until withdrawn, which happens by itself at `until` if there is one."""

    TYPE: ClassVar[str] = "carepath.patient.consent_given.v1"

    patient_id: Identifier
    scope: ConsentScope
    caregiver_ids: tuple[Identifier, ...] = ()
    until: AwareDatetime | None = None


class ConsentWithdrawn(Event):
    """The patient took one scope back; it bites at once. `caregiver_ids` are those whom it shuts out."""

    TYPE: ClassVar[str] = "carepath.patient.consent_withdrawn.v1"

    patient_id: Identifier
    scope: ConsentScope
    caregiver_ids: tuple[Identifier, ...] = ()


class CaregiverLinked(Event):
    """Somebody whom the patient trusts is named. They hear nothing unless the `caregiver` consent stands."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_linked.v1"
    PERSON: ClassVar[str] = "caregiver_id"

    patient_id: Identifier
    caregiver_id: Identifier
    name: Personal[str]
    email: Personal[str]
    relationship: Relationship
    language: Language = "en"
    time_zone: str = "UTC"
    consented: bool


class CaregiverUnlinked(Event):
    """The patient no longer names this person."""

    TYPE: ClassVar[str] = "carepath.patient.caregiver_unlinked.v1"

    patient_id: Identifier
    caregiver_id: Identifier
