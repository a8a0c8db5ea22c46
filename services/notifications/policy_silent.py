"""Of what nobody is told, and why: the other half of the table in `policy.py`.

Every event stands in one of the two, so that nobody forgets to ask whom a new one concerns. What this service itself
says of its agendas tells nobody anything and is left out of both.
"""

from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as c
from shared.contracts.interventions import circle, circle_member, circle_post, group, membership, peer_leader, resource

SILENT: dict[str, tuple[type[Event], ...]] = {
    "whoever did it sees it at once, and it concerns nobody else": (
        *(r.ReferralDrafted, r.DraftDiscarded, r.GoalSet, r.GoalChanged, r.SeatsChanged),
        *(i.AnswerRecorded, i.CheckInAnswered, i.ActivityBegun, i.ActivitySaved, i.ActivityFinished),
        *(i.PracticeLogged, i.PatientActive, i.ContactLogged),
        *(c.CaregiverPageRead, c.CaregiverPartFinished),
        *(circle.CircleMeetingHeld, circle_member.CircleContactLogged, circle_member.CircleNameChanged),
        *(membership.GroupNameChanged, membership.GroupAbsenceTold, peer_leader.PeerLeaderTrained),
        resource.ResourceAdded,
    ),
    "what follows from it tells whom it concerns": (
        *(r.RiskAnswerReported, i.RiskAnswerGiven, i.RiskWordsWritten, i.CheckInRiskAnswered),
        *(circle_member.CircleMemberRiskWordsWritten, circle_post.CircleRiskWordsWritten, c.CaregiverNotSafe),
        *(r.SeatHeld, r.ListJoined, r.SeatTaken, r.SeatReturned, r.PlaceLeft),
        *(i.EpisodeOpened, i.FeedbackPlanned, i.GroupPlanned, i.GroupMeetsSoon, i.GroupSeatNoted),
        *(circle.CircleSeatHeld, peer_leader.PeerLeaderRefused),
        *(c.CaregiverCourseOpened, c.CaregiverCheckPlanned),
    ),
    "it opens where the person works anyway, and they are told when something waits for them": (
        *(i.MeasuresOpened, i.LongFormOpened, i.CheckInLongFormOpened, i.CheckInOpened, i.GroupSessionNoted),
        *(i.EpisodeMigrated, i.ModuleSetAside, i.EpisodePaced),
    ),
    "one part of the record takes note of what another one said": (
        *(r.ClinicianLinked, r.EntryPaused, r.EntryResumed, r.EntryReordered, r.ClockPaused, r.ClockResumed),
        *(i.MeasureRecorded, i.CheckInRecorded, i.RiskFlagged, i.RiskCleared),
        *(i.EngagementOpened, i.EngagementBegun, i.EngagementEnded, i.QuietClockSet),
        *(i.GroupInvitationNoted, i.GroupSessionAttended, i.GroupAbsenceCorrected),
        *(circle.CircleStarted, circle.CircleSeatTaken, peer_leader.PeerLeaderBegan, peer_leader.PeerLeaderEnded),
        *(circle_member.CirclePostNoted, circle_member.CirclePostsOrphaned, c.CaregiverCourseYoungSet),
    ),
    "nobody is to learn of it: who leaves, mutes or writes leaves no trace with others": (
        *(group.GroupSeatFreed, circle.CircleSeatFreed, circle_member.CircleMuteSet, circle_member.CircleNudgeSent),
        *(circle_post.CirclePostWritten, circle_post.CircleGoalJoined, circle_post.CircleGoalReached),
    ),
}
