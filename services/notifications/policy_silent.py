"""Every event that nobody is told of and that settles nothing, with the reason. A test keeps it whole."""

from shared.contracts import notifications as n
from shared.contracts import preferences as p
from shared.contracts import reach, sessions
from shared.contracts import wordings as w
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    activity,
    caregiver,
    check_in,
    circle,
    circle_member,
    circle_post,
    engagement,
    episode,
    feedback,
    group,
    membership,
    peer_leader,
    resource,
    review,
    series,
)
from shared.contracts.referrals import care_plan, patient, place, progress, referral
from shared.contracts.referrals import caregiver as trusted

_OWN_DEED = "who did it knows, and nobody has to act on it"
_OWN_BOOK = "only the books of what was told"
_WHO_MAY_BE_TOLD = "it says who may be told what, and is heard for that"
_OF_THE_EPISODE = "what it leads to is told by the event that follows, or nobody has to act on it"
_LOOKED_AT = "the alert or the request that it raises calls somebody"
_OPENED = "what opens with it is told as one message, by the event that asks for it"
_SEAT = "the person's own event tells them of their seat or their wait"
_TEAM = "the team that does it sees it on its own pages"
_PRIVATE = "the others of the circle must not hear of it"

ROWS: dict[str, tuple[type[Event], ...]] = {
    _OWN_DEED: (
        *(activity.ActivityBegun, activity.ActivityFinished, activity.ActivitySaved, activity.PracticeLogged),
        *(care_plan.GoalChanged, care_plan.GoalSet, caregiver.CaregiverPageRead, caregiver.CaregiverPartFinished),
        *(check_in.CheckInAnswered, series.AnswerRecorded, circle_post.CirclePostWritten),
        *(circle_post.CircleGoalJoined, circle_post.CircleGoalReached, circle_member.CirclePostNoted),
        *(membership.GroupNameChanged, membership.GroupSessionAttended),
        *(referral.DraftDiscarded, referral.ReferralDrafted, referral.ClinicianLinked),
        *(engagement.PatientActive, circle_member.CircleNameChanged, reach.SignInLinkUsed),
        *sessions.EVENTS,
    ),
    _OWN_BOOK: (
        *(n.CaregiverKnown, n.CaregiversToBeTold, n.CaregiverMessageDue, n.MessagePlanned, n.MessagePostponed),
        *(n.MessageClaimed, n.MessageSent, n.MessageFailed, n.MessageDropped, n.MessageRead),
        *(n.TopicSettled, n.PermissionChanged, n.RecipientKnown, p.PreferencesChosen, p.MessageWithheld),
        *(reach.ReachChosen, reach.ReachConfirmed, reach.ChannelStarted, reach.MessageRerouted, reach.MessageDelivered),
        *(reach.MessageReturned, reach.MessageSeen),
        *(w.WordingDrafted, w.WordingPublished, w.WordingRestored, w.MessageReworded),
    ),
    _WHO_MAY_BE_TOLD: (
        *(trusted.CaregiverAccepted, trusted.CaregiverLeft, trusted.CaregiverPreferencesChanged),
        *(trusted.ScopeOpened, trusted.ScopeClosed, patient.CaregiverLinked, patient.CaregiverUnlinked),
        *(patient.ConsentGiven, patient.ConsentWithdrawn, patient.PatientRegistered),
    ),
    _OF_THE_EPISODE: (
        *(engagement.EngagementOpened, engagement.EngagementBegun, engagement.EngagementEnded),
        *(engagement.QuietClockSet, episode.CheckInRecorded, episode.GroupSessionNoted, episode.MeasureRecorded),
        *(episode.EpisodeMigrated, episode.EpisodeOpened, episode.EpisodePaced, review.RiskFlagged),
        *(review.RiskCleared, feedback.FeedbackPlanned, caregiver.CaregiverCheckPlanned),
        *(group.GroupInvitationNoted, circle_member.CirclePostsOrphaned),
    ),
    _LOOKED_AT: (
        *(activity.RiskWordsWritten, check_in.CheckInRiskAnswered, series.RiskAnswerGiven),
        *(referral.RiskAnswerReported, circle_member.CircleMemberRiskWordsWritten, circle_post.CircleRiskWordsWritten),
        caregiver.CaregiverNotSafe,
    ),
    _OPENED: (
        *(check_in.CheckInOpened, check_in.CheckInLongFormOpened, series.MeasuresOpened, series.LongFormOpened),
        *(caregiver.CaregiverCourseOpened, caregiver.CaregiverCourseYoungSet),
    ),
    _SEAT: (
        *(circle.CircleSeatFreed, circle.CircleSeatHeld, circle.CircleSeatTaken, group.GroupSeatFreed),
        *(membership.GroupSeatNoted, place.EntryPaused, place.EntryReordered, place.EntryResumed, place.ListJoined),
        *(place.PlaceLeft, place.SeatHeld, place.SeatReturned, place.SeatTaken),
        *(progress.ClockPaused, progress.ClockResumed),
    ),
    _TEAM: (
        *(circle.CircleMeetingHeld, circle.CircleStarted, circle_member.CircleContactLogged, group.GroupPlanned),
        *(engagement.ContactLogged, episode.ModuleSetAside, membership.GroupAbsenceCorrected),
        *(peer_leader.PeerLeaderBegan, peer_leader.PeerLeaderEnded, peer_leader.PeerLeaderRefused),
        *(peer_leader.PeerLeaderTrained, place.SeatsChanged, resource.ResourceAdded),
    ),
    _PRIVATE: (circle_member.CircleMuteSet, circle_member.CircleNudgeSent),
}

SILENT: dict[type[Event], str] = {event: why for why, events in ROWS.items() for event in events}
"""Why nobody is told of it."""
