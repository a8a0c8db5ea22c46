"""What a series of measures remembers."""

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import Occasion
from shared.contracts.referrals import Reading


class Form(Part):
    """One questionnaire on one occasion: answers by item number, and the reading once it is complete. `asked_at` is not
    known of forms from before it was kept. `carried` is how many answers a short form gave.
    """

    occasion: Occasion
    measure: str
    asked_at: AwareDatetime | None = None
    carried: int = 0
    answers: Mapping[int, int] = Field(default_factory=dict)
    reading: Reading | None = None


class SeriesState(Part):
    """All questionnaires of one programme in an episode: at most three occasions. A long form opens with answers from
    its short one. `programme_id` is there from the second programme on.
    """

    series_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    programme_id: str | None = None
    forms: tuple[Form, ...] = ()

    def form(self, occasion: str, measure: str) -> Form | None:
        """That questionnaire, if it was opened."""
        return next((form for form in self.forms if (form.occasion, form.measure) == (occasion, measure)), None)
