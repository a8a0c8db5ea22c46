"""Who is told what, and when a message has become pointless. The one table; a clinician can read and question it.

`template` names a folder of `templates/`. `topic` says what the message is about, filled in from the event's own
fields. When a row of SETTLES says that a topic is settled, unsent e-mails about it and about topics below are dropped.
"""

from services.notifications import topics as t
from services.notifications.policy_access import ACCESS_RULES, ACCESS_SETTLES
from services.notifications.policy_calls import CALL_RULES
from services.notifications.policy_carers import CARER_RULES, CARER_SETTLES
from services.notifications.policy_circles import CIRCLE_RULES, CIRCLE_SETTLES
from services.notifications.policy_groups import GROUP_OVERTAKES, GROUP_RULES, GROUP_SETTLES
from services.notifications.policy_reach import REACH_RULES
from services.notifications.policy_resources import RESOURCE_RULES, RESOURCE_SETTLES
from services.notifications.rule import Audience, Field, Rule, joined
from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event

WHICH = ("referral_id",)
WHICH_ADVICE = ("advice_id",)
WHOSE = ("patient_id",)
WHICH_EPISODE = ("episode_id",)
WHICH_ALERT = ("alert_id", "acknowledge_by")
TO_DECIDE = ("referral_id", "triage_due")
WHICH_STEP = ("referral_id", "step")

