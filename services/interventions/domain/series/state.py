"""What a series of measures remembers."""

from collections.abc import Mapping

from pydantic import Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import Reading


class Form(Part):
    """One questionnaire on one occasion: answers by item number, and the reading once it is complete."""

    occasion: Occasion
    measure: str
    answers: Mapping[int, int] = Field(default_factory=dict)
    reading: Reading | None = None


class SeriesState(Part):
    """All questionnaires of one programme in an episode: at most three occasions. `programme_id` is there from the
    second programme on.
    """

    series_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    programme_id: str | None = None
    forms: tuple[Form, ...] = ()

    def form(self, occasion: str, measure: str) -> Form | None:
        """That questionnaire, if it was opened."""
        return next((form for form in self.forms if (form.occasion, form.measure) == (occasion, measure)), None)
