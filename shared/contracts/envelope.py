"""The envelope that every event travels in: CloudEvents 1.0 attributes plus the few that order and trace it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9][A-Za-z0-9:._-]*$")]


class Contract(BaseModel):
    """A value that crosses a boundary: frozen; a reader ignores fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Contract):
    """A fact. `at` is when it happened, by the clock of the process that decided it.

    `TYPE` is the wire name. `PERSON` names the field with the id of the person whose key encrypts the personal fields.
    """

    TYPE: ClassVar[str]
    PERSON: ClassVar[str] = "patient_id"

    at: AwareDatetime

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Whether patients see it in their own history. `data` is the event's as it is stored, sealed."""
        return True

    @property
    def concerns(self) -> str | None:
        """Id of the patient, or else the recipient, whose history this belongs to."""
        return getattr(self, "about", None) or getattr(self, "patient_id", None) or getattr(self, "recipient_id", None)


class Envelope(Contract):
    """One event on its way. `sequence` counts from 1 within `subject`, the aggregate's id and the Kafka key.

    `previous` is the id of the event before it in the same subject; `causation` the event, request or timer that led to
    it; `correlation` the first click that everything since belongs to.
    """

    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"
    id: str
    source: str
    type: str
    subject: Identifier
    time: datetime
    sequence: int = Field(ge=1)
    previous: str | None = None
    idempotencykey: str | None = None
    correlation: str
    causation: str
    actor: str
    patient: str | None = None
    data: dict[str, Any]

    @property
    def service(self) -> str:
        """Name of the service that owns the subject and keeps its ledger."""
        return self.source.removeprefix("carepath/")
