"""Each step of a referral: who is told what, and which e-mails have become pointless by then."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.notifications import policy
from services.notifications.domain.state import Message
from services.notifications.reactions import agenda_id, reactions
from services.notifications.rule import A_LITTLE
from services.notifications.texts import LANGUAGES, Reader, Texts
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.given import Given, given
from tests.notifications.facts import FACTS, MEETING, REFERRAL, REQUEST, SOON, SUMMARY
from tests.notifications.people import AGENDA, CLINIC, MINUTE, MORNING, NIGHT, ROSA, cause

TABLE = reactions(CLINIC)
TEAM, REFERRER = "psy-tanaka", "dr-okafor"
EVERYBODY = (*CLINIC.triage_team, REFERRER, ROSA)
LATER = MEETING.model_copy(update={"at": SOON + timedelta(days=1)})

Step = tuple[type[r.ReferralEvent], dict[str, Any]]

DUE = {"triage_due": SOON}
WHY = {"rationale": "So."}
ASKED: Step = (r.InformationRequested, {"question": "?"})
ACCEPTED: Step = (r.ReferralAccepted, {**WHY, "programme_id": "p", "step": 2})
WARM: Step = (r.ReferralAccepted, {**WHY, "programme_id": "p", "step": 2, "warm_handoff": True})
AGAIN: Step = (r.ReferralAccepted, {**WHY, "programme_id": "p", "step": 2, "asks_patient": False})
UNANSWERED: Step = (r.ReferralLapsed, {})
DECLINED: Step = (r.ReferralDeclined, {**WHY, "reason_code": "no_capacity"})
UNDECIDED: Step = (r.PatientUndecided, {"reason_code": "other", "ask_again_at": SOON})
NOT_NOW: Step = (r.PatientNotNow, {"reason_code": "other", "reoffer_at": SOON})
LISTED: Step = (r.ReferralWaitlisted, {"priority": r.Priority.URGENT, "waiting_since": MORNING})
OFFERED: Step = (r.SeatOffered, {"offer_until": SOON})
RESCREEN: Step = (r.RescreenDue, {"times": 1})
WORSE: Step = (r.WorseWhileWaiting, {**DUE, "reasons": ("peg-high",)})
BREACHED: Step = (r.WaitingBreached, {"weeks": 6})
BOOKING: Step = (r.BookingRequested, {})
PLANNED: Step = (r.AppointmentScheduled, {"appointment": MEETING})
REPLANNED: Step = (r.AppointmentScheduled, {"appointment": LATER})
MISSED: Step = (r.AppointmentMissed, {"reason_code": "ill"})
CANCELLED_AT_HOME: Step = (r.AppointmentCancelled, {"reason_code": "patient_asked"})
CANCELLED_BY_US: Step = (r.AppointmentCancelled, {"reason_code": "clinic_closed"})
STARTED: Step = (r.TreatmentStarted, {})
TO_CANCEL: Step = (r.CancellationRequested, {"reason_code": "other"})
CANCELLED: Step = (r.ReferralCancelled, {"reason_code": "moved_away"})
FINDINGS: Step = (r.FindingsSent, {"findings": "Grief.", "acknowledge_by": SOON})
OUTCOME: Step = (r.OutcomeReceived, {"summary": SUMMARY, "acknowledge_by": SOON})
ERROR: Step = (r.EnteredInError, {"note": "Wrong person."})
WITHDRAWN: Step = (r.ReferralWithdrawn, {})
AGREED: Step = (r.ReferralAgreed, {"starts_now": False})
TAKEN: Step = (r.OfferTaken, {})
ENDS = (
    DECLINED,
    UNANSWERED,
    WITHDRAWN,
    CANCELLED,
    ERROR,
    (r.ReferralReturned, WHY),
    (r.ReferralRedirected, {**WHY, "to": "primary-care"}),
)


def overdue(step: str, owed_by: str) -> Step:
    return (r.StepOverdue, {"step": step, "owed_by": owed_by, "reminder": 1})


OPEN_MATTERS = (
    *((r.InformationOverdue, {"reminder": 1}), WARM, AGREED, UNDECIDED, NOT_NOW),
    *(LISTED, OFFERED, RESCREEN, WORSE, BREACHED, BOOKING, PLANNED, MISSED, CANCELLED_AT_HOME, TO_CANCEL),
    *(overdue("booking", "psychology"), overdue("patient_answer", "referrer"), overdue("warm_handoff", "psychology")),
)


def _events(*steps: Step) -> list[r.ReferralEvent]:
    """These steps in one night, a minute between them, so that no e-mail goes out meanwhile."""
    return [
        kind(**{**REFERRAL, "at": NIGHT + number * MINUTE}, **fields) for number, (kind, fields) in enumerate(steps)
    ]


def _heard(recipient: str, *steps: Step) -> Given:
    """The recipient's agenda afterwards, through the reactions and rules that the service runs."""
    story = given(AGENDA)
    for event in _events(*steps):
        for target in TABLE[type(event)](event, cause(event, f"event-{event.at.minute}", event.at)):
            if target.id == agenda_id(recipient):
                story = story.when(target.command).happened()
    return story


