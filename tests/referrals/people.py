"""The people, clinic and facts that the tests of referrals share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.referrals import aggregates
from services.referrals.domain.referral import commands as c
from shared.contracts import referrals as e
from shared.runtime.settings import load_clinic

CLINIC = load_clinic(Path("deploy/clinic.yaml"))
PATIENT = aggregates.patient(CLINIC)
REFERRAL = aggregates.referral(CLINIC)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
OKAFOR, LINDQVIST = "referrer:dr-okafor", "referrer:dr-lindqvist"
TANAKA = "psychology:psy-tanaka"
ROSA, STRANGER = "patient:patient-rosa", "patient:patient-other"
LUIS_ACTOR = "caregiver:caregiver-luis"
TIMER, REACTION = "system:timer", "system:referrals"

IDS: dict[str, Any] = {"referral_id": "referral-1", "patient_id": "patient-rosa", "referrer_id": "dr-okafor"}
ANSWERS: c.Answers = {"PEG": {1: 6, 2: 7, 3: 8}, "PHQ-4": {1: 1, 2: 2, 3: 0, 4: 1}}
PEG = e.Reading(measure="PEG", answers=(6, 7, 8), total=21, value=7.0, taken_at=NOW)
PHQ4 = e.Reading(measure="PHQ-4", answers=(1, 2, 0, 1), total=4, value=4.0, band="mild", taken_at=NOW)
SUMMARY = e.OutcomeSummary(
    end_reason="completed",
    programme="cbt-pain",
    modules_done=8,
    modules_total=8,
    changes=(e.MeasureChange(measure="PEG", first=7.0, last=4.3),),
    recommendation="Keep pacing; review in three months.",
)

DRAFTED = e.ReferralDrafted(
    at=NOW,
    **IDS,
    pathway="pain-psychology",
    requester_id="dr-okafor",
    author_id="dr-okafor",
    number="CP-ES5R-HP36",
)
SUBMITTED = e.ReferralSubmitted(
    at=NOW,
    **IDS,
    pathway="pain-psychology",
    reason="Pain for two years, low mood since the autumn.",
    goal="Walk to the market again.",
    priority=e.Priority.URGENT,
    readings=(PEG, PHQ4),
    triage_due=NOW + timedelta(days=5),
)
ASKED = e.InformationRequested(at=NOW, **IDS, question="Which medicines?", answer_due=NOW + timedelta(days=14))
TAKEN_ON = e.TriageTaken(at=NOW, **IDS, taken_by="psy-tanaka")
RECOMMENDED = e.Recommendation(
    rules_version=1,
    step=2,
    urgency=e.Priority.URGENT,
    reasons=("pain-moderate", "urgent-asked", "worry-screen-positive"),
)
DECIDED: dict[str, Any] = {"recommendation": RECOMMENDED, "decided_by": "psy-tanaka"}
ACCEPTED = e.ReferralAccepted(
    at=NOW, **IDS, **DECIDED, rationale="Good fit.", programme_id="cbt-pain", step=2, priority=e.Priority.URGENT
)
UNDECIDED = e.PatientUndecided(
    at=NOW, **IDS, reason_code="needs_time", note="Wants to ask her sister.", ask_again_at=NOW + timedelta(days=14)
)
AGREED = e.ReferralAgreed(at=NOW, **IDS, starts_now=False)
AT_PLACE: dict[str, Any] = {**IDS, "place_id": "place-online-course"}
WAITLISTED = e.ReferralWaitlisted(at=NOW, **AT_PLACE, priority=e.Priority.URGENT, waiting_since=NOW)
OFFERED = e.SeatOffered(at=NOW, **AT_PLACE, offer_until=NOW + timedelta(days=7))
TAKEN = e.OfferTaken(at=NOW, **AT_PLACE)
STARTED = e.TreatmentStarted(at=NOW, **AT_PLACE)
RECEIVED = e.OutcomeReceived(at=NOW, **AT_PLACE, summary=SUMMARY, acknowledge_by=NOW + timedelta(hours=48))
ACKNOWLEDGED = e.OutcomeAcknowledged(at=NOW, **IDS)
WITHDRAWN = e.ReferralWithdrawn(at=NOW, **IDS)
RETURNED = e.ReferralReturned(at=NOW, **IDS, **DECIDED, rationale="Try pacing first.")
DECLINED = e.ReferralDeclined(at=NOW, **IDS, **DECIDED, reason_code="no_capacity", rationale="No places before autumn.")

REQUEST = e.Continuation(
    pathway="pain-psychology",
    kind="treatment",
    requester="referrer",
    reason="Pain for two years, low mood since the autumn.",
    goal="Walk to the market again.",
    priority=e.Priority.URGENT,
    readings=(PEG, PHQ4),
    flags=("trauma",),
    preferences=e.Preferences(mode="video"),
    attachments=(),
    clock_started_at=NOW - timedelta(days=10),
    pauses=(),
)

TREATED = (DRAFTED, SUBMITTED, ACCEPTED, AGREED, WAITLISTED, OFFERED, TAKEN, STARTED)
HISTORIES: dict[str, tuple[e.ReferralEvent, ...]] = {
    "none": (),
    "draft": (DRAFTED,),
    "submitted": (DRAFTED, SUBMITTED),
    "information_requested": (DRAFTED, SUBMITTED, ASKED),
    "in_triage": (DRAFTED, SUBMITTED, TAKEN_ON),
    "accepted": (DRAFTED, SUBMITTED, ACCEPTED),
    "undecided": (DRAFTED, SUBMITTED, ACCEPTED, UNDECIDED),
    "waitlisted": (DRAFTED, SUBMITTED, ACCEPTED, AGREED, WAITLISTED),
    "in_treatment": TREATED,
    "returned": (DRAFTED, SUBMITTED, RETURNED),
    "declined": (DRAFTED, SUBMITTED, DECLINED),
    "withdrawn": (DRAFTED, SUBMITTED, WITHDRAWN),
    "outcome_sent": (*TREATED, RECEIVED),
    "loop_closed": (*TREATED, RECEIVED, ACKNOWLEDGED),
}

REGISTERED = e.PatientRegistered(
    at=NOW,
    patient_id="patient-rosa",
    name="Rosa Marin",
    email="rosa@example.org",
    birth_date=datetime(1979, 5, 4, tzinfo=UTC).date(),
    phone="+44 20 7946 0001",
    language="es",
    time_zone="Europe/Madrid",
    new_to_mental_health=True,
    registered_by="dr-okafor",
)
LUIS = e.CaregiverLinked(
    at=NOW,
    patient_id="patient-rosa",
    caregiver_id="caregiver-luis",
    name="Luis Marin",
    email="luis@example.org",
    relationship="partner",
    language="es",
    time_zone="Europe/Madrid",
    consented=False,
)


def consent(scope: e.ConsentScope, *caregivers: str) -> e.ConsentGiven:
    """The patient agreed to `scope`."""
    return e.ConsentGiven(at=NOW, patient_id="patient-rosa", scope=scope, caregiver_ids=caregivers)


def draft(actor: str = OKAFOR, at: datetime = NOW) -> c.DraftReferral:
    """A draft by Dr Okafor."""
    return c.DraftReferral(
        now=at, actor=actor, referral_id="referral-1", patient_id="patient-rosa", referrer_id="dr-okafor"
    )


def submission(at: datetime = NOW, actor: str = OKAFOR, **changes: Any) -> c.SubmitReferral:
    """A complete submission, but for `changes`."""
    whole: dict[str, Any] = {
        "reason": SUBMITTED.reason,
        "goal": SUBMITTED.goal,
        "priority": "urgent",
        "answers": ANSWERS,
        "refer_consented": True,
    }
    return c.SubmitReferral(now=at, actor=actor, **{**whole, **changes})


PLAN = aggregates.care_plan(CLINIC)
PLAN_IDS: dict[str, Any] = {"care_plan_id": "care-plan-1", "patient_id": "patient-rosa"}
"""The shared plan of Rosa."""

GOAL = e.GoalSet(
    at=NOW, **PLAN_IDS, goal_id="goal-1", text="Dance at the wedding.", expressed_by="patient", set_by="patient-rosa"
)
ACTIVITY = e.ActivityPlanned(
    at=NOW,
    **PLAN_IDS,
    activity_id="activity-1",
    text="Walk ten minutes a day.",
    performer="patient",
    due=datetime(2026, 3, 16, tzinfo=UTC).date(),
    planned_by="psy-tanaka",
)
DISCUSSION: dict[str, Any] = {
    **PLAN_IDS,
    "discussion_id": "discussion-1",
    "asked_by": "dr-okafor",
    "asked_of": "psychology",
    "referrer_id": "dr-okafor",
}
DISCUSSED = e.DiscussionAsked(
    at=NOW,
    **DISCUSSION,
    question="Is she ready to lower the dose?",
    wanted_by=datetime(2026, 3, 9, tzinfo=UTC).date(),
    referral_id="referral-1",
)
ANSWERED = e.DiscussionAnswered(
    at=NOW, **DISCUSSION, answer="In a month.", decided="We look again in April.", answered_by="psy-tanaka"
)
