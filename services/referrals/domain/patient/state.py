"""What is known of a person. Personal fields read as `None` once the person is erased."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import CaregiverScope, ConsentScope, Language, Relationship, YoungSaidBy


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


CaregiverStatus = Literal["named", "invited", "accepted", "declined", "lapsed", "left"]


class OpenedScope(Part):
    """One thing that is open to somebody, until `until`."""

    scope: CaregiverScope
    until: AwareDatetime


class Caregiver(Part):
    """Somebody whom the patient trusts. Here under the patient's key; notifications uses the caregiver's own.

    They are asked once the patient agrees that they are told things, and until then only named. `by_email` is their own
    wish; so is `language` once they have said yes.
    """

    caregiver_id: str
    name: Personal[str] = None
    email: Personal[str] = None
    relationship: Relationship
    language: Language = "en"
    language_is_own: bool = False
    time_zone: str = "UTC"
    status: CaregiverStatus = "named"
    answer_by: AwareDatetime | None = None
    by_email: bool = False
    young: bool = False
    young_said_by: YoungSaidBy | None = None
    scopes: tuple[OpenedScope, ...] = ()


class PatientState(Part):
    """A person, what they agreed to, and whom they trust.

    `consents_until` has those consents that end by themselves.

    `young_before` are those not named any more who are young, and who said so; `languages_before`, in what those who
    had chosen for themselves wish to be told things. Naming them again takes neither back.
    """

    patient_id: str = ""
    registered_by: str | None = None
    name: Personal[str] = None
    email: Personal[str] = None
    birth_date: Personal[date] = None
    phone: Personal[str] = None
    language: Language = "en"
    time_zone: str = "UTC"
    new_to_mental_health: bool = False
    consents: tuple[ConsentScope, ...] = ()
    consents_until: dict[ConsentScope, AwareDatetime] = {}
    caregivers: tuple[Caregiver, ...] = ()
    young_before: dict[str, YoungSaidBy | None] = {}
    languages_before: dict[str, Language] = {}
