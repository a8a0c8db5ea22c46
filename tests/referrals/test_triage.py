"""The triage decision, and what happens when there is none."""

from datetime import timedelta

import pytest

from services.referrals.domain.referral import commands as c
from shared.contracts import referrals as e
from shared.contracts.commands import Command, TimerDue
from tests.given import given
from tests.referrals.people import ACCEPTED, DECLINED, HISTORIES, IDS, NOW, REFERRAL, RETURNED, TANAKA, TIMER

AWAITING = ["submitted", "information_requested", "in_triage"]


@pytest.mark.parametrize("status", AWAITING)
def test_triage_accepts_with_programme_and_step(status: str) -> None:
    accept = c.AcceptReferral(now=NOW, actor=TANAKA, rationale="Good fit.", programme_id="cbt-pain", step=2)
    given(REFERRAL, *HISTORIES[status]).when(accept).then(ACCEPTED)


def test_the_clinic_default_programme_is_meant_where_none_is_named() -> None:
    accept = c.AcceptReferral(now=NOW, actor=TANAKA, rationale="Good fit.", step=2)
    given(REFERRAL, *HISTORIES["submitted"]).when(accept).then(ACCEPTED)


def test_a_programme_that_is_not_on_offer_is_refused_by_name() -> None:
    accept = c.AcceptReferral(now=NOW, actor=TANAKA, rationale="Good fit.", programme_id="yoga")
    given(REFERRAL, *HISTORIES["submitted"]).when(accept).refused("programme-unknown", programme="yoga")


@pytest.mark.parametrize("status", AWAITING)
def test_triage_returns_with_advice(status: str) -> None:
    back = c.ReturnReferral(now=NOW, actor=TANAKA, rationale="Try pacing first.")
    given(REFERRAL, *HISTORIES[status]).when(back).then(RETURNED)


@pytest.mark.parametrize("status", AWAITING)
def test_triage_declines_with_a_coded_reason(status: str) -> None:
    no = c.DeclineReferral(now=NOW, actor=TANAKA, reason_code="no_capacity", rationale="No places before autumn.")
    given(REFERRAL, *HISTORIES[status]).when(no).then(DECLINED)


@pytest.mark.parametrize(
    "command",
    [
        c.AcceptReferral(now=NOW, actor=TANAKA, rationale=" "),
        c.ReturnReferral(now=NOW, actor=TANAKA, rationale=""),
        c.DeclineReferral(now=NOW, actor=TANAKA, reason_code="not_suitable", rationale=""),
    ],
)
def test_every_triage_decision_needs_a_rationale(command: Command) -> None:
    given(REFERRAL, *HISTORIES["submitted"]).when(command).refused("rationale-missing", field="rationale")


def _triage_timer(after: timedelta) -> TimerDue:
    return TimerDue(now=NOW + after, actor=TIMER, name="triage")


@pytest.mark.parametrize("status", AWAITING)
def test_an_urgent_referral_is_overdue_after_five_days(status: str) -> None:
    due = timedelta(days=5)
    story = given(REFERRAL, *HISTORIES[status])
    assert REFERRAL.timers(story.state)["triage"] == NOW + due
    story.when(_triage_timer(due - timedelta(seconds=1))).then()
    story.when(_triage_timer(due)).then(e.TriageOverdue(at=NOW + due, **IDS, reminder=1))


def test_triage_is_reminded_daily_until_it_decides() -> None:
    late = timedelta(days=6, hours=2)
    story = given(REFERRAL, *HISTORIES["submitted"]).when(_triage_timer(late)).happened()
    assert REFERRAL.timers(story.state)["triage"] == NOW + late + timedelta(hours=24)
    story.when(_triage_timer(late)).then()
    next_day = late + timedelta(hours=24)
    story.when(_triage_timer(next_day)).then(e.TriageOverdue(at=NOW + next_day, **IDS, reminder=2))


def test_a_decided_referral_has_no_triage_clock() -> None:
    for history in (HISTORIES["accepted"], HISTORIES["returned"], HISTORIES["declined"]):
        story = given(REFERRAL, *history)
        assert "triage" not in REFERRAL.timers(story.state)
        story.when(_triage_timer(timedelta(days=90))).then()


def test_a_timer_that_nobody_set_changes_nothing() -> None:
    unknown = TimerDue(now=NOW + timedelta(days=90), actor=TIMER, name="lunch")
    given(REFERRAL, *HISTORIES["submitted"]).when(unknown).then()
