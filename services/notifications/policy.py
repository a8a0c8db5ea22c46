"""Who is told what, and when a message has become pointless. The one table; a clinician can read and question it.

`template` names a folder of `templates/`. `topic` says what the message is about, filled in from the event's own
fields. When a row of SETTLES says that a topic is settled, unsent e-mails about it and about topics below are dropped.
"""

from dataclasses import dataclass
from typing import Literal

from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeFinished,
    EpisodeReadyToFinish,
    MeasureCompleted,
    MeasuresRequested,
    ModuleCompleted,
    ModuleUnlocked,
    RiskAlertAcknowledged,
    RiskAlertEscalated,
    RiskAlertRaised,
)
from shared.contracts.referrals import (
    ActivityEnded,
    ActivityOverdue,
    ActivityPlanned,
    AdviceAnswered,
    AdviceAsked,
    AdviceAskedBack,
    AdviceClosed,
    AdviceConverted,
    AdviceExplained,
    AdviceOverdue,
    DiscussionAnswered,
    DiscussionAsked,
    DiscussionClosed,
    DiscussionOverdue,
    DiscussionScheduled,
    InformationProvided,
    InformationRequested,
    OutcomeAcknowledged,
    OutcomeChased,
    OutcomeReceived,
    PatientAskedAgain,
    PatientUndecided,
    ReferralAccepted,
    ReferralAgreed,
    ReferralDeclined,
    ReferralReturned,
    ReferralSubmitted,
    ReferralWithdrawn,
    TriageOverdue,
)

Audience = Literal[
    "patient",
    "caregivers",
    "referrer",
    "triage_team",
    "risk_ladder",
    "asked",
    "asker",
    "patient_performer",
    "clinician_performer",
]
"""Of a discussion, those who were asked (a referrer, or the triage team) and the one who asked. Of an activity, the
patient if it is theirs, and the clinician who is named for it by somebody else.
"""

NEEDS: dict[Audience, str] = {"patient": "email", "patient_performer": "email", "caregivers": "caregiver"}
"""The consent without which no e-mail goes out. Staff need none. A patient's inbox holds the message in any case."""


@dataclass(frozen=True)
class Rule:
    """One message. `shows` are the event's fields that its text may use. A critical one goes out in quiet hours too."""

    to: Audience
    template: str
    topic: str
    shows: tuple[str, ...] = ()
    critical: bool = False


REFERRAL = "referral:{referral_id}"
TRIAGE = "referral:{referral_id}/triage"
QUESTION = "referral:{referral_id}/question"
DECISION = "referral:{referral_id}/decision"
PAUSE = "referral:{referral_id}/pause"
OUTCOME = "referral:{referral_id}/outcome"
REFERRAL_NEWS = "news:{referral_id}"
ADVICE = "advice:{advice_id}"
ADVICE_ANSWER = "advice:{advice_id}/answer"
ADVICE_QUESTION = "advice:{advice_id}/question"
ADVICE_NEWS = "news:{advice_id}"
EPISODE = "episode:{episode_id}"
MODULE = "episode:{episode_id}/module:{module_id}"
MEASURES = "episode:{episode_id}/measures:{occasion}"
FINISH = "episode:{episode_id}/finish"
EPISODE_NEWS = "news:{episode_id}"
RISK = "risk:{alert_id}"
HELP = "help:{alert_id}"
DISCUSSION = "discussion:{discussion_id}"
ANSWER_OWED = "discussion:{discussion_id}/owed"
DISCUSSION_NEWS = "discussion:{discussion_id}/news"
ACTIVITY = "activity:{activity_id}"

WHICH = ("referral_id",)
WHICH_ADVICE = ("advice_id",)
WHOSE = ("patient_id",)

