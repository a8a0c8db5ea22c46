"""While somebody waits: offers of a seat, pauses, and how they are meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals import aggregates
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals import waits as w
from tests.referrals.people import (
    AGREED,
    ANSWERS,
    AT_PLACE,
    CLINIC,
    HISTORIES,
    LATER,
    NOW,
    OFFERED,
    OKAFOR,
    REACTION,
    REFERRAL,
    ROSA,
    STARTED,
    STRANGER,
    SUBMITTED,
    TAKEN,
    TANAKA,
    WAITLISTED,
)
from tests.referrals.rules import reading, rule, rule_set
from tests.referrals.waits import TICK, UNTIL, VIDEO, due

LINE = HISTORIES["waitlisted"]
"""Where treatment begins at once; in `w` it begins by an appointment."""
DAY = timedelta(days=1)


def _offer(after: timedelta = timedelta(), place: str = "place-online-course") -> n.ReceiveOffer:
    return n.ReceiveOffer(now=NOW + after, actor=REACTION, place_id=place, offer_until=UNTIL)


def _take(after: timedelta = timedelta(), actor: str = ROSA) -> n.TakeOffer:
    return n.TakeOffer(now=NOW + after, actor=actor)


def _moved(event: e.ReferralEvent, after: timedelta) -> e.ReferralEvent:
    return event.model_copy(update={"at": NOW + after})


# --- offers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [timedelta(), DAY])
def test_whoever_has_just_agreed_begins_as_soon_as_there_is_a_seat(after: timedelta) -> None:
    begun = given(REFERRAL, *LINE).when(_offer(after)).then(*(_moved(one, after) for one in (TAKEN, STARTED)))
    assert (begun.state.status, begun.state.place_id) == ("in_treatment", "place-online-course")
    assert (begun.state.offer_until, begun.state.clock_stopped_at) == (None, NOW + after)


def test_whoever_agreed_longer_ago_is_asked_whether_they_take_it() -> None:
    late = DAY + TICK
    asked = given(REFERRAL, *LINE).when(_offer(late)).then(_moved(OFFERED, late))
    assert (asked.state.status, asked.state.offer_until) == ("offered", UNTIL)
    asked.when(_take(2 * DAY)).then(_moved(TAKEN, 2 * DAY), _moved(STARTED, 2 * DAY))


def test_whoever_let_an_offer_lapse_is_asked_the_next_time() -> None:
    lapsed = e.OfferLapsed(at=NOW, **AT_PLACE, times=1)
    given(REFERRAL, *LINE, lapsed).when(_offer()).then(OFFERED)


def test_a_seat_that_begins_by_appointment_is_offered_and_then_a_meeting_is_owed() -> None:
    offered = given(REFERRAL, *w.WAITING).when(_offer(place="place-video-sessions")).then(w.SEAT)
    to_book = offered.when(_take()).then(w.TAKEN, w.OWED)
    assert (to_book.state.status, to_book.state.place_id) == ("awaiting_booking", "place-video-sessions")


def test_a_place_that_the_clinic_has_no_longer_is_met_to_be_safe() -> None:
    gone: dict[str, Any] = {**AT_PLACE, "place_id": "place-closed"}
    line = (*LINE[:-1], e.ReferralWaitlisted(at=NOW, **gone, priority="urgent", waiting_since=NOW))
    offered = given(REFERRAL, *line).when(_offer(place="place-closed"))
    offered.then(e.SeatOffered(at=NOW, **gone, offer_until=UNTIL)).when(_take()).then(
        e.OfferTaken(at=NOW, **gone), e.BookingRequested(at=NOW, **gone)
    )


def test_a_seat_of_a_place_where_it_does_not_wait_says_nothing() -> None:
    given(REFERRAL, *LINE).when(_offer(place="place-video-sessions")).then()


def test_a_seat_that_was_held_in_an_earlier_wait_says_nothing() -> None:
    again = WAITLISTED.model_copy(update={"wait": 2})
    unsure = e.PatientUndecided(at=NOW, **AT_PLACE, reason_code="other", ask_again_at=LATER)
    story = given(REFERRAL, *LINE, unsure, AGREED, again)
    story.when(_offer()).then()
    story.when(_offer().model_copy(update={"wait": 2})).then(TAKEN, STARTED)


@pytest.mark.parametrize("status", ["accepted", "undecided", "in_treatment", "withdrawn"])
def test_only_somebody_in_line_is_offered_a_seat(status: str) -> None:
    given(REFERRAL, *HISTORIES[status]).when(_offer()).refused("wrong-status")


@pytest.mark.parametrize("actor", [ROSA, TANAKA, OKAFOR])
def test_the_patient_or_a_clinician_for_them_takes_a_seat_until_the_last_moment(actor: str) -> None:
    until = UNTIL - NOW
    given(REFERRAL, *w.OFFERED).when(_take(until - TICK, actor)).happened()
    given(REFERRAL, *w.OFFERED).when(_take(until, actor)).refused("offer-lapsed")
    given(REFERRAL, *w.OFFERED).when(_take(actor=STRANGER)).refused("not-yours")


def test_an_offer_lapses_and_the_patient_waits_on_as_before() -> None:
    story = given(REFERRAL, *w.OFFERED)
    assert REFERRAL.timers(story.state)["offer"] == UNTIL
    story.when(due("offer", UNTIL - NOW - TICK)).then()
    lapsed = story.when(due("offer", UNTIL - NOW)).then(e.OfferLapsed(at=UNTIL, **VIDEO, times=1))
    state = lapsed.state
    assert (state.status, state.place_id, state.offer_until) == ("waitlisted", "place-video-sessions", None)
    assert (state.lapsed_offers, state.pauses, state.clock_stopped_at) == (1, (), None)
    again = given(REFERRAL, *w.OFFERED, e.OfferLapsed(at=UNTIL, **VIDEO, times=1), w.SEAT)
    again.when(due("offer", UNTIL - NOW)).then(e.OfferLapsed(at=UNTIL, **VIDEO, times=2))


def test_whoever_would_rather_have_another_seat_waits_on() -> None:
    no = n.DeclineOffer(now=NOW, actor=ROSA, reason_code="format_does_not_fit")
    said = e.OfferDeclined(at=NOW, **VIDEO, reason_code="format_does_not_fit")
    after = given(REFERRAL, *w.OFFERED).when(no).then(said).state
    assert (after.status, after.place_id, after.offer_until) == ("waitlisted", "place-video-sessions", None)


# --- pauses --------------------------------------------------------------------------------------------------------


def test_psychology_stops_the_clock_once_and_lets_it_run_again_once() -> None:
    stop = n.PauseClock(now=NOW + DAY, actor=TANAKA, reason_code="medical_reason")
    run = n.ResumeClock(now=NOW + 4 * DAY, actor=TANAKA)
    story = given(REFERRAL, *w.WAITING)
    story.when(run).refused("clock-runs")
    stopped = story.when(stop).then(e.ClockPaused(at=NOW + DAY, **VIDEO, reason_code="medical_reason"))
    stopped.when(stop).refused("clock-paused")
    running = stopped.when(run).then(e.ClockResumed(at=NOW + 4 * DAY, **VIDEO, waiting_since=NOW + 3 * DAY))
    assert (running.state.status, running.state.place_id) == ("waitlisted", "place-video-sessions")
    running.when(stop.model_copy(update={"now": NOW + 5 * DAY})).happened()


@pytest.mark.parametrize("status", ["submitted", "accepted", "undecided", "in_treatment"])
def test_only_the_wait_for_a_place_is_paused_by_hand(status: str) -> None:
    stop = n.PauseClock(now=NOW, actor=TANAKA, reason_code="medical_reason")
    given(REFERRAL, *HISTORIES[status]).when(stop).refused("wrong-status")


# --- how the person is meanwhile -----------------------------------------------------------------------------------

ASKED = e.RescreenDue(at=NOW, **VIDEO, times=1)
BAD: c.Answers = {"PEG": {1: 8, 2: 8, 3: 8}, "PHQ-4": {1: 3, 2: 2, 3: 2, 4: 2}}


def _screened(*readings: e.Reading) -> e.RescreenRecorded:
    return e.RescreenRecorded(at=LATER, **VIDEO, readings=readings)


SAME = _screened(reading("PEG", 6, 7, 8, taken_at=LATER), reading("PHQ-4", 1, 2, 0, 1, taken_at=LATER))
WORSE = _screened(reading("PEG", 8, 8, 8, taken_at=LATER), reading("PHQ-4", 3, 2, 2, 2, taken_at=LATER))
ROUTINE = tuple(
    one.model_copy(update={"priority": e.Priority.ROUTINE}) if one is SUBMITTED else one
    for one in (*w.WAITING[:2], w.ACCEPTED.model_copy(update={"priority": e.Priority.ROUTINE}), *w.WAITING[3:])
)


def _rescreen(answers: c.Answers, actor: str = ROSA) -> n.Rescreen:
    return n.Rescreen(now=LATER, actor=actor, answers=answers)


@pytest.mark.parametrize("actor", [ROSA, TANAKA])
def test_whoever_is_as_before_stays_in_line(actor: str) -> None:
    after = given(REFERRAL, *w.WAITING, ASKED).when(_rescreen(ANSWERS, actor)).then(SAME).state
    assert (after.status, after.place_id, after.rescreen_open) == ("waitlisted", "place-video-sessions", False)
    assert (after.screened_at, len(after.readings)) == (LATER, 4)


def test_whoever_is_better_stays_in_line() -> None:
    fine = {"PEG": {1: 0, 2: 0, 3: 0}, "PHQ-4": {1: 0, 2: 0, 3: 0, 4: 0}}
    [said] = given(REFERRAL, *w.WAITING, ASKED).when(_rescreen(fine)).events()
    assert isinstance(said, e.RescreenRecorded)


@pytest.mark.parametrize("offer", [(), (w.SEAT,)])
def test_whoever_is_worse_is_looked_at_again_and_leaves_the_line(offer: tuple[e.ReferralEvent, ...]) -> None:
    said = e.WorseWhileWaiting(
        at=LATER,
        **VIDEO,
        reasons=(
            "distress-severe",
            "mood-screen-positive",
            "pain-moderate",
            "pain-severe-with-distress",
            "urgent-asked",
            "worry-screen-positive",
        ),
        triage_due=LATER + timedelta(days=5),
    )
    after = given(REFERRAL, *w.WAITING, *offer, ASKED).when(_rescreen(BAD)).then(WORSE, said).state
    assert (after.status, after.place_id, after.offer_until) == ("submitted", None, None)
    assert (after.worse_reasons, after.rescreen_open, after.triage_by) == (said.reasons, False, None)
    assert (REFERRAL.timers(after)["triage"], after.agreed_at) == (said.triage_due, NOW)


def test_whoever_is_worse_is_seen_as_soon_as_urgent_even_if_the_wait_was_routine() -> None:
    _, said = given(REFERRAL, *ROUTINE, ASKED).when(_rescreen(BAD)).events()
    assert isinstance(said, e.WorseWhileWaiting)
    assert said.triage_due == LATER + timedelta(days=5)


def test_a_higher_step_alone_is_seen_as_soon_as_urgent() -> None:
    more = {"PEG": {1: 8, 2: 8, 3: 8}, "PHQ-4": {1: 2, 2: 2, 3: 1, 4: 1}}
    _, said = given(REFERRAL, *ROUTINE, ASKED).when(_rescreen(more)).events()
    assert isinstance(said, e.WorseWhileWaiting)
    assert said.triage_due == LATER + timedelta(days=5)


def test_a_worrying_answer_while_waiting_is_seen_soonest_and_is_told_at_once() -> None:
    answers = {**ANSWERS, "PHQ-9": {**dict.fromkeys(range(1, 9), 1), 9: 1}}
    _, *said = given(REFERRAL, *w.WAITING, ASKED).when(_rescreen(answers)).events()
    [worse] = [one for one in said if isinstance(one, e.WorseWhileWaiting)]
    assert worse.triage_due == LATER + timedelta(days=2)
    [risk] = [one for one in said if isinstance(one, e.RiskAnswerReported)]
    assert (risk.measure, risk.item, risk.value) == ("PHQ-9", 9, 1)


def test_a_worry_that_was_known_at_the_decision_is_told_again_and_is_no_worse() -> None:
    known = SUBMITTED.model_copy(update={"flags": ("self_harm_concern",)})
    line = tuple(known if one is SUBMITTED else one for one in w.WAITING)
    answers = {**ANSWERS, "PHQ-9": {**dict.fromkeys(range(1, 9), 0), 9: 3}}
    after = given(REFERRAL, *line, ASKED).when(_rescreen(answers))
    assert [type(one) for one in after.events()] == [e.RescreenRecorded, e.RiskAnswerReported]
    assert after.happened().state.status == "waitlisted"


GRIEF: c.Answers = {"PEG": {1: 5, 2: 5, 3: 5}, "PHQ-4": {1: 0, 2: 0, 3: 2, 4: 2}}
CALM: c.Answers = {**GRIEF, "PHQ-4": {1: 0, 2: 0, 3: 1, 4: 0}}


def _in_grief(step: int) -> tuple[e.ReferralEvent, ...]:
    """Low mood after a loss: the rules left the step to a human, who chose this one."""
    readings = (reading("PEG", 5, 5, 5), reading("PHQ-4", 0, 0, 2, 2))
    said = {"flags": ("recent_loss",), "readings": readings, "priority": e.Priority.ROUTINE}
    decided = w.ACCEPTED.model_copy(update={"step": step, "priority": e.Priority.ROUTINE})
    return (w.DRAFTED, SUBMITTED.model_copy(update=said), decided, w.AGREED, w.WAITS, ASKED)


def test_whoever_no_human_need_look_at_any_more_is_not_worse_for_it() -> None:
    story = given(REFERRAL, *_in_grief(step=2))
    [said] = story.when(_rescreen(CALM)).events()
    assert isinstance(said, e.RescreenRecorded)
    [said] = story.when(_rescreen(GRIEF)).events()
    assert isinstance(said, e.RescreenRecorded)


def test_no_sooner_than_the_human_decided_is_not_worse() -> None:
    """Under rules that name an urgency once no human need look, and not before."""
    mourns = [{"flag": "recent_loss"}, {"measure": "PHQ-4", "at_least": 4}]
    rules = rule_set(
        rule("loss", when=mourns, then={"consult": True}),
        rule("calm", when=[{"measure": "PHQ-4", "below": 4}], then={"urgency": "urgent"}),
    )
    referral = aggregates.referral(CLINIC.model_copy(update={"triage_rules": rules}))
    for priority, more in ((e.Priority.URGENT, []), (e.Priority.ROUTINE, [e.WorseWhileWaiting])):
        decided = e.PriorityChanged(at=NOW, **VIDEO, priority=priority, rationale="Seen in person.")
        said = given(referral, *_in_grief(step=2), decided).when(_rescreen(CALM)).events()
        assert [type(one) for one in said] == [e.RescreenRecorded, *more]


def test_more_than_the_human_decided_is_worse() -> None:
    _, said = given(REFERRAL, *_in_grief(step=1)).when(_rescreen(CALM)).events()
    assert isinstance(said, e.WorseWhileWaiting)


def test_a_human_look_that_is_needed_now_is_worse() -> None:
    calm = (reading("PEG", 5, 5, 5), reading("PHQ-4", 0, 0, 1, 0))
    story = tuple(
        one.model_copy(update={"readings": calm}) if isinstance(one, e.ReferralSubmitted) else one
        for one in _in_grief(step=2)
    )
    _, said = given(REFERRAL, *story).when(_rescreen(GRIEF)).events()
    assert isinstance(said, e.WorseWhileWaiting)
    assert said.triage_due == LATER + timedelta(days=5)


@pytest.mark.parametrize("past", [w.WAITING, w.OFFERED])
def test_nobody_answers_before_they_are_asked(past: tuple[e.ReferralEvent, ...]) -> None:
    given(REFERRAL, *past).when(_rescreen(ANSWERS)).refused("rescreen-not-due")
    given(REFERRAL, *past, ASKED).when(_rescreen(ANSWERS)).happened().when(_rescreen(ANSWERS)).refused(
        "rescreen-not-due"
    )


def test_what_is_asked_for_is_complete() -> None:
    story = given(REFERRAL, *w.WAITING, ASKED)
    story.when(_rescreen({})).refused("measure-missing", measure="PEG")
    story.when(_rescreen({**ANSWERS, "PEG": {1: 1}})).refused("measure-incomplete")
    lost = tuple(one.model_copy(update={"pathway": "sleep"}) if one is SUBMITTED else one for one in w.WAITING)
    given(REFERRAL, *lost, ASKED).when(_rescreen(ANSWERS)).refused("pathway-unknown", pathway="sleep")