def _messages(recipient: str, *steps: Step) -> list[Message]:
    return list(_heard(recipient, *steps).state.messages.values())


def _mails(recipient: str, *steps: Step) -> list[str]:
    """Templates of the e-mails that the next morning brings."""
    return [one.template for one in _messages(recipient, *steps) if one.status == "queued"]


@pytest.mark.parametrize(
    ("step", "patient", "referrer", "team"),
    [
        (
            (r.ReferralContinued, {**DUE, **WHY, "based_on": "referral-0", "request": REQUEST}),
            *("", "", "referral_to_triage"),
        ),
        ((r.PriorityChanged, {**WHY, "priority": r.Priority.URGENT}), "", "priority_changed", ""),
        ((r.InformationOverdue, {"reminder": 1}), "", "information_overdue", "information_overdue_team"),
        (WARM, "invitation", "referral_accepted", "warm_handoff"),
        (AGAIN, "", "referral_accepted", ""),
        (UNANSWERED, "referral_unanswered_patient", "referral_unanswered", ""),
        ((r.ReferralRedirected, {**WHY, "to": "x"}), "referral_redirected_patient", "referral_redirected", ""),
        (NOT_NOW, "later_noted", "patient_not_now", ""),
        ((r.ReferralReoffered, {}), "reoffered", "", ""),
        (LISTED, "on_our_list", "", ""),
        (OFFERED, "place_offered", "", ""),
        ((r.OfferDeclined, {"reason_code": "too_soon"}), "offer_declined", "", ""),
        ((r.OfferLapsed, {"times": 1}), "offer_lapsed", "", ""),
        (RESCREEN, "how_are_you", "", ""),
        (WORSE, "", "", "worse_while_waiting"),
        (BREACHED, "", "", "waiting_breached"),
        (overdue("draft", "referrer"), "", "step_overdue_referrer", ""),
        (overdue("patient_answer", "referrer"), "", "step_overdue_referrer", ""),
        (overdue("patient_answer", "psychology"), "", "", "step_overdue"),
        (overdue("booking", "psychology"), "", "", "step_overdue"),
        (overdue("warm_handoff", "psychology"), "", "", "warm_handoff_overdue"),
        (BOOKING, "booking_requested_patient", "", "booking_requested"),
        (PLANNED, "appointment_planned_patient", "appointment_planned", ""),
        (MISSED, "appointment_missed_patient", "appointment_missed", ""),
        (CANCELLED_AT_HOME, "appointment_cancelled_patient", "appointment_cancelled", "appointment_cancelled_team"),
        (CANCELLED_BY_US, "appointment_cancelled_patient", "appointment_cancelled", ""),
        (STARTED, "welcome", "treatment_started", ""),
        ((r.TreatmentStarted, {"kind": "assessment"}), "assessment_started", "treatment_started", ""),
        ((r.ProgressNoted, {"occasion": "middle"}), "", "progress_noted", ""),
        (TO_CANCEL, "", "", "cancellation_requested"),
        (CANCELLED, "referral_cancelled_patient", "referral_cancelled", ""),
        (FINDINGS, "findings_written", "outcome_to_read", ""),
        ((r.ReferralReopened, {**DUE, **WHY}), "referral_reopened_patient", "referral_reopened", ""),
        (ERROR, "", "entered_in_error", ""),
        ((r.TriageTaken, {"taken_by": TEAM}), "", "", ""),
        (TAKEN, "", "", ""),
    ],
)
def test_a_step_is_told_to_whom_it_concerns(step: Step, patient: str, referrer: str, team: str) -> None:
    expected = {ROSA: patient, REFERRER: referrer, **dict.fromkeys(CLINIC.triage_team, team)}
    assert {who: _mails(who, step) for who in EVERYBODY} == {who: [one] if one else [] for who, one in expected.items()}


