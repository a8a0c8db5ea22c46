"""What is remembered of a check-in."""

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.referrals import Reading


class CheckInForm(Part):
    """One questionnaire: answers by item number, and the reading once it is complete. `carried` is how many of them a
    short form gave.
    """

    measure: str
    carried: int = 0
    answers: Mapping[int, int] = Field(default_factory=dict)
    reading: Reading | None = None


class CheckInState(Part):
    """A few questions at one moment. Once it has lapsed, what was not answered is not asked any more."""

    check_in_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    moment: str = ""
    forms: tuple[CheckInForm, ...] = ()
    opened_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    lapsed: bool = False

    def form(self, measure: str) -> CheckInForm | None:
        """That questionnaire, if it is asked."""
        return next((form for form in self.forms if form.measure == measure), None)

    @property
    def complete(self) -> bool:
        """Whether every questionnaire is."""
        return bool(self.forms) and all(form.reading is not None for form in self.forms)
