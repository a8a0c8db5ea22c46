"""What the interventions service says: about an episode, what a person does in it, its measures, a risk.

Events of circles are imported from their own modules, since this file would grow too long.
"""

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
from shared.contracts.interventions.caregiver import CAREGIVER_EVENTS
from shared.contracts.interventions.check_in import (
    CheckInAnswered,
    CheckInCompleted,
    CheckInEvent,
    CheckInLapsed,
    CheckInLongFormOpened,
    CheckInOpened,
    CheckInRiskAnswered,
)
from shared.contracts.interventions.circle import CIRCLE_EVENTS
from shared.contracts.interventions.circle_member import CIRCLE_MEMBER_EVENTS
from shared.contracts.interventions.circle_post import CIRCLE_POST_EVENTS
from shared.contracts.interventions.engagement import (
    BreakTaken,
    CallAsked,
    ContactLogged,
    EngagementBegun,
    EngagementEnded,
    EngagementEvent,
    EngagementOpened,
    PatientActive,
    PatientQuiet,
    PatientReached,
    PatientReturned,
    QuietClockSet,
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
    EpisodePaced,
    EpisodeReadyToFinish,
    GroupSessionNoted,
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
from shared.contracts.interventions.group import (
    GROUP_EVENTS,
    GroupCancelled,
    GroupConfirmed,
    GroupEnd,
    GroupEvent,
    GroupFacilitatorReplaced,
    GroupFewLeft,
    GroupFinished,
    GroupInvitationNoted,
    GroupMember,
    GroupMode,
    GroupPlanned,
    GroupPostponed,
    GroupReserveGiven,
    GroupSeatEvent,
    GroupSeatFreed,
    GroupSeatGiven,
    GroupSeatRefused,
    GroupSession,
    GroupUnderMinimum,
    GroupUnfinished,
    RefusedSeat,
)
from shared.contracts.interventions.group_session import (
    GROUP_SESSION_EVENTS,
    Absence,
    GroupAttendanceOverdue,
    GroupAttendanceTaken,
    GroupMeetsSoon,
    GroupSessionMoved,
    GroupSessionNotHeld,
)
from shared.contracts.interventions.membership import (
    MEMBERSHIP_EVENTS,
    GroupAbsenceCorrected,
    GroupAbsenceTold,
    GroupAccepted,
    GroupDatesNoted,
    GroupDeclined,
    GroupInvitationLapsed,
    GroupNameChanged,
    GroupPartEnded,
    GroupRulesAgreed,
    GroupRulesAsked,
    GroupSeatNoted,
    GroupSessionAttended,
    GroupSessionMissed,
    InvitationReason,
    InvitedToGroup,
    MembershipEvent,
    PartEnd,
)
from shared.contracts.interventions.peer_leader import PEER_LEADER_EVENTS
from shared.contracts.interventions.resource import (
    RESOURCE_EVENTS,
    ResourceAdded,
    ResourceChanged,
    ResourceEnded,
    ResourceEnding,
    ResourceEvent,
    ResourceReaders,
    ResourceRenewed,
    ResourceRetired,
    ResourceTopic,
)
from shared.contracts.interventions.review import (
    EpisodeStepped,
    ReasonCode,
    ReviewDue,
    ReviewMoment,
    RiskCleared,
    RiskFlagged,
    StepAdvice,
    StepDecided,
    StepDecision,
    StepReason,
)
from shared.contracts.interventions.series import (
    AnswerRecorded,
    LongFormOpened,
    MeasureCompleted,
    MeasuresOpened,
    RiskAnswerGiven,
    SeriesEvent,
)
from shared.contracts.interventions.values import (
    AsideReason,
    CarriedAnswer,
    ContactKind,
    FeedbackAnswer,
    Occasion,
    QuietStep,
)

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
    ReviewDue,
    StepDecided,
    EpisodeStepped,
    RiskFlagged,
    RiskCleared,
    EpisodePaced,
    GroupSessionNoted,
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
    CheckInLongFormOpened,
)
PRACTICE_EVENTS: tuple[type[Event], ...] = (PracticeLogged,)
ENGAGEMENT_EVENTS: tuple[type[Event], ...] = (
    EngagementOpened,
    EngagementBegun,
    PatientActive,
    QuietClockSet,
    PatientQuiet,
    PatientReturned,
    ContactLogged,
    PatientReached,
    BreakTaken,
    CallAsked,
    EngagementEnded,
)
FEEDBACK_EVENTS: tuple[type[Event], ...] = (FeedbackPlanned, FeedbackAsked, FeedbackGiven, FeedbackLapsed)
EVENTS: tuple[type[Event], ...] = (
    *EPISODE_EVENTS,
    *SERIES_EVENTS,
    *RISK_EVENTS,
    *ACTIVITY_EVENTS,
    *PRACTICE_EVENTS,
    *CHECK_IN_EVENTS,
    *ENGAGEMENT_EVENTS,
    *FEEDBACK_EVENTS,
    *GROUP_EVENTS,
    *GROUP_SESSION_EVENTS,
    *MEMBERSHIP_EVENTS,
    *CIRCLE_EVENTS,
    *CIRCLE_MEMBER_EVENTS,
    *CIRCLE_POST_EVENTS,
    *PEER_LEADER_EVENTS,
    *RESOURCE_EVENTS,
    *CAREGIVER_EVENTS,
)
