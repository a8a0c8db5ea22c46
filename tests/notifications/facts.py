"""One example of every fact that this service listens to."""

from datetime import timedelta
from typing import Any

from shared.contracts import interventions as i
from shared.contracts import notifications as n
from shared.contracts import reach
from shared.contracts import referrals as r
from shared.contracts import wordings as w
from shared.contracts.envelope import Event
from tests.notifications.access_facts import ACCESS_FACTS
from tests.notifications.caregiver_facts import CAREGIVER_FACTS
from tests.notifications.carer_facts import CARER_FACTS
from tests.notifications.circle_facts import CIRCLE_FACTS
from tests.notifications.group_facts import GROUP_FACTS
from tests.notifications.people import LUIS, MORNING, ROSA
from tests.notifications.resource_facts import RESOURCE_FACTS

REFERRAL: dict[str, Any] = {
    "at": MORNING,
    "referral_id": "referral-1",
    "patient_id": ROSA,
    "referrer_id": "dr-okafor",
}
ADVICE: dict[str, Any] = {"at": MORNING, "advice_id": "advice-1", "patient_id": ROSA, "referrer_id": "dr-okafor"}
EPISODE: dict[str, Any] = {"at": MORNING, "episode_id": "episode-1", "patient_id": ROSA}
ENGAGEMENT: dict[str, Any] = {**EPISODE, "engagement_id": "engagement-1"}
RISK: dict[str, Any] = {**EPISODE, "alert_id": "alert-1"}
SOON = MORNING + timedelta(days=5)
READING = r.Reading(measure="PEG", answers=(6, 7, 8), total=21, value=7.0, taken_at=MORNING)
SUMMARY = r.OutcomeSummary(
    end_reason="completed", programme="cbt-pain", modules_done=8, modules_total=8, changes=(), recommendation=None
)
REGISTERED = r.PatientRegistered(
    at=MORNING,
    patient_id=ROSA,
    name="Rosa Delgado",
    email="rosa@example.org",
    birth_date=None,
    language="es",
    time_zone="Europe/London",
)
CAREGIVER: dict[str, Any] = {"at": MORNING, "patient_id": ROSA, "caregiver_id": LUIS}
SUBMITTED = r.ReferralSubmitted(
    **REFERRAL,
    pathway="pain-psychology",
    reason="Pain.",
    goal="Walk.",
    priority=r.Priority.URGENT,
    readings=(READING,),
    triage_due=SOON,
)
REQUEST = r.Continuation(
    pathway="pain-trauma",
    kind="treatment",
    requester="referrer",
    priority=r.Priority.URGENT,
    readings=(READING,),
    flags=(),
    preferences=r.Preferences(),
    attachments=(),
    clock_started_at=MORNING,
    pauses=(),
)
MEETING = r.Appointment(at=SOON, mode="video", clinician_id="psy-tanaka")
STEPPED = i.EpisodeStepped(
    **EPISODE,
    referral_id="referral-1",
    from_programme_id="cbt-pain",
    from_step=2,
    programme_id="act-pain",
    programme_version=1,
    step=3,
)
RAISED = i.RiskAlertRaised(**RISK, measure="PHQ-9", item=9, value=2, acknowledge_by=SOON)
ASSESSED = i.RiskAssessment(
    thoughts="yes", plan="no", means="no", intent="no", past_attempts="no", protective_factors="yes", concern="medium"
)

PLAN: dict[str, Any] = {"at": MORNING, "care_plan_id": "care-plan-1", "patient_id": ROSA}
ACTIVITY: dict[str, Any] = {**PLAN, "activity_id": "activity-1", "performer": "patient"}
DISCUSSION: dict[str, Any] = {
    **PLAN,
    "discussion_id": "discussion-1",
    "asked_by": "psy-tanaka",
    "asked_of": "pain",
    "referrer_id": "dr-okafor",
}
WORDING: dict[str, Any] = {
    "at": MORNING,
    "template": "module_open",
    "language": "en",
    "changed_by": "psy-tanaka",
}

