"""Faults that the year and the invariants found, each once more as a short story."""

from datetime import timedelta

from services.referrals.domain.place import commands as p
from services.referrals.domain.referral import clock
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import HISTORIES, IDS, LATER, NOW, OKAFOR, REACTION, REFERRAL, ROSA, TANAKA
from tests.referrals.places import PLACE, held, joined, taken
from tests.referrals.waits import OFFERED, TO_BOOK, TREATED, UNTIL, WAITING

VIDEO = "place-video-sessions"
TRAUMA = {"to": "pain-trauma", "rationale": "Trauma comes first."}


def test_a_seat_that_was_held_before_the_patient_left_the_list_and_came_back_is_no_offer() -> None:
    story = given(REFERRAL, *WAITING)
    story = story.when(c.RecordUndecided(now=LATER, actor=ROSA, reason_code="needs_time")).happened()
    story = story.when(c.AgreeReferral(now=LATER, actor=ROSA, place_id=VIDEO)).happened()
    assert story.state.wait == 2
    late = n.ReceiveOffer(now=LATER, actor=REACTION, place_id=VIDEO, offer_until=UNTIL)
    story.when(late).then()
    story.when(late.model_copy(update={"wait": 2})).happened()


def test_a_referral_that_is_sent_on_while_the_patient_hesitates_waits_on_with_a_running_clock() -> None:
    story = given(REFERRAL, *HISTORIES["undecided"])
    send_on = c.RedirectReferral(now=LATER, actor=TANAKA, continued_as="referral-2", **TRAUMA)
    [event] = story.when(send_on).events()
    assert isinstance(event, e.ReferralRedirected)
    assert event.request is not None
    ids = {**IDS, "referral_id": "referral-2", "based_on": "referral-1"}
    go_on = c.ContinueReferral(now=LATER, actor=REACTION, request=event.request, rationale="Trauma.", **ids)
    continued = given(REFERRAL).when(go_on).happened().state
    assert not clock.is_paused(continued)
    assert clock.waited(continued, LATER + timedelta(days=3)) == timedelta(days=3)


def test_a_clock_that_was_paused_can_go_on_after_a_meeting_was_planned() -> None:
    story = given(REFERRAL, *TO_BOOK)
    story = story.when(n.PauseClock(now=NOW, actor=TANAKA, reason_code="medical_reason")).happened()
    meet = {"at": LATER, "mode": "video", "clinician_id": "psy-tanaka"}
    story = story.when(n.ScheduleAppointment(now=NOW, actor=TANAKA, **meet)).happened()
    resumed = story.when(n.ResumeClock(now=LATER, actor=TANAKA)).happened().state
    assert not clock.is_paused(resumed)


def test_no_seat_is_kept_for_somebody_whose_referral_was_asked_to_be_cancelled() -> None:
    """It would stay empty until psychology confirms."""
    ask = n.RequestCancellation(now=LATER, actor=OKAFOR, reason_code="moved_away")
    for waits in (WAITING, OFFERED):
        assert given(REFERRAL, *waits).when(ask).happened().state.place_id is None
    assert given(REFERRAL, *TREATED).when(ask).happened().state.place_id == VIDEO


def test_who_is_asked_to_be_cancelled_leaves_the_list_and_keeps_a_seat() -> None:
    ids = {"now": LATER, "actor": REACTION, "referral_id": "referral-ana"}
    story = given(PLACE, joined("ana"), held("ana"))
    assert "referral-ana" not in story.when(p.LeaveList(**ids)).happened().state.entries
    given(PLACE, joined("ana"), held("ana"), taken("ana")).when(p.LeaveList(**ids)).then()


def test_nobody_is_sent_on_to_where_they_have_an_open_referral() -> None:
    """The redirected one would end, and nothing would go on."""
    send_on = c.RedirectReferral(now=LATER, actor=TANAKA, continued_as="referral-2", taken=("pain-trauma",), **TRAUMA)
    given(REFERRAL, *HISTORIES["submitted"]).when(send_on).refused("already-open", to="pain-trauma")
    outside = send_on.model_copy(update={"to": "primary-care"})
    given(REFERRAL, *HISTORIES["submitted"]).when(outside).happened()