def test_nobody_writes_to_somebody_who_has_died() -> None:
    died: Step = (r.ReferralCancelled, {"reason_code": "person_died"})
    assert _mails(ROSA, died) == []
    assert _mails(REFERRER, died) == ["referral_cancelled"]


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        (TEAM, (r.ReferralSubmitted, {}), (r.TriageTaken, {"taken_by": TEAM})),
        (REFERRER, overdue("draft", "referrer"), (r.ReferralSubmitted, {})),
        (REFERRER, (r.InformationOverdue, {"reminder": 1}), ACCEPTED),
        (TEAM, WARM, (r.WarmHandoffHeld, {"held_by": TEAM})),
        (TEAM, overdue("warm_handoff", "psychology"), (r.WarmHandoffHeld, {"held_by": TEAM})),
        (TEAM, overdue("patient_answer", "psychology"), AGREED),
        (REFERRER, overdue("patient_answer", "referrer"), NOT_NOW),
        (ROSA, (r.ReferralReoffered, {}), AGREED),
        (ROSA, NOT_NOW, (r.ReferralReoffered, {})),
        (ROSA, NOT_NOW, AGREED),
        (REFERRER, AGREED, UNDECIDED),
        (REFERRER, AGREED, STARTED),
        (ROSA, LISTED, OFFERED),
        (ROSA, LISTED, STARTED),
        (ROSA, LISTED, NOT_NOW),
        (ROSA, OFFERED, TAKEN),
        (ROSA, OFFERED, (r.OfferDeclined, {"reason_code": "other"})),
        (ROSA, OFFERED, (r.OfferLapsed, {"times": 1})),
        (ROSA, OFFERED, UNDECIDED),
        (ROSA, OFFERED, WORSE),
        (ROSA, OFFERED, TO_CANCEL),
        (ROSA, RESCREEN, (r.RescreenRecorded, {"readings": ()})),
        (ROSA, RESCREEN, TAKEN),
        (ROSA, BOOKING, PLANNED),
        (TEAM, BOOKING, PLANNED),
        (TEAM, overdue("booking", "psychology"), PLANNED),
        (TEAM, BOOKING, NOT_NOW),
        (TEAM, CANCELLED_AT_HOME, PLANNED),
        (ROSA, PLANNED, CANCELLED_BY_US),
        (ROSA, MISSED, PLANNED),
        (TEAM, overdue("attendance", "psychology"), MISSED),
        (TEAM, overdue("attendance", "psychology"), STARTED),
        (TEAM, BREACHED, STARTED),
        (TEAM, (r.TriageOverdue, {"reminder": 1}), ASKED),
        (ROSA, ACCEPTED, UNDECIDED),
        (REFERRER, overdue("patient_answer", "referrer"), UNDECIDED),
        (ROSA, UNDECIDED, (r.PatientAskedAgain, {"times": 1})),
        (ROSA, ACCEPTED, NOT_NOW),
        (REFERRER, AGREED, NOT_NOW),
        (REFERRER, PLANNED, MISSED),
        (TEAM, overdue("attendance", "psychology"), CANCELLED_BY_US),
        (TEAM, WARM, STARTED),
        (TEAM, (r.TriageOverdue, {"reminder": 1}), TO_CANCEL),
        (REFERRER, ASKED, TO_CANCEL),
        (ROSA, ACCEPTED, TO_CANCEL),
        (ROSA, NOT_NOW, TO_CANCEL),
        (REFERRER, AGREED, TO_CANCEL),
        (TEAM, WARM, TO_CANCEL),
        (TEAM, BREACHED, TO_CANCEL),
        (TEAM, overdue("booking", "psychology"), TO_CANCEL),
        (TEAM, TO_CANCEL, FINDINGS),
        (TEAM, TO_CANCEL, OUTCOME),
        (TEAM, TO_CANCEL, CANCELLED),
        (TEAM, overdue("cancellation", "psychology"), OUTCOME),
        (TEAM, overdue("findings", "psychology"), FINDINGS),
        (TEAM, overdue("cancellation", "psychology"), CANCELLED),
    ],
)
def test_what_has_become_pointless_is_not_sent(who: str, before: Step, after: Step) -> None:
    before, after = (_whole(one) for one in (before, after))
    planned = set(_mails(who, before))
    assert planned
    assert not planned & set(_mails(who, before, after))


