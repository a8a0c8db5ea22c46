"""What an episode remembers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.clinical.escalation import long_forms
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import EndReason

EpisodeStatus = Literal["planned", "active", "finished", "cancelled"]


class DoneModule(Part):
    """A module that has ended: completed or set aside. The gap to the next one counts from `at`."""

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


class CheckInReading(Part):
    """The score of one questionnaire of a check-in. `moment` is its module, or `follow-up-3`."""

    moment: str
    measure: str
    value: float
    total: int
    taken_at: AwareDatetime


class EpisodeState(Part):
    """One course of treatment. Statuses are those of FHIR EpisodeOfCare that apply here. `since` is when the status,
    or readiness to finish, last changed; `activated` whether treatment has ever begun, and `began_at` when. `upcoming`
    is the module that people were told opens next: that date stands. `check_ins` are the moments at which a few
    questions were asked in between.
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
    opened_at: Mapping[str, AwareDatetime] = Field(default_factory=dict)
    done: tuple[DoneModule, ...] = ()
    set_aside: tuple[DoneModule, ...] = ()
    began_at: AwareDatetime | None = None
    upcoming: NextModule | None = None
    requested: tuple[RequestedMeasures, ...] = ()
    recorded: tuple[RecordedMeasure, ...] = ()
    check_ins: tuple[str, ...] = ()
    check_in_readings: tuple[CheckInReading, ...] = ()
    ready: bool = False
    end_reason: EndReason | None = None

    def is_done(self, module_id: str) -> bool:
        """Whether the patient has completed the module."""
        return any(module.module_id == module_id for module in self.done)

    @property
    def ended(self) -> dict[str, datetime]:
        """When each module ended that is over, done or set aside."""
        return {module.module_id: module.at for module in (*self.set_aside, *self.done)}

    def missing(self, occasion: Occasion) -> tuple[str, ...]:
        """Questionnaires of `occasion` that were asked for and are not yet complete."""
        have = {record.measure for record in self.recorded if record.occasion == occasion}
        asked = next((request.measures for request in self.requested if request.occasion == occasion), ())
        return tuple(measure for measure in asked if measure not in have)

    def awaited(self, occasion: Occasion) -> tuple[str, ...]:
        """What is taken note of: whatever is missing, and the long forms that a short one of `occasion` may open.
        Treatment does not wait for those.
        """
        have = {record.measure for record in self.recorded if record.occasion == occasion}
        asked = [measure for request in self.requested if request.occasion == occasion for measure in request.measures]
        longer = [long for measure in asked for long in long_forms(measure) if long not in have]
        return tuple(dict.fromkeys((*self.missing(occasion), *longer)))
