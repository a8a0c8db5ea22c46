"""What is remembered of practice at home."""

from datetime import date

from services.interventions.domain.part import Part


class PracticeDay(Part):
    """How often somebody did one practice on one day."""

    practice_id: str
    day: date
    times: int


class PracticeLogState(Part):
    """All practice of one episode, in the order in which days were first written down."""

    log_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    days: tuple[PracticeDay, ...] = ()

    def times(self, practice_id: str, day: date) -> int:
        """How often that day; 0 where nothing was written down."""
        return next((one.times for one in self.days if (one.practice_id, one.day) == (practice_id, day)), 0)
