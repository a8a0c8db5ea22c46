"""What is remembered of feedback."""

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions import FeedbackAnswer
from shared.contracts.personal import Personal


class FeedbackState(Part):
    """One person on one treatment: planned, then asked, then given or lapsed."""

    feedback_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    ask_at: AwareDatetime | None = None
    asked_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    given_at: AwareDatetime | None = None
    lapsed: bool = False
    helpful: FeedbackAnswer | None = None
    taken_seriously: FeedbackAnswer | None = None
    recommend: FeedbackAnswer | None = None
    words: Personal[str] = None
