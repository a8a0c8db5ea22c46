"""What is said of the few words that a person is asked for after treatment: how it was for them."""

from typing import ClassVar

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import FeedbackAnswer
from shared.contracts.personal import Personal


class FeedbackEvent(Event):
    """What every event of one person's feedback on one treatment carries."""

    feedback_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class FeedbackPlanned(FeedbackEvent):
    """Treatment has ended, however it did. The person will be asked at `ask_at`."""

    TYPE: ClassVar[str] = "carepath.feedback.planned.v1"

    ask_at: AwareDatetime


class FeedbackAsked(FeedbackEvent):
    """The questions can be answered, once, until `closes_at`."""

    TYPE: ClassVar[str] = "carepath.feedback.asked.v1"

    closes_at: AwareDatetime


class FeedbackGiven(FeedbackEvent):
    """What the person said, of which any part may be left out. For psychology, never for the pain team.

    `helpful`: it helped. `taken_seriously`: they felt taken seriously about their pain. `recommend`: they would
    recommend it to somebody in their place.
    """

    TYPE: ClassVar[str] = "carepath.feedback.given.v1"

    helpful: FeedbackAnswer | None = None
    taken_seriously: FeedbackAnswer | None = None
    recommend: FeedbackAnswer | None = None
    words: Personal[str] = None


class FeedbackLapsed(FeedbackEvent):
    """Its time is over. Nobody is asked twice."""

    TYPE: ClassVar[str] = "carepath.feedback.lapsed.v1"
