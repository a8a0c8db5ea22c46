"""What the interventions service says: about an episode, what a person does in it, its measures, a risk."""

from shared.contracts.envelope import Event
from shared.contracts.interventions.activity import (
    ActivityBegun,
    ActivityEvent,
    ActivityFinished,
    ActivitySaved,
    PracticeLogged,
    RiskWordsWritten,
    Written,
)
from shared.contracts.interventions.alert import (
    ASSESSMENT_QUESTIONS,
    AlertSource,
    AlertStep,
    Asked,
    Concern,
    RiskAlertAcknowledged,
    RiskAlertAssessed,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskAlertTakenOver,
    RiskAssessment,
    RiskEvent,
)
from shared.contracts.interventions.check_in import (
    CheckInAnswered,
    CheckInCompleted,
    CheckInEvent,
    CheckInLapsed,
    CheckInOpened,
    CheckInRiskAnswered,
)
from shared.contracts.interventions.episode import (
    CheckInAsked,
    CheckInRecorded,
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeEvent,
    EpisodeFinished,
    EpisodeMigrated,
    EpisodeOpened,
    EpisodeReadyToFinish,
    MeasureRecorded,
    MeasuresRequested,
    ModuleCompleted,
    ModuleSetAside,
    ModuleUnlocked,
)
from shared.contracts.interventions.series import (
    AnswerRecorded,
    MeasureCompleted,
    MeasuresOpened,
    RiskAnswerGiven,
    SeriesEvent,
)
from shared.contracts.interventions.values import AsideReason, Occasion

EPISODE_EVENTS: tuple[type[Event], ...] = (
    EpisodeOpened,
    EpisodeActivated,
    ModuleUnlocked,
    ModuleCompleted,
    MeasuresRequested,
    MeasureRecorded,
    EpisodeReadyToFinish,
    EpisodeFinished,
    EpisodeCancelled,
    ModuleSetAside,
    EpisodeMigrated,
    CheckInAsked,
    CheckInRecorded,
)
SERIES_EVENTS: tuple[type[Event], ...] = (
    MeasuresOpened,
    AnswerRecorded,
    RiskAnswerGiven,
    MeasureCompleted,
)
RISK_EVENTS: tuple[type[Event], ...] = (
    RiskAlertRaised,
    RiskAlertEscalated,
    RiskAlertAcknowledged,
    RiskAlertAssessed,
    RiskAlertTakenOver,
    RiskAlertClosed,
)
ACTIVITY_EVENTS: tuple[type[Event], ...] = (ActivityBegun, ActivitySaved, RiskWordsWritten, ActivityFinished)
CHECK_IN_EVENTS: tuple[type[Event], ...] = (
    CheckInOpened,
    CheckInAnswered,
    CheckInRiskAnswered,
    CheckInCompleted,
    CheckInLapsed,
)
PRACTICE_EVENTS: tuple[type[Event], ...] = (PracticeLogged,)
EVENTS: tuple[type[Event], ...] = (
    *EPISODE_EVENTS,
    *SERIES_EVENTS,
    *RISK_EVENTS,
    *ACTIVITY_EVENTS,
    *PRACTICE_EVENTS,
    *CHECK_IN_EVENTS,
)
