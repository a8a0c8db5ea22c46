"""What is said of a risk to somebody's safety."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.personal import Personal

Asked = Literal["yes", "no", "not_asked"]
"""What came of one question of an assessment. "Not asked" is a gap that the next reader must see, never a "no"."""

ASSESSMENT_QUESTIONS = ("thoughts", "plan", "means", "intent", "past_attempts", "protective_factors")
"""What an assessment asks, in this order."""

Concern = Literal["low", "medium", "high"]
"""How worried the clinician is after the talk, by their own judgement. No score stands behind it."""

AlertSource = Literal["answer", "words"]
"""What raised it: one answer of a questionnaire, or words that somebody wrote."""

AlertStep = Literal["acknowledge", "assess", "close"]
"""What an alert waits for."""


class RiskAssessment(Contract):
    """What a clinician found when they spoke with the person. A local list of our own words, to give the record a
    shape: it is no published instrument, it predicts nothing, and no clinician has approved it. A clinical lead must.

    Of each: whether the person has it now. `past_attempts` is about any time; `protective_factors` are people and
    things that keep the person safe.
    """

    thoughts: Asked
    plan: Asked
    means: Asked
    intent: Asked
    past_attempts: Asked
    protective_factors: Asked
    concern: Concern
    note: Personal[str] = None


class RiskEvent(Event):
    """What every event of a risk alert carries."""

    alert_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class RiskAlertRaised(RiskEvent):
    """Somebody may be unsafe. A clinician has until `acknowledge_by`.

    Of an answer, `measure`, `item` and `value` say which. For words, these are empty and 0, so that whoever knows only
    answers still calls; then `activity_id`, `number` and `field` say where they stand, and `words` what matched.
    Of a message in a circle, `post_id` says which; of a name there, or a note of its leader, `circle_id` and `field`.
    `called` is the member of staff who is called first.
    """

    TYPE: ClassVar[str] = "carepath.risk_alert.raised.v1"

    measure: str
    item: int
    value: int
    acknowledge_by: AwareDatetime
    source: AlertSource = "answer"
    activity_id: str | None = None
    number: int | None = None
    field: str | None = None
    words: Personal[tuple[str, ...]] = None
    post_id: Identifier | None = None
    circle_id: Identifier | None = None
    called: Identifier | None = None


class RiskAlertEscalated(RiskEvent):
    """Not done in time: the next person of the ladder is called. `level` 0 is the first person. `owed` says what the
    alert waits for; `acknowledge_by` is by when this person should see to it. For a missing plan nobody is called
    after them. `called` is who that is; without it, readers go by `level`.
    """

    TYPE: ClassVar[str] = "carepath.risk_alert.escalated.v1"

    level: int = Field(ge=1)
    acknowledge_by: AwareDatetime
    owed: AlertStep = "acknowledge"
    called: Identifier | None = None


class RiskAlertAcknowledged(RiskEvent):
    """A named clinician took it on; the ladder stops, unless they have not assessed the person by `assess_by`.
    `by_link`: by the link in the message that called them, without signing in first.
    """

    TYPE: ClassVar[str] = "carepath.risk_alert.acknowledged.v1"

    acknowledged_by: str
    assess_by: AwareDatetime | None = None
    by_link: bool = False


class RiskAlertAssessed(RiskEvent):
    """The clinician who holds the alert spoke with the person. Only they can close it, and should by `close_by`."""

    TYPE: ClassVar[str] = "carepath.risk_alert.assessed.v1"

    assessed_by: str
    assessment: RiskAssessment
    close_by: AwareDatetime


class RiskAlertTakenOver(RiskEvent):
    """Another clinician holds it from here on. They must assess the person themselves, by `assess_by`."""

    TYPE: ClassVar[str] = "carepath.risk_alert.taken_over.v1"

    taken_over_by: str
    taken_from: str
    reason: Personal[str] = None
    assess_by: AwareDatetime


class RiskAlertClosed(RiskEvent):
    """Assessed, with a plan on record."""

    TYPE: ClassVar[str] = "carepath.risk_alert.closed.v1"

    closed_by: str
    plan: Personal[str]