FACTS: tuple[Event, ...] = (
    REGISTERED,
    r.ConsentGiven(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.CAREGIVER, caregiver_ids=(LUIS,)),
    r.ConsentWithdrawn(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.EMAIL),
    r.CaregiverLinked(
        **CAREGIVER, name="Luis Delgado", email="luis@example.org", relationship="partner", consented=True
    ),
    r.CaregiverUnlinked(**CAREGIVER),
    SUBMITTED,
    r.ReferralContinued(**REFERRAL, based_on="referral-0", request=REQUEST, rationale="Trauma first.", triage_due=SOON),
    r.TriageTaken(**REFERRAL, taken_by="psy-tanaka"),
    r.TriageOverdue(**REFERRAL, reminder=1),
    r.PriorityChanged(**REFERRAL, priority=r.Priority.URGENT, rationale="Worse."),
    r.InformationRequested(**REFERRAL, question="Which medicines?"),
    r.InformationOverdue(**REFERRAL, reminder=1),
    r.InformationProvided(**REFERRAL, answer="None.", triage_due=SOON),
    r.ReferralAccepted(**REFERRAL, rationale="Fits.", programme_id="cbt-pain", step=2),
    r.ReferralReturned(**REFERRAL, rationale="Other first."),
    r.ReferralDeclined(**REFERRAL, reason_code="no_capacity", rationale="Full."),
    r.ReferralLapsed(**REFERRAL),
    r.ReferralRedirected(**REFERRAL, to="primary-care", rationale="Sleep first."),
    r.ReferralAgreed(**REFERRAL),
    r.WarmHandoffHeld(**REFERRAL, held_by="psy-tanaka"),
    r.PatientUndecided(**REFERRAL, reason_code="needs_time", ask_again_at=SOON),
    r.PatientAskedAgain(**REFERRAL, times=1),
    r.PatientNotNow(**REFERRAL, reason_code="life_is_full", reoffer_at=SOON),
    r.ReferralReoffered(**REFERRAL),
    r.ReferralWithdrawn(**REFERRAL),
    r.ReferralWaitlisted(**REFERRAL, priority=r.Priority.URGENT, waiting_since=MORNING),
    r.SeatOffered(**REFERRAL, offer_until=SOON),
    r.OfferTaken(**REFERRAL),
    r.OfferDeclined(**REFERRAL, reason_code="too_soon"),
    r.OfferLapsed(**REFERRAL, times=1),
    r.AttachmentAdded(
        **REFERRAL,
        attachment=r.Attachment(attachment_id="attachment-1", kind="note", text="Sleeps badly."),
        added_by="dr-okafor",
    ),
    r.RescreenDue(**REFERRAL, times=1),
    r.RescreenRecorded(**REFERRAL, readings=(READING,)),
    r.WorseWhileWaiting(**REFERRAL, reasons=("peg-high",), triage_due=SOON),
    r.WaitingBreached(**REFERRAL, weeks=6),
    r.StepOverdue(**REFERRAL, step="booking", owed_by="psychology", reminder=1),
    r.BookingRequested(**REFERRAL),
    r.AppointmentScheduled(**REFERRAL, appointment=MEETING),
    r.AppointmentMissed(**REFERRAL, reason_code="ill"),
    r.AppointmentCancelled(**REFERRAL, reason_code="patient_asked"),
    r.TreatmentStarted(**REFERRAL),
    r.ProgressNoted(**REFERRAL, occasion="middle"),
    r.CancellationRequested(**REFERRAL, reason_code="moved_away"),
    r.ReferralCancelled(**REFERRAL, reason_code="moved_away"),
    r.CancellationTurnedDown(**REFERRAL, back_to="in_treatment", rationale="They wish to go on."),
    r.FindingsSent(**REFERRAL, findings="Grief.", acknowledge_by=SOON),
    r.ReferralReopened(**REFERRAL, rationale="Asked again.", triage_due=SOON),
    r.EnteredInError(**REFERRAL, note="Wrong person."),
    r.OutcomeReceived(**REFERRAL, summary=SUMMARY, acknowledge_by=SOON),
    r.OutcomeChased(**REFERRAL, times=1),
    r.OutcomeAcknowledged(**REFERRAL),
    r.AdviceAsked(**ADVICE, question="How?", topic="other", may_convert=True, answer_due=SOON),
    r.AdviceAskedBack(**ADVICE, question="Since when?", asked_by="psy-tanaka"),
    r.AdviceExplained(**ADVICE, explanation="Since May.", answer_due=SOON),
    r.AdviceOverdue(**ADVICE, reminder=1),
    r.AdviceAnswered(**ADVICE, answer="So.", answered_by="psy-tanaka", suggests_referral=False),
    r.AdviceConverted(**ADVICE, referral_id="referral-1", authority="referrer", converted_by="dr-okafor"),
    r.AdviceClosed(**ADVICE, reason_code="answered_enough", closed_by="dr-okafor"),
    i.EpisodeActivated(**EPISODE),
    i.ModuleUnlocked(**EPISODE, module_id="module-1"),
    i.ModuleCompleted(**EPISODE, module_id="module-1", done=1, total=8),
    i.MeasuresRequested(**EPISODE, occasion="start", measures=("PEG", "PHQ-4")),
    i.CheckInAsked(**EPISODE, moment="good-moments", measures=("PEG",), closes_at=SOON),
    i.CheckInCompleted(**EPISODE, check_in_id="check-in-1", moment="good-moments", reading=READING),
    i.CheckInLapsed(**EPISODE, check_in_id="check-in-1", moment="good-moments"),
    i.MeasureCompleted(**EPISODE, series_id="series-1", occasion="start", reading=READING),
    i.ReviewDue(**EPISODE, moment="middle", rules_version=1, advice="stay"),
    i.StepDecided(**EPISODE, moment="middle", rules_version=1, advice="stay", decision="stay", decided_by="psy-tanaka"),
    STEPPED,
    i.PatientQuiet(**ENGAGEMENT, rung=1, step="nudge", days=7, since=MORNING.date()),
    i.PatientQuiet(**ENGAGEMENT, rung=2, step="coach_call", days=14, since=MORNING.date()),
    i.PatientReached(**ENGAGEMENT, day=SOON.date()),
    i.BreakTaken(**ENGAGEMENT, until=SOON.date()),
    i.PatientReturned(**ENGAGEMENT, days=16, called=True),
    i.EpisodeReadyToFinish(**EPISODE),
    i.EpisodeFinished(**EPISODE, referral_id="referral-1", summary=SUMMARY),
    i.FeedbackAsked(**EPISODE, feedback_id="feedback-1", closes_at=SOON),
    i.FeedbackGiven(**EPISODE, feedback_id="feedback-1", helpful="yes"),
    i.FeedbackLapsed(**EPISODE, feedback_id="feedback-1"),
    i.EpisodeCancelled(**EPISODE),
    RAISED,
    i.RiskAlertEscalated(**RISK, level=1, acknowledge_by=SOON),
    i.RiskAlertAcknowledged(**RISK, acknowledged_by="psy-tanaka"),
    i.RiskAlertAssessed(**RISK, assessed_by="psy-tanaka", assessment=ASSESSED, close_by=SOON),
    i.RiskAlertTakenOver(**RISK, taken_over_by="psy-moreno", taken_from="psy-tanaka", assess_by=SOON),
    i.RiskAlertEscalated(**RISK, level=2, acknowledge_by=SOON, owed="assess"),
    i.RiskAlertClosed(**RISK, closed_by="psy-tanaka", plan="Calls on Friday."),
    r.ActivityPlanned(**ACTIVITY, text="Walk.", due=SOON.date(), planned_by="psy-tanaka"),
    r.ActivityOverdue(**{**ACTIVITY, "performer": "pain", "performer_id": "dr-okafor"}, due=SOON.date()),
    r.ActivityEnded(**ACTIVITY, status="completed", ended_by=ROSA),
    r.DiscussionAsked(**DISCUSSION, question="Which dose?", wanted_by=SOON.date()),
    r.DiscussionOverdue(**DISCUSSION, reminder=1),
    r.DiscussionScheduled(**DISCUSSION, meet_at=SOON, scheduled_by="dr-okafor"),
    r.DiscussionAnswered(**DISCUSSION, answer="Half.", answered_by="dr-okafor"),
    r.DiscussionClosed(**DISCUSSION, reason_code="answered"),
    *CAREGIVER_FACTS,
    *GROUP_FACTS,
    *CIRCLE_FACTS,
    *CARER_FACTS,
    *RESOURCE_FACTS,
    *ACCESS_FACTS,
    w.WordingPublished(**WORDING, version=2, text="[inbox]\nNew\n\nNew.", reword=True, recipient_ids=(ROSA,)),
    w.WordingRestored(**WORDING, reword=True, recipient_ids=(ROSA,)),
    n.CallFailed(
        at=MORNING,
        recipient_id="psy-tanaka",
        message_id="message-1",
        template="risk_alert",
        topic="risk:alert-1",
        parameters={"alert_id": "alert-1"},
        fact_at=MORNING,
    ),
    reach.ChannelStopped(at=MORNING, recipient_id=ROSA, channel="sms", reason="returned", about=ROSA),
    reach.MessageLeftUnread(
        at=MORNING,
        recipient_id=ROSA,
        message_id="m",
        template="place_offered",
        topic="offer:1",
        about=ROSA,
        sent_at=SOON,
    ),
    n.CaregiverMessageDue(
        at=MORNING,
        recipient_id=ROSA,
        caregiver_id=LUIS,
        template="caregiver_started",
        topic="news:episode-1",
        cause="event-0",
    ),
)
