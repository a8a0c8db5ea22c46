"""Who is told what, and when a message has become pointless. The one table; a clinician can read and question it.

`template` names a folder of `templates/`. `topic` says what the message is about, filled in from the event's own
fields. When a row of SETTLES says that a topic is settled, unsent e-mails about it and about topics below are dropped.
"""

from services.notifications.rule import Audience, Field, Rule
from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event

REFERRAL = "referral:{referral_id}"
TRIAGE = "referral:{referral_id}/triage"
QUESTION = "referral:{referral_id}/question"
DECISION = "referral:{referral_id}/decision"
PAUSE = "referral:{referral_id}/pause"
YES = "referral:{referral_id}/yes"
HANDOFF = "referral:{referral_id}/handoff"
WAIT = "referral:{referral_id}/wait"
LISTED = "referral:{referral_id}/wait/listed"
OFFER = "referral:{referral_id}/wait/offer"
RESCREEN = "referral:{referral_id}/wait/rescreen"
BOOKING = "referral:{referral_id}/wait/booking"
MEETING = "referral:{referral_id}/wait/meeting"
BREACH = "referral:{referral_id}/breach"
OWED = "referral:{referral_id}/owed"
OWED_BY_REFERRER = "referral:{referral_id}/owed/referrer"
OWED_BY_TEAM = "referral:{referral_id}/owed/team"
CANCELLATION = "referral:{referral_id}/cancellation"
OUTCOME = "referral:{referral_id}/outcome"
REFERRAL_NEWS = "news:{referral_id}"
ADVICE = "advice:{advice_id}"
ADVICE_ANSWER = "advice:{advice_id}/answer"
ADVICE_QUESTION = "advice:{advice_id}/question"
ADVICE_NEWS = "news:{advice_id}"
EPISODE = "episode:{episode_id}"
MODULE = "episode:{episode_id}/module:{module_id}"
CHECK_IN = "episode:{episode_id}/check-in/{moment}"
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
TO_DECIDE = ("referral_id", "triage_due")
WHICH_STEP = ("referral_id", "step")

DIED: Field = ("reason_code", "person_died")
ASSESSMENT: Field = ("kind", "assessment")
BOOKED: Field = ("booked", True)
REFERRERS: Field = ("owed_by", "referrer")
OURS: Field = ("owed_by", "psychology")
UNTAKEN: Field = ("owed", "acknowledge")
HANDOFF_STEP: Field = ("step", "warm_handoff")

