"""What is said of a person's series of measures in an episode."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import CarriedAnswer, Occasion
from shared.contracts.referrals import Reading


class SeriesEvent(Event):
    """What every event of a person's series of measures in an episode carries."""

    series_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class MeasuresOpened(SeriesEvent):
    """The questionnaires of one occasion can be answered. `programme_id` is there from the second programme on."""

    TYPE: ClassVar[str] = "carepath.measure_series.opened.v1"

    occasion: Occasion
    measures: tuple[str, ...]
    programme_id: str | None = None


class AnswerRecorded(SeriesEvent):
    """One item was answered, or answered again. Items count from 1."""

    TYPE: ClassVar[str] = "carepath.measure_series.answer_recorded.v1"

    occasion: Occasion
    measure: str
    item: int = Field(ge=1)
    value: int


class RiskAnswerGiven(SeriesEvent):
    """An answer that a person must look at now, finished form or not. A risk alert is raised from it."""

    TYPE: ClassVar[str] = "carepath.measure_series.risk_answer_given.v1"

    occasion: Occasion
    measure: str
    item: int = Field(ge=1)
    value: int


class MeasureCompleted(SeriesEvent):
    """A questionnaire is complete and scored. `programme_id` is there from the second programme on."""

    TYPE: ClassVar[str] = "carepath.measure_series.measure_completed.v1"

    occasion: Occasion
    reading: Reading
    programme_id: str | None = None


class LongFormOpened(SeriesEvent):
    """`short` came out positive, so that `measure`, which holds the same items and more, can be answered too. What
    `short` has said already is `carried` over.
    """

    TYPE: ClassVar[str] = "carepath.measure_series.long_form_opened.v1"

    occasion: Occasion
    short: str
    measure: str
    carried: tuple[CarriedAnswer, ...] = ()
