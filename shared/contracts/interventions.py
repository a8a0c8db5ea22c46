"""What the interventions service says: about an episode, its measures, and a risk to somebody's safety."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals import OutcomeSummary, Reading

Occasion = Literal["start", "middle", "end"]


class EpisodeEvent(Event):
    """What every event of an episode carries."""

    episode_id: Identifier
    patient_id: Identifier


class EpisodeOpened(EpisodeEvent):
    """Planned: triage accepted, the patient has not answered yet. The programme's version is pinned from here on."""

    TYPE: ClassVar[str] = "carepath.episode.opened.v1"

    referral_id: Identifier
    programme_id: str
    programme_version: int = Field(ge=1)
    step: int = Field(ge=1, le=4)


class EpisodeActivated(EpisodeEvent):
    """The patient agreed: treatment runs, and the first module and questionnaires are open."""

    TYPE: ClassVar[str] = "carepath.episode.activated.v1"


class ModuleUnlocked(EpisodeEvent):
    """A module may be done now. `overridden_by` names the clinician who opened it early, with a reason."""

    TYPE: ClassVar[str] = "carepath.episode.module_unlocked.v1"

    module_id: str
    overridden_by: str | None = None
    reason: Personal[str] = None


class ModuleCompleted(EpisodeEvent):
    """The patient finished a module. `next_module_at` is when the next one opens by itself, if there is one."""

    TYPE: ClassVar[str] = "carepath.episode.module_completed.v1"

    module_id: str
    done: int = Field(ge=1)
    total: int = Field(ge=1)
    next_module_id: str | None = None
    next_module_at: AwareDatetime | None = None


class MeasuresRequested(EpisodeEvent):
    """A set of questionnaires is due: at the start, middle and end."""

    TYPE: ClassVar[str] = "carepath.episode.measures_requested.v1"

    referral_id: Identifier | None = None
    occasion: Occasion
    measures: tuple[str, ...]


class MeasureRecorded(EpisodeEvent):
    """The episode took note of a completed questionnaire."""

    TYPE: ClassVar[str] = "carepath.episode.measure_recorded.v1"

    occasion: Occasion
    reading: Reading


class EpisodeReadyToFinish(EpisodeEvent):
    """Every module and every last questionnaire is done; a clinician now finishes it with a recommendation."""

    TYPE: ClassVar[str] = "carepath.episode.ready_to_finish.v1"


class EpisodeFinished(EpisodeEvent):
    """Treatment ended; the summary is what the referrer will read."""

    TYPE: ClassVar[str] = "carepath.episode.finished.v1"

    referral_id: Identifier
    summary: OutcomeSummary


class EpisodeCancelled(EpisodeEvent):
    """The referral was withdrawn before there was an outcome."""

    TYPE: ClassVar[str] = "carepath.episode.cancelled.v1"


# --- measure series ------------------------------------------------------------------------------------------------


class SeriesEvent(Event):
    """What every event of a person's series of measures in an episode carries."""

    series_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class MeasuresOpened(SeriesEvent):
    """The questionnaires of one occasion can be answered."""

    TYPE: ClassVar[str] = "carepath.measure_series.opened.v1"

    occasion: Occasion
    measures: tuple[str, ...]


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
    """A questionnaire is complete and scored."""

    TYPE: ClassVar[str] = "carepath.measure_series.measure_completed.v1"

    occasion: Occasion
    reading: Reading


# --- risk alert ----------------------------------------------------------------------------------------------------


class RiskEvent(Event):
    """What every event of a risk alert carries."""

    alert_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class RiskAlertRaised(RiskEvent):
    """Somebody may be unsafe. A clinician has until `acknowledge_by`."""

    TYPE: ClassVar[str] = "carepath.risk_alert.raised.v1"

    measure: str
    item: int
    value: int
    acknowledge_by: AwareDatetime


class RiskAlertEscalated(RiskEvent):
    """Nobody acknowledged in time: the next person of the ladder is called. `level` 0 is the first person."""

    TYPE: ClassVar[str] = "carepath.risk_alert.escalated.v1"

    level: int = Field(ge=1)
    acknowledge_by: AwareDatetime


class RiskAlertAcknowledged(RiskEvent):
    """A named clinician took it on; the ladder stops."""

    TYPE: ClassVar[str] = "carepath.risk_alert.acknowledged.v1"

    acknowledged_by: str


class RiskAlertClosed(RiskEvent):
    """Assessed, with a plan on record."""

    TYPE: ClassVar[str] = "carepath.risk_alert.closed.v1"

    closed_by: str
    plan: Personal[str]


EVENTS: tuple[type[Event], ...] = (
    EpisodeOpened,
    EpisodeActivated,
    ModuleUnlocked,
    ModuleCompleted,
    MeasuresRequested,
    MeasureRecorded,
    EpisodeReadyToFinish,
    EpisodeFinished,
    EpisodeCancelled,
    MeasuresOpened,
    AnswerRecorded,
    RiskAnswerGiven,
    MeasureCompleted,
    RiskAlertRaised,
    RiskAlertEscalated,
    RiskAlertAcknowledged,
    RiskAlertClosed,
)
