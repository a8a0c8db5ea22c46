"""What the three aggregates remember. All of it comes from their own events."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.interventions import Occasion
from shared.contracts.personal import Personal
from shared.contracts.referrals import EndReason, Reading

EpisodeStatus = Literal["planned", "active", "finished", "cancelled"]
AlertStatus = Literal["open", "acknowledged", "closed"]


class Part(BaseModel):
    """Base of all state: frozen, and a field that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DoneModule(Part):
    """A completed module. The gap to the next one counts from `at`."""

    module_id: str
    at: AwareDatetime


class NextModule(Part):
    """The module that opens by itself at `opens_at`."""

    module_id: str
    opens_at: AwareDatetime


class RequestedMeasures(Part):
    """A set of questionnaires that the episode asked for."""

    occasion: Occasion
    measures: tuple[str, ...]


class RecordedMeasure(Part):
    """The score of one complete questionnaire, as published for that measure."""

    occasion: Occasion
    measure: str
    value: float
    taken_at: AwareDatetime


class EpisodeState(Part):
    """One course of treatment. Statuses are those of FHIR EpisodeOfCare that apply here. `since` is when the status,
    or readiness to finish, last changed; `activated` whether treatment has ever begun.
    """

    status: EpisodeStatus | None = None
    activated: bool = False
    since: datetime | None = None
    episode_id: str = ""
    patient_id: str = ""
    referral_id: str = ""
    programme_id: str = ""
    programme_version: int = 0
    step: int = 0
    unlocked: tuple[str, ...] = ()
    done: tuple[DoneModule, ...] = ()
    upcoming: NextModule | None = None
    requested: tuple[RequestedMeasures, ...] = ()
    recorded: tuple[RecordedMeasure, ...] = ()
    ready: bool = False
    end_reason: EndReason | None = None

    def is_done(self, module_id: str) -> bool:
        """Whether the patient has completed the module."""
        return any(module.module_id == module_id for module in self.done)

    def missing(self, occasion: Occasion) -> tuple[str, ...]:
        """Questionnaires of `occasion` that were asked for and are not yet complete."""
        have = {record.measure for record in self.recorded if record.occasion == occasion}
        asked = next((request.measures for request in self.requested if request.occasion == occasion), ())
        return tuple(measure for measure in asked if measure not in have)


class Form(Part):
    """One questionnaire on one occasion: answers by item number, and the reading once it is complete."""

    occasion: Occasion
    measure: str
    answers: dict[int, int] = {}
    reading: Reading | None = None


class SeriesState(Part):
    """All questionnaires of one episode: at most three occasions."""

    series_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    forms: tuple[Form, ...] = ()

    def form(self, occasion: str, measure: str) -> Form | None:
        """That questionnaire, if it was opened."""
        return next((form for form in self.forms if (form.occasion, form.measure) == (occasion, measure)), None)


class AlertState(Part):
    """One worrying answer and who looks after it. `level` counts the rungs of the ladder already passed."""

    status: AlertStatus | None = None
    alert_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    measure: str = ""
    item: int = 0
    value: int = 0
    level: int = 0
    raised_at: datetime | None = None
    acknowledge_by: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    plan: Personal[str] = None