CALLED: Field = ("called", True)
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
        Rule("triage_team", "referral_to_triage", t.TRIAGE, TO_DECIDE),
        Rule("patient", "referral_sent", t.REFERRAL_NEWS),
    ),
    # The patient was told when it was redirected.
    r.ReferralContinued: (Rule("triage_team", "referral_to_triage", t.TRIAGE, TO_DECIDE),),
    r.TriageOverdue: (Rule("triage_team", "triage_overdue", t.TRIAGE, WHICH),),
    r.PriorityChanged: (Rule("referrer", "priority_changed", t.REFERRAL_NEWS, WHICH),),
    r.InformationRequested: (Rule("referrer", "information_needed", t.QUESTION, WHICH),),
    r.InformationOverdue: (
        Rule("referrer", "information_overdue", t.QUESTION, WHICH),
        Rule("triage_team", "information_overdue_team", t.TRIAGE, WHICH),
    ),
    r.InformationProvided: (Rule("triage_team", "information_given", t.TRIAGE, TO_DECIDE),),
    r.ReferralAccepted: (
        Rule("patient", "invitation", t.DECISION, only=("asks_patient", True)),
        Rule("referrer", "referral_accepted", t.REFERRAL_NEWS, WHICH),
        Rule("triage_team", "warm_handoff", t.HANDOFF, WHICH, only=("warm_handoff", True)),
    ),
    r.ReferralReturned: (
        Rule("referrer", "referral_returned", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_returned_patient", t.REFERRAL_NEWS),
    ),
    r.ReferralDeclined: (
        Rule("referrer", "referral_declined", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_declined_patient", t.REFERRAL_NEWS),
    ),
    r.ReferralLapsed: (
        Rule("referrer", "referral_unanswered", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_unanswered_patient", t.REFERRAL_NEWS),
    ),
    r.ReferralRedirected: (
        Rule("referrer", "referral_redirected", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_redirected_patient", t.REFERRAL_NEWS),
    ),
    # --- the patient chooses
    r.ReferralAgreed: (Rule("referrer", "patient_agreed", t.YES, WHICH, waits=True),),
    r.PatientUndecided: (Rule("patient", "take_your_time", t.PAUSE, ("ask_again_at",), replaces=True),),
    r.PatientAskedAgain: (Rule("patient", "asked_again", t.DECISION),),
    r.PatientNotNow: (
        Rule("patient", "later_noted", t.PAUSE, ("reoffer_at",), replaces=True),
        Rule("referrer", "patient_not_now", t.REFERRAL_NEWS, ("referral_id", "reoffer_at")),
    ),
    r.ReferralReoffered: (Rule("patient", "reoffered", t.DECISION),),
    r.ReferralWithdrawn: (
        Rule("referrer", "referral_withdrawn", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "withdrawal_noted", t.REFERRAL_NEWS),
        Rule("triage_team", "referral_withdrawn_team", t.REFERRAL_NEWS, WHICH, only=BOOKED),
    ),
    # --- the patient waits
    r.ReferralWaitlisted: (Rule("patient", "on_our_list", t.LISTED, waits=True),),
    r.SeatOffered: (Rule("patient", "place_offered", t.OFFER, ("offer_until",)),),
    r.OfferDeclined: (Rule("patient", "offer_declined", t.LISTED),),
    r.OfferLapsed: (Rule("patient", "offer_lapsed", t.LISTED),),
    r.RescreenDue: (Rule("patient", "how_are_you", t.RESCREEN),),
    r.WorseWhileWaiting: (Rule("triage_team", "worse_while_waiting", t.TRIAGE, TO_DECIDE),),
    r.WaitingBreached: (Rule("triage_team", "waiting_breached", t.BREACH, ("referral_id", "weeks")),),
    r.StepOverdue: (
        Rule("referrer", "step_overdue_referrer", t.OWED_BY_REFERRER, WHICH_STEP, only=REFERRERS),
        Rule("triage_team", "step_overdue", t.OWED_BY_TEAM, WHICH_STEP, only=OURS, unless=HANDOFF_STEP),
        Rule("triage_team", "warm_handoff_overdue", t.HANDOFF, WHICH, only=HANDOFF_STEP),
    ),
    # --- the first meeting, and treatment
    r.BookingRequested: (
        Rule("triage_team", "booking_requested", t.BOOKING, WHICH),
        Rule("patient", "booking_requested_patient", t.BOOKING),
    ),
    r.AppointmentScheduled: (
        Rule("patient", "appointment_planned_patient", t.MEETING, ("appointment", "minutes"), replaces=True),
        Rule("patient", "meeting_reminder", t.MEETING_REMINDER, remind="appointment"),
        Rule("referrer", "appointment_planned", t.MEETING, ("referral_id", "appointment"), replaces=True),
    ),
    r.AppointmentMissed: (
        Rule("patient", "appointment_missed_patient", t.BOOKING),
        Rule("referrer", "appointment_missed", t.REFERRAL_NEWS, WHICH),
    ),
    # Psychology knows of what it cancelled itself; what a patient cancels at home it must hear.
    r.AppointmentCancelled: (
        Rule("patient", "appointment_cancelled_patient", t.BOOKING),
        Rule("referrer", "appointment_cancelled", t.REFERRAL_NEWS, WHICH),
        Rule("triage_team", "appointment_cancelled_team", t.BOOKING, WHICH, only=("reason_code", "patient_asked")),
    ),
    r.TreatmentStarted: (
        Rule("patient", "welcome", t.REFERRAL_NEWS, unless=ASSESSMENT),
        Rule("patient", "assessment_started", t.REFERRAL_NEWS, only=ASSESSMENT),
        Rule("referrer", "treatment_started", t.REFERRAL_NEWS, WHICH),
    ),
    r.ProgressNoted: (Rule("referrer", "progress_noted", t.REFERRAL_NEWS, WHICH),),
    # --- the end of a referral
    r.CancellationRequested: (Rule("triage_team", "cancellation_requested", t.CANCELLATION, WHICH),),
    r.CancellationTurnedDown: (Rule("referrer", "cancellation_turned_down", t.REFERRAL_NEWS, WHICH),),
    # No letter from us to the family of somebody who has died.
    r.ReferralCancelled: (
        Rule("referrer", "referral_cancelled", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_cancelled_patient", t.REFERRAL_NEWS, unless=DIED),
    ),
    r.OutcomeReceived: (Rule("referrer", "outcome_to_read", t.OUTCOME, WHICH),),
    r.FindingsSent: (
        Rule("referrer", "outcome_to_read", t.OUTCOME, WHICH),
        Rule("patient", "findings_written", t.REFERRAL_NEWS),
    ),
    r.OutcomeChased: (Rule("referrer", "outcome_reminder", t.OUTCOME, WHICH),),
    r.ReferralReopened: (
        Rule("referrer", "referral_reopened", t.REFERRAL_NEWS, WHICH),
        Rule("patient", "referral_reopened_patient", t.REFERRAL_NEWS),
    ),
    r.EnteredInError: (Rule("referrer", "entered_in_error", t.REFERRAL_NEWS, WHICH),),
    # --- questions to psychology. Clinicians speak among themselves: the patient is told nothing of one about them.
    r.AdviceAsked: (Rule("triage_team", "advice_asked", t.ADVICE_ANSWER, ("advice_id", "answer_due")),),
    r.AdviceAskedBack: (Rule("referrer", "advice_asked_back", t.ADVICE_QUESTION, WHICH_ADVICE),),
    r.AdviceExplained: (Rule("triage_team", "advice_explained", t.ADVICE_ANSWER, ("advice_id", "answer_due")),),
    r.AdviceOverdue: (Rule("triage_team", "advice_overdue", t.ADVICE_ANSWER, WHICH_ADVICE),),
    r.AdviceAnswered: (Rule("referrer", "advice_answered", t.ADVICE_NEWS, WHICH_ADVICE),),
    # Psychology may have begun the draft, which only the referrer can send.
    r.AdviceConverted: (Rule("referrer", "advice_converted", t.REFERRAL_NEWS, WHICH),),
    # --- the episode, and danger
    i.EpisodeActivated: (Rule("caregivers", "caregiver_started", t.EPISODE_NEWS, scope="news"),),
    i.ModuleUnlocked: (Rule("patient", "module_open", t.MODULE, unless=("by_group", True)),),
    i.MeasuresRequested: (Rule("patient", "questions_open", t.MEASURES, ("measures",)),),
    i.CheckInAsked: (Rule("patient", "check_in_open", t.CHECK_IN, ("closes_at",)),),
    # At the end the team is told that a plan is ready to finish: one message about one thing.
    i.ReviewDue: (Rule("triage_team", "step_to_review", t.REVIEW, WHICH_EPISODE, unless=("moment", "end")),),
    # Whoever is not heard from. The referrer's note goes through the referral: see `ProgressNoted`.
    i.PatientQuiet: (
        Rule("patient", "kind_word", t.QUIET, only=("step", "nudge")),
        Rule("triage_team", "call_due", t.CALL, WHICH_EPISODE, only=("step", "coach_call")),
    ),
    i.PatientReturned: (Rule("triage_team", "patient_returned", t.EPISODE_NEWS, WHICH_EPISODE, only=("called", True)),),
    i.EpisodeReadyToFinish: (Rule("triage_team", "episode_to_finish", t.FINISH, WHICH_EPISODE),),
    i.EpisodeFinished: (
        Rule("patient", "treatment_finished", t.EPISODE_NEWS),
        Rule("caregivers", "caregiver_finished", t.EPISODE_NEWS, scope="news"),
    ),
    # Some days later, so that nobody gets two messages on the day on which treatment ends.
    i.FeedbackAsked: (Rule("patient", "feedback_open", t.FEEDBACK, ("closes_at",)),),
    # The ladder is climbed one person at a time: each rule reaches the person whose turn it is.
    i.RiskAlertRaised: (
        Rule("risk_ladder", "risk_alert", t.RISK, WHICH_ALERT, critical=True),
        Rule("patient", "crisis_help", t.HELP, critical=True),
    ),
    i.RiskAlertEscalated: (
        Rule("risk_ladder", "risk_alert_escalated", t.RISK, WHICH_ALERT, critical=True, only=UNTAKEN),
        Rule("risk_ladder", "risk_alert_waits", t.RISK, WHICH_ALERT, critical=True, unless=UNTAKEN),
    ),
    # --- those whom a patient trusts
    r.CaregiverInvited: (
        Rule("caregiver", "caregiver_invitation", t.CAREGIVER_INVITATION, ("answer_by",), replaces=True),
    ),
    # --- one plan for all
    r.ActivityPlanned: (
        Rule("patient_performer", "activity_planned", t.ACTIVITY),
        Rule("clinician_performer", "activity_to_do", t.ACTIVITY, WHOSE),
    ),
    # Patients are not chased for what they try at home: they see it on their plan.
    r.ActivityOverdue: (Rule("clinician_performer", "activity_overdue", t.ACTIVITY, WHOSE),),
    r.DiscussionAsked: (Rule("asked", "discussion_asked", t.ANSWER_OWED, ("patient_id", "wanted_by")),),
    r.DiscussionOverdue: (Rule("asked", "discussion_overdue", t.ANSWER_OWED, WHOSE),),
    r.DiscussionScheduled: (Rule("asker", "discussion_scheduled", t.DISCUSSION_NEWS, ("patient_id", "meet_at")),),
    r.DiscussionAnswered: (Rule("asker", "discussion_answered", t.DISCUSSION_NEWS, WHOSE),),
}

SETTLES: dict[type[Event], tuple[str, ...]] = {
    r.ReferralSubmitted: (t.OWED_BY_REFERRER,),
    r.AttachmentAdded: (t.OWED_BY_REFERRER,),
    r.TriageTaken: (t.TRIAGE,),
    r.InformationRequested: (t.TRIAGE,),
    r.InformationProvided: (t.QUESTION,),
    # Triage may decide without the answer that it asked for.
    r.ReferralAccepted: (t.TRIAGE, t.QUESTION, t.OWED_BY_REFERRER),
    r.ReferralReturned: (t.REFERRAL,),
    r.ReferralDeclined: (t.REFERRAL,),
    r.ReferralLapsed: (t.REFERRAL,),
    r.ReferralRedirected: (t.REFERRAL,),
    r.ReferralAgreed: (t.DECISION, t.PAUSE, t.OWED),
    r.WarmHandoffHeld: (t.HANDOFF,),
    r.PatientUndecided: (t.DECISION, t.YES, t.WAIT, t.OWED),
    r.PatientAskedAgain: (t.PAUSE,),
    r.PatientNotNow: (t.DECISION, t.YES, t.WAIT, t.OWED),
    r.ReferralReoffered: (t.PAUSE,),
    r.ReferralWithdrawn: (t.REFERRAL,),
    r.SeatOffered: (t.LISTED,),
    r.OfferTaken: (t.OFFER, t.RESCREEN),
    r.OfferDeclined: (t.OFFER,),
    r.OfferLapsed: (t.OFFER,),
    r.RescreenRecorded: (t.RESCREEN,),
    r.WorseWhileWaiting: (t.WAIT,),
    r.AppointmentScheduled: (t.BOOKING, t.OWED_BY_TEAM),
    r.AppointmentMissed: (t.MEETING, t.OWED_BY_TEAM),
    r.AppointmentCancelled: (t.MEETING, t.OWED_BY_TEAM),
    r.TreatmentStarted: (t.YES, t.HANDOFF, t.WAIT, t.BREACH, t.OWED_BY_TEAM),
    # Psychology looks at the wish to cancel; the steps from before are not taken meanwhile.
    r.CancellationRequested: (t.TRIAGE, t.QUESTION, t.DECISION, t.PAUSE, t.YES, t.HANDOFF, t.WAIT, t.BREACH, t.OWED),
    r.CancellationTurnedDown: (t.CANCELLATION, t.OWED_BY_TEAM),
    r.ReferralCancelled: (t.REFERRAL,),
    r.OutcomeReceived: (t.CANCELLATION, t.OWED_BY_TEAM),
    r.FindingsSent: (t.CANCELLATION, t.OWED_BY_TEAM),
    r.OutcomeAcknowledged: (t.OUTCOME,),
    r.EnteredInError: (t.REFERRAL,),
    r.AdviceAskedBack: (t.ADVICE_ANSWER,),
    r.AdviceExplained: (t.ADVICE_QUESTION,),
    r.AdviceAnswered: (t.ADVICE,),
    r.AdviceConverted: (t.ADVICE,),
    r.AdviceClosed: (t.ADVICE,),
    i.ModuleCompleted: (t.MODULE,),
    # The message says that questionnaires are open. Whoever has completed one of them knows.
    i.MeasureCompleted: (t.MEASURES,),
    i.CheckInCompleted: (t.CHECK_IN,),
    i.CheckInLapsed: (t.CHECK_IN,),
    i.StepDecided: (t.REVIEW,),
    i.PatientReturned: (t.QUIET,),
    i.PatientReached: (t.QUIET,),
    i.BreakTaken: (t.QUIET,),
    i.FeedbackGiven: (t.FEEDBACK,),
    i.FeedbackLapsed: (t.FEEDBACK,),
    i.EpisodeFinished: (t.EPISODE,),
    i.EpisodeCancelled: (t.EPISODE,),
    i.RiskAlertAcknowledged: (t.RISK,),
    i.RiskAlertTakenOver: (t.RISK,),
    i.RiskAlertAssessed: (t.RISK,),
    i.RiskAlertClosed: (t.RISK,),
    r.ActivityEnded: (t.ACTIVITY,),
    r.DiscussionScheduled: (t.ANSWER_OWED,),
    r.DiscussionAnswered: (t.ANSWER_OWED,),
    r.DiscussionClosed: (t.DISCUSSION,),
    r.CaregiverDeclined: (t.CAREGIVER_INVITATION,),
    r.CaregiverInvitationLapsed: (t.CAREGIVER_INVITATION,),
}

RULES = joined(RULES, GROUP_RULES, CIRCLE_RULES, CARER_RULES, RESOURCE_RULES, CALL_RULES, REACH_RULES, ACCESS_RULES)
SETTLES = joined(SETTLES, GROUP_SETTLES, CIRCLE_SETTLES, CARER_SETTLES, RESOURCE_SETTLES, ACCESS_SETTLES)

OVERTAKES: dict[type[Event], tuple[str, ...]] = {i.EpisodeStepped: (t.EPISODE,), **GROUP_OVERTAKES}
"""Like SETTLES, but only for what was planned before: what the same moment brings is told."""
HEARD: tuple[type[Event], ...] = tuple(dict.fromkeys((*RULES, *SETTLES, *OVERTAKES)))
"""Every event that leads to a message or makes one pointless."""


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