RULES: dict[type[Event], tuple[Rule, ...]] = {
    # --- a referral is made, and triage decides
    r.ReferralSubmitted: (
        Rule("triage_team", "referral_to_triage", TRIAGE, TO_DECIDE),
        Rule("patient", "referral_sent", REFERRAL_NEWS),
    ),
    # The patient was told when it was redirected.
    r.ReferralContinued: (Rule("triage_team", "referral_to_triage", TRIAGE, TO_DECIDE),),
    r.TriageOverdue: (Rule("triage_team", "triage_overdue", TRIAGE, WHICH),),
    r.PriorityChanged: (Rule("referrer", "priority_changed", REFERRAL_NEWS, WHICH),),
    r.InformationRequested: (Rule("referrer", "information_needed", QUESTION, WHICH),),
    r.InformationOverdue: (
        Rule("referrer", "information_overdue", QUESTION, WHICH),
        Rule("triage_team", "information_overdue_team", TRIAGE, WHICH),
    ),
    r.InformationProvided: (Rule("triage_team", "information_given", TRIAGE, TO_DECIDE),),
    r.ReferralAccepted: (
        Rule("patient", "invitation", DECISION, only=("asks_patient", True)),
        Rule("referrer", "referral_accepted", REFERRAL_NEWS, WHICH),
        Rule("triage_team", "warm_handoff", HANDOFF, WHICH, only=("warm_handoff", True)),
    ),
    r.ReferralReturned: (
        Rule("referrer", "referral_returned", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_returned_patient", REFERRAL_NEWS),
    ),
    r.ReferralDeclined: (
        Rule("referrer", "referral_declined", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_declined_patient", REFERRAL_NEWS),
    ),
    r.ReferralLapsed: (
        Rule("referrer", "referral_unanswered", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_unanswered_patient", REFERRAL_NEWS),
    ),
    r.ReferralRedirected: (
        Rule("referrer", "referral_redirected", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_redirected_patient", REFERRAL_NEWS),
    ),
    # --- the patient chooses
    r.ReferralAgreed: (Rule("referrer", "patient_agreed", YES, WHICH, waits=True),),
    r.PatientUndecided: (Rule("patient", "take_your_time", PAUSE, ("ask_again_at",), replaces=True),),
    r.PatientAskedAgain: (Rule("patient", "asked_again", DECISION),),
    r.PatientNotNow: (
        Rule("patient", "later_noted", PAUSE, ("reoffer_at",), replaces=True),
        Rule("referrer", "patient_not_now", REFERRAL_NEWS, ("referral_id", "reoffer_at")),
    ),
    r.ReferralReoffered: (Rule("patient", "reoffered", DECISION),),
    r.ReferralWithdrawn: (
        Rule("referrer", "referral_withdrawn", REFERRAL_NEWS, WHICH),
        Rule("patient", "withdrawal_noted", REFERRAL_NEWS),
        Rule("triage_team", "referral_withdrawn_team", REFERRAL_NEWS, WHICH, only=BOOKED),
    ),
    # --- the patient waits
    r.ReferralWaitlisted: (Rule("patient", "on_our_list", LISTED, waits=True),),
    r.SeatOffered: (Rule("patient", "place_offered", OFFER, ("offer_until",)),),
    r.OfferDeclined: (Rule("patient", "offer_declined", LISTED),),
    r.OfferLapsed: (Rule("patient", "offer_lapsed", LISTED),),
    r.RescreenDue: (Rule("patient", "how_are_you", RESCREEN),),
    r.WorseWhileWaiting: (Rule("triage_team", "worse_while_waiting", TRIAGE, TO_DECIDE),),
    r.WaitingBreached: (Rule("triage_team", "waiting_breached", BREACH, ("referral_id", "weeks")),),
    r.StepOverdue: (
        Rule("referrer", "step_overdue_referrer", OWED_BY_REFERRER, WHICH_STEP, only=REFERRERS),
        Rule("triage_team", "step_overdue", OWED_BY_TEAM, WHICH_STEP, only=OURS, unless=HANDOFF_STEP),
        Rule("triage_team", "warm_handoff_overdue", HANDOFF, WHICH, only=HANDOFF_STEP),
    ),
    # --- the first meeting, and treatment
    r.BookingRequested: (
        Rule("triage_team", "booking_requested", BOOKING, WHICH),
        Rule("patient", "booking_requested_patient", BOOKING),
    ),
    r.AppointmentScheduled: (
        Rule("patient", "appointment_planned_patient", MEETING, ("appointment",), replaces=True),
        Rule("referrer", "appointment_planned", MEETING, ("referral_id", "appointment"), replaces=True),
    ),
    r.AppointmentMissed: (
        Rule("patient", "appointment_missed_patient", BOOKING),
        Rule("referrer", "appointment_missed", REFERRAL_NEWS, WHICH),
    ),
    # Psychology knows of what it cancelled itself; what a patient cancels at home it must hear.
    r.AppointmentCancelled: (
        Rule("patient", "appointment_cancelled_patient", BOOKING),
        Rule("referrer", "appointment_cancelled", REFERRAL_NEWS, WHICH),
        Rule("triage_team", "appointment_cancelled_team", BOOKING, WHICH, only=("reason_code", "patient_asked")),
    ),
    r.TreatmentStarted: (
        Rule("patient", "welcome", REFERRAL_NEWS, unless=ASSESSMENT),
        Rule("patient", "assessment_started", REFERRAL_NEWS, only=ASSESSMENT),
        Rule("referrer", "treatment_started", REFERRAL_NEWS, WHICH),
    ),
    r.ProgressNoted: (Rule("referrer", "progress_noted", REFERRAL_NEWS, WHICH),),
    # --- the end of a referral
    r.CancellationRequested: (Rule("triage_team", "cancellation_requested", CANCELLATION, WHICH),),
    r.CancellationTurnedDown: (Rule("referrer", "cancellation_turned_down", REFERRAL_NEWS, WHICH),),
    # No letter from us to the family of somebody who has died.
    r.ReferralCancelled: (
        Rule("referrer", "referral_cancelled", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_cancelled_patient", REFERRAL_NEWS, unless=DIED),
    ),
    r.OutcomeReceived: (Rule("referrer", "outcome_to_read", OUTCOME, WHICH),),
    r.FindingsSent: (
        Rule("referrer", "outcome_to_read", OUTCOME, WHICH),
        Rule("patient", "findings_written", REFERRAL_NEWS),
    ),
    r.OutcomeChased: (Rule("referrer", "outcome_reminder", OUTCOME, WHICH),),
    r.ReferralReopened: (
        Rule("referrer", "referral_reopened", REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_reopened_patient", REFERRAL_NEWS),
    ),
    r.EnteredInError: (Rule("referrer", "entered_in_error", REFERRAL_NEWS, WHICH),),
    # --- questions to psychology. Clinicians speak among themselves: the patient is told nothing of one about them.
    r.AdviceAsked: (Rule("triage_team", "advice_asked", ADVICE_ANSWER, ("advice_id", "answer_due")),),
    r.AdviceAskedBack: (Rule("referrer", "advice_asked_back", ADVICE_QUESTION, WHICH_ADVICE),),
    r.AdviceExplained: (Rule("triage_team", "advice_explained", ADVICE_ANSWER, ("advice_id", "answer_due")),),
    r.AdviceOverdue: (Rule("triage_team", "advice_overdue", ADVICE_ANSWER, WHICH_ADVICE),),
    r.AdviceAnswered: (Rule("referrer", "advice_answered", ADVICE_NEWS, WHICH_ADVICE),),
    # Psychology may have begun the draft, which only the referrer can send.
    r.AdviceConverted: (Rule("referrer", "advice_converted", REFERRAL_NEWS, WHICH),),
    # --- the episode, and danger
    i.EpisodeActivated: (Rule("caregivers", "caregiver_started", EPISODE_NEWS),),
    i.ModuleUnlocked: (Rule("patient", "module_open", MODULE),),
    i.MeasuresRequested: (Rule("patient", "questions_open", MEASURES, ("measures",)),),
    i.CheckInAsked: (Rule("patient", "check_in_open", CHECK_IN, ("closes_at",)),),
    i.EpisodeReadyToFinish: (Rule("triage_team", "episode_to_finish", FINISH, ("episode_id",)),),
    i.EpisodeFinished: (
        Rule("patient", "treatment_finished", EPISODE_NEWS),
        Rule("caregivers", "caregiver_finished", EPISODE_NEWS),
    ),
    # The ladder is climbed one person at a time: each rule reaches the person whose turn it is.
    i.RiskAlertRaised: (
        Rule("risk_ladder", "risk_alert", RISK, ("alert_id", "acknowledge_by"), critical=True),
        Rule("patient", "crisis_help", HELP, critical=True),
    ),
    i.RiskAlertEscalated: (
        Rule("risk_ladder", "risk_alert_escalated", RISK, ("alert_id", "acknowledge_by"), critical=True, only=UNTAKEN),
        Rule("risk_ladder", "risk_alert_waits", RISK, ("alert_id", "acknowledge_by"), critical=True, unless=UNTAKEN),
    ),
    # --- one plan for all
    r.ActivityPlanned: (
        Rule("patient_performer", "activity_planned", ACTIVITY),
        Rule("clinician_performer", "activity_to_do", ACTIVITY, WHOSE),
    ),
    # Patients are not chased for what they try at home: they see it on their plan.
    r.ActivityOverdue: (Rule("clinician_performer", "activity_overdue", ACTIVITY, WHOSE),),
    r.DiscussionAsked: (Rule("asked", "discussion_asked", ANSWER_OWED, ("patient_id", "wanted_by")),),
    r.DiscussionOverdue: (Rule("asked", "discussion_overdue", ANSWER_OWED, WHOSE),),
    r.DiscussionScheduled: (Rule("asker", "discussion_scheduled", DISCUSSION_NEWS, ("patient_id", "meet_at")),),
    r.DiscussionAnswered: (Rule("asker", "discussion_answered", DISCUSSION_NEWS, WHOSE),),
}

SETTLES: dict[type[Event], tuple[str, ...]] = {
    r.ReferralSubmitted: (OWED_BY_REFERRER,),
    r.AttachmentAdded: (OWED_BY_REFERRER,),
    r.TriageTaken: (TRIAGE,),
    r.InformationRequested: (TRIAGE,),
    r.InformationProvided: (QUESTION,),
    # Triage may decide without the answer that it asked for.
    r.ReferralAccepted: (TRIAGE, QUESTION, OWED_BY_REFERRER),
    r.ReferralReturned: (REFERRAL,),
    r.ReferralDeclined: (REFERRAL,),
    r.ReferralLapsed: (REFERRAL,),
    r.ReferralRedirected: (REFERRAL,),
    r.ReferralAgreed: (DECISION, PAUSE, OWED),
    r.WarmHandoffHeld: (HANDOFF,),
    r.PatientUndecided: (DECISION, YES, WAIT, OWED),
    r.PatientAskedAgain: (PAUSE,),
    r.PatientNotNow: (DECISION, YES, WAIT, OWED),
    r.ReferralReoffered: (PAUSE,),
    r.ReferralWithdrawn: (REFERRAL,),
    r.SeatOffered: (LISTED,),
    r.OfferTaken: (OFFER, RESCREEN),
    r.OfferDeclined: (OFFER,),
    r.OfferLapsed: (OFFER,),
    r.RescreenRecorded: (RESCREEN,),
    r.WorseWhileWaiting: (WAIT,),
    r.AppointmentScheduled: (BOOKING, OWED_BY_TEAM),
    r.AppointmentMissed: (MEETING, OWED_BY_TEAM),
    r.AppointmentCancelled: (MEETING, OWED_BY_TEAM),
    r.TreatmentStarted: (YES, HANDOFF, WAIT, BREACH, OWED_BY_TEAM),
    # Psychology looks at the wish to cancel; the steps from before are not taken meanwhile.
    r.CancellationRequested: (TRIAGE, QUESTION, DECISION, PAUSE, YES, HANDOFF, WAIT, BREACH, OWED),
    r.CancellationTurnedDown: (CANCELLATION, OWED_BY_TEAM),
    r.ReferralCancelled: (REFERRAL,),
    r.OutcomeReceived: (CANCELLATION, OWED_BY_TEAM),
    r.FindingsSent: (CANCELLATION, OWED_BY_TEAM),
    r.OutcomeAcknowledged: (OUTCOME,),
    r.EnteredInError: (REFERRAL,),
    r.AdviceAskedBack: (ADVICE_ANSWER,),
    r.AdviceExplained: (ADVICE_QUESTION,),
    r.AdviceAnswered: (ADVICE,),
    r.AdviceConverted: (ADVICE,),
    r.AdviceClosed: (ADVICE,),
    i.ModuleCompleted: (MODULE,),
    # The message says that questionnaires are open. Whoever has completed one of them knows.
    i.MeasureCompleted: (MEASURES,),
    i.CheckInCompleted: (CHECK_IN,),
    i.CheckInLapsed: (CHECK_IN,),
    i.EpisodeFinished: (EPISODE,),
    i.EpisodeCancelled: (EPISODE,),
    i.RiskAlertAcknowledged: (RISK,),
    i.RiskAlertTakenOver: (RISK,),
    i.RiskAlertAssessed: (RISK,),
    i.RiskAlertClosed: (RISK,),
    r.ActivityEnded: (ACTIVITY,),
    r.DiscussionScheduled: (ANSWER_OWED,),
    r.DiscussionAnswered: (ANSWER_OWED,),
    r.DiscussionClosed: (DISCUSSION,),
}


def rules_for(event: Event) -> tuple[Rule, ...]:
    """The messages that this event leads to."""
    return tuple(rule for rule in RULES.get(type(event), ()) if rule.holds(event))


def audiences(settled: str) -> frozenset[Audience]:
    """Who may hold messages of this topic, or of one below it."""
    return frozenset(
        rule.to
        for rules in RULES.values()
        for rule in rules
        if rule.topic == settled or rule.topic.startswith(f"{settled}/")
    )
