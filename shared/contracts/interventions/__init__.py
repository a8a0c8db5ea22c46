"""What the interventions service says: about an episode, what a person does in it, its measures, a risk."""

from shared.contracts.envelope import Event
from shared.contracts.interventions.activity import (
    ActivityBegun,
    ActivityEvent,
    ActivityFinished,
    ActivitySaved,
    PracticeLogged,
    Written,
)
from shared.contracts.interventions.alert import (
    RiskAlertAcknowledged,
    RiskAlertClosed,
    RiskAlertEscalated,
    RiskAlertRaised,
    RiskEvent,
)
from shared.contracts.interventions.check_in import (
    CheckInAnswered,
    CheckInCompleted,
    CheckInEvent,
    CheckInLapsed,
    CheckInLongFormOpened,
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
from shared.contracts.interventions.feedback import (
    FeedbackAsked,
    FeedbackEvent,
    FeedbackGiven,
    FeedbackLapsed,
    FeedbackPlanned,
)
from shared.contracts.interventions.series import (
    AnswerRecorded,
    LongFormOpened,
    MeasureCompleted,
    MeasuresOpened,
    RiskAnswerGiven,
    SeriesEvent,
)
from shared.contracts.interventions.values import AsideReason, CarriedAnswer, FeedbackAnswer, Occasion

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
    LongFormOpened,
)
RISK_EVENTS: tuple[type[Event], ...] = (
    RiskAlertRaised,
    RiskAlertEscalated,
    RiskAlertAcknowledged,
    RiskAlertClosed,
)
ACTIVITY_EVENTS: tuple[type[Event], ...] = (ActivityBegun, ActivitySaved, ActivityFinished)
CHECK_IN_EVENTS: tuple[type[Event], ...] = (
    CheckInOpened,
    CheckInAnswered,
    CheckInRiskAnswered,
    CheckInCompleted,
    CheckInLapsed,
    CheckInLongFormOpened,
)
PRACTICE_EVENTS: tuple[type[Event], ...] = (PracticeLogged,)
FEEDBACK_EVENTS: tuple[type[Event], ...] = (FeedbackPlanned, FeedbackAsked, FeedbackGiven, FeedbackLapsed)
EVENTS: tuple[type[Event], ...] = (
    *EPISODE_EVENTS,
    *SERIES_EVENTS,
    *RISK_EVENTS,
    *ACTIVITY_EVENTS,
    *PRACTICE_EVENTS,
    *CHECK_IN_EVENTS,
    *FEEDBACK_EVENTS,
)