def _whole(step: Step) -> Step:
    """A submission needs more fields than these stories care about."""
    if step[0] is not r.ReferralSubmitted:
        return step
    said = {"pathway": "p", "reason": "Pain.", "goal": "Walk.", "priority": r.Priority.URGENT, "readings": (), **DUE}
    return (r.ReferralSubmitted, said)


@pytest.mark.parametrize("matter", OPEN_MATTERS, ids=lambda step: step[0].__name__)
@pytest.mark.parametrize("end", ENDS, ids=lambda step: step[0].__name__)
def test_the_end_of_a_referral_leaves_only_news(end: Step, matter: Step) -> None:
    assert [who for who in EVERYBODY if _about_the_referral(who, matter)]
    assert [who for who in EVERYBODY if _about_the_referral(who, matter, end)] == []


def _about_the_referral(who: str, *steps: Step) -> list[str]:
    """The e-mails of the next morning but for news, which stays true."""
    open_mails = (one for one in _messages(who, *steps) if one.status == "queued")
    return [one.template for one in open_mails if not one.topic.startswith("news:")]


@pytest.mark.parametrize("who", [ROSA, REFERRER])
def test_of_two_times_for_a_meeting_only_the_one_that_counts_is_sent(who: str) -> None:
    shown = [one.parameters["appointment"] for one in _messages(who, PLANNED, REPLANNED) if one.status == "queued"]
    assert shown == [LATER.at.isoformat()]


def test_of_two_dates_to_ask_again_only_the_later_word_is_sent() -> None:
    assert _mails(ROSA, UNDECIDED, UNDECIDED) == ["take_your_time"]
    assert _mails(ROSA, UNDECIDED, NOT_NOW) == ["later_noted"]


def test_a_time_that_could_not_be_sent_is_not_tried_again_once_another_counts() -> None:
    state = _heard(ROSA, PLANNED, REPLANNED).state
    old, new = state.messages.values()
    assert state.is_settled(old.topic, old.fact_at)
    assert not state.is_settled(new.topic, new.fact_at)


@pytest.mark.parametrize(("step", "who"), [(LISTED, ROSA), (AGREED, REFERRER)])
def test_what_is_often_overtaken_waits_a_little(step: Step, who: str) -> None:
    kind, fields = step
    event = kind(**REFERRAL, **fields)
    [command] = [t.command for t in TABLE[kind](event, cause(event)) if t.id == agenda_id(who)]
    [message] = given(AGENDA).when(command).happened().state.messages.values()
    assert message.send_at == MORNING + A_LITTLE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_patient_reads_the_time_of_a_meeting_by_their_own_clock(language: r.Language) -> None:
    [message] = _messages(ROSA, PLANNED)
    texts = Texts(CLINIC)
    for zone, hour in (("Europe/London", "10:00"), ("Europe/Madrid", "11:00")):
        reader = Reader("Rosa", language, ZoneInfo(zone))
        for text in (
            texts.inbox(message.template, message.parameters, reader),
            texts.email(message.template, message.parameters, reader),
        ):
            assert hour in text.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_email_of_an_offer_says_until_when_but_not_of_what(language: r.Language) -> None:
    [message] = _messages(ROSA, OFFERED)
    mail = Texts(CLINIC).email(
        message.template, message.parameters, Reader("Rosa", language, ZoneInfo("Europe/London"))
    )
    assert str(SOON.day) in mail.body
    assert [place.name for place in CLINIC.places if getattr(place.name, language) in mail.body] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("owed_by", ["referrer", "psychology"])
def test_an_overdue_step_says_what_to_do(owed_by: str, language: r.Language) -> None:
    """One text for each step that they may owe, beside one for those that it does not know."""
    steps = {"referrer": ("draft", "patient_answer")}.get(
        owed_by, ("patient_answer", "booking", "attendance", "cancellation", "findings")
    )
    texts, reader = Texts(CLINIC), Reader(None, language, ZoneInfo("Europe/London"))
    [template] = {rule.template for rule in policy.rules_for(_events(overdue("booking", owed_by))[0])}
    said = {
        texts.inbox(template, {"referral_id": "referral-1", "step": step}, reader).body for step in (*steps, "another")
    }
    assert len(said) == len(steps) + 1


@pytest.mark.parametrize(
    "fact", [fact for fact in FACTS if isinstance(fact, r.ReferralEvent)], ids=lambda f: type(f).__name__
)
def test_no_message_of_a_step_breaks_the_night(fact: Event) -> None:
    assert not any(rule.critical for rule in policy.rules_for(fact))