RULES: dict[type[Event], tuple[Rule, ...]] = {
    ReferralSubmitted: (
        Rule("triage_team", "referral_to_triage", TRIAGE, ("referral_id", "triage_due")),
        Rule("patient", "referral_sent", REFERRAL_NEWS),
    ),
    TriageOverdue: (Rule("triage_team", "triage_overdue", TRIAGE, WHICH),),
    InformationRequested: (Rule("referrer", "information_needed", QUESTION, WHICH),),
    InformationProvided: (Rule("triage_team", "information_given", TRIAGE, ("referral_id", "triage_due")),),
    ReferralAccepted: (
        Rule("patient", "invitation", DECISION),
        Rule("referrer", "referral_accepted", REFERRAL_NEWS, WHICH),
    ),
    ReferralReturned: (
        Rule("referrer", "referral_returned", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_returned_patient", REFERRAL_NEWS),
    ),
    ReferralDeclined: (
        Rule("referrer", "referral_declined", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_declined_patient", REFERRAL_NEWS),
    ),
    ReferralAgreed: (
        Rule("referrer", "patient_agreed", REFERRAL_NEWS, WHICH),
        Rule("patient", "welcome", REFERRAL_NEWS),
    ),
    PatientUndecided: (Rule("patient", "take_your_time", PAUSE, ("ask_again_at",)),),
    PatientAskedAgain: (Rule("patient", "asked_again", DECISION),),
    ReferralWithdrawn: (
        Rule("referrer", "referral_withdrawn", REFERRAL_NEWS, WHICH),
        Rule("patient", "withdrawal_noted", REFERRAL_NEWS),
    ),
    OutcomeReceived: (Rule("referrer", "outcome_to_read", OUTCOME, WHICH),),
    OutcomeChased: (Rule("referrer", "outcome_reminder", OUTCOME, WHICH),),
    # Clinicians speak among themselves: the patient is told nothing of a question about them.
    AdviceAsked: (Rule("triage_team", "advice_asked", ADVICE_ANSWER, ("advice_id", "answer_due")),),
    AdviceAskedBack: (Rule("referrer", "advice_asked_back", ADVICE_QUESTION, WHICH_ADVICE),),
    AdviceExplained: (Rule("triage_team", "advice_explained", ADVICE_ANSWER, ("advice_id", "answer_due")),),
    AdviceOverdue: (Rule("triage_team", "advice_overdue", ADVICE_ANSWER, WHICH_ADVICE),),
    AdviceAnswered: (Rule("referrer", "advice_answered", ADVICE_NEWS, WHICH_ADVICE),),
    # Psychology may have begun the draft, which only the referrer can send.
    AdviceConverted: (Rule("referrer", "advice_converted", REFERRAL_NEWS, WHICH),),
    EpisodeActivated: (Rule("caregivers", "caregiver_started", EPISODE_NEWS),),
    ModuleUnlocked: (Rule("patient", "module_open", MODULE),),
    MeasuresRequested: (Rule("patient", "questions_open", MEASURES, ("measures",)),),
    EpisodeReadyToFinish: (Rule("triage_team", "episode_to_finish", FINISH, ("episode_id",)),),
    EpisodeFinished: (
        Rule("patient", "treatment_finished", EPISODE_NEWS),
        Rule("caregivers", "caregiver_finished", EPISODE_NEWS),
    ),
    # The ladder is climbed one person at a time: each rule reaches the person whose turn it is.
    RiskAlertRaised: (
        Rule("risk_ladder", "risk_alert", RISK, ("alert_id", "acknowledge_by"), critical=True),
        Rule("patient", "crisis_help", HELP, critical=True),
    ),
    RiskAlertEscalated: (
        Rule("risk_ladder", "risk_alert_escalated", RISK, ("alert_id", "acknowledge_by"), critical=True),
    ),
    ActivityPlanned: (
        Rule("patient_performer", "activity_planned", ACTIVITY),
        Rule("clinician_performer", "activity_to_do", ACTIVITY, WHOSE),
    ),
    # Patients are not chased for what they try at home: they see it on their plan.
    ActivityOverdue: (Rule("clinician_performer", "activity_overdue", ACTIVITY, WHOSE),),
    DiscussionAsked: (Rule("asked", "discussion_asked", ANSWER_OWED, ("patient_id", "wanted_by")),),
    DiscussionOverdue: (Rule("asked", "discussion_overdue", ANSWER_OWED, WHOSE),),
    DiscussionScheduled: (Rule("asker", "discussion_scheduled", DISCUSSION_NEWS, ("patient_id", "meet_at")),),
    DiscussionAnswered: (Rule("asker", "discussion_answered", DISCUSSION_NEWS, WHOSE),),
}

SETTLES: dict[type[Event], tuple[str, ...]] = {
    InformationRequested: (TRIAGE,),
    InformationProvided: (QUESTION,),
    ReferralAccepted: (TRIAGE,),
    ReferralReturned: (REFERRAL,),
    ReferralDeclined: (REFERRAL,),
    ReferralAgreed: (DECISION, PAUSE),
    PatientUndecided: (DECISION,),
    PatientAskedAgain: (PAUSE,),
    ReferralWithdrawn: (REFERRAL,),
    OutcomeAcknowledged: (OUTCOME,),
    AdviceAskedBack: (ADVICE_ANSWER,),
    AdviceExplained: (ADVICE_QUESTION,),
    AdviceAnswered: (ADVICE,),
    AdviceConverted: (ADVICE,),
    AdviceClosed: (ADVICE,),
    ModuleCompleted: (MODULE,),
    # The message says that questionnaires are open. Whoever has completed one of them knows.
    MeasureCompleted: (MEASURES,),
    EpisodeFinished: (EPISODE,),
    EpisodeCancelled: (EPISODE,),
    RiskAlertAcknowledged: (RISK,),
    ActivityEnded: (ACTIVITY,),
    DiscussionScheduled: (ANSWER_OWED,),
    DiscussionAnswered: (ANSWER_OWED,),
    DiscussionClosed: (DISCUSSION,),
}


def audiences(settled: str) -> frozenset[Audience]:
    """Who may hold messages of this topic, or of one below it."""
    return frozenset(
        rule.to
        for rules in RULES.values()
        for rule in rules
        if rule.topic == settled or rule.topic.startswith(f"{settled}/")
    )
