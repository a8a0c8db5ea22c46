"""Why a referral stands where it does: said to psychology in words, and true of the order that the list has."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals import views, words
from services.referrals.domain.referral import lists
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.words import order
from shared.contracts.referrals import Pause, Priority
from tests.given import given
from tests.referrals.explore import histories
from tests.referrals.people import CLINIC, NOW, REFERRAL
from tests.referrals.service import Http, serving
from tests.referrals.test_api import OKAFOR, PORTAL, REGISTER, SUBMIT, TANAKA

STORIES = histories()
DAY = timedelta(days=1)


def state(status: str = "submitted", **changes: Any) -> ReferralState:
    found: ReferralState = given(REFERRAL, *STORIES[status]).state
    return found.model_copy(update={"clock_started_at": NOW - 12 * DAY, **changes})


def said(one: ReferralState) -> str:
    return words.standing_sentence(CLINIC, one, NOW, "en")


def test_it_says_how_urgent_it_is_since_when_it_waits_and_by_when_it_is_due() -> None:
    triage = state(priority=Priority.URGENT, triage_due=NOW + DAY)
    assert said(triage) == "Urgent. Sent on 18 February 2026, waiting for 12 days. To be decided by 3 March 2026."
    spanish = words.standing_sentence(CLINIC, triage, NOW, "es")
    assert spanish.startswith("Urgente. Enviada el 18 de febrero de 2026, espera desde hace 12 días.")


def test_paused_days_are_told_apart_and_a_clock_that_stands_still_has_no_target() -> None:
    over = Pause(since=NOW - 6 * DAY, until=NOW - 2 * DAY, reason_code="practical")
    waiting = state("waitlisted", pauses=(over,))
    first = min(CLINIC.waits.breach_weeks)
    assert "waiting for 8 days. Paused for 4 days, which are not counted." in said(waiting)
    assert f"{first} weeks after it was sent" in said(waiting)
    still = state("waitlisted", pauses=(Pause(since=NOW - 1 * DAY, reason_code="practical"),))
    assert "Paused for 1 day, which is not counted." in said(still)
    assert said(still).endswith("The clock stands still now, so no target runs.")


def test_whoever_waits_longer_than_all_targets_is_told_so_and_whoever_is_treated_waits_no_more() -> None:
    assert said(state("waitlisted", clock_started_at=NOW - 400 * DAY)).endswith("Longer than all targets.")
    treated = state("in_treatment", clock_stopped_at=NOW - 2 * DAY)
    assert "waited for 10 days." in said(treated)
    assert "should begin" not in said(treated)
    assert words.standing_sentence(CLINIC, ReferralState(), NOW, "en") == ""


def test_the_line_of_a_place_is_told_what_it_does_not_say_itself() -> None:
    told = words.beside_the_line(CLINIC, state("waitlisted"), NOW, "en")
    assert told.startswith("Sent on 18 February 2026. Treatment should begin by")


def _first(key_of: str, *states: ReferralState) -> str:
    return min(states, key=lambda one: lists.keys(one, False)[key_of] or "").referral_id


def test_the_rules_in_words_are_the_order_of_the_lists() -> None:
    late: dict[str, Any] = {"clock_started_at": NOW - 30 * DAY}
    soon: dict[str, Any] = {"priority": Priority.VERY_URGENT}
    triage = [state(referral_id="old", priority=Priority.ROUTINE, **late), state(referral_id="soon", **soon)]
    assert _first(lists.TEAM, *triage) == "soon"
    assert order.order_sentence("awaiting_triage", "en").startswith("First what is very urgent")
    for status in ("accepted", "awaiting_booking", "scheduled", "in_treatment"):
        both = state(status, referral_id="old", **late), state(status, referral_id="soon", **soon)
        assert _first(lists.TEAM, *both) == "old"
    assert "Urgency and paused days do not move anybody" in order.order_sentence("to_book", "en")
    undecided = [state("undecided", referral_id="time", **late), state("not_now", referral_id="not_now")]
    assert _first(lists.TEAM, *undecided) == "not_now"
    assert order.order_sentence("undecided", "en").startswith("Whoever said “not now” stands before")


@pytest.mark.parametrize("name", [name for name in views.STAGES if name != "mine"])
def test_every_list_has_a_rule_in_both_languages(name: str) -> None:
    assert order.order_sentence(name, "en") != order.order_sentence(name, "es")


def test_documents_that_are_missing_make_three_groups_of_the_list_that_waits_for_the_referrer() -> None:
    def key(status: Status, priority: Priority) -> str:
        one = state(referral_id="r", status=status, priority=priority)
        return (lists.keys(one, True)[lists.TEAM] or "").rpartition("|")[0].rpartition("|")[0]

    asked = key(Status.INFORMATION_REQUESTED, Priority.ROUTINE)
    assert asked == key(Status.SUBMITTED, Priority.VERY_URGENT)
    assert asked < key(Status.SUBMITTED, Priority.URGENT) < key(Status.SUBMITTED, Priority.ROUTINE)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def test_psychology_reads_it_and_nobody_else(http: Http) -> None:
    rosa = await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer"]})
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    listed = await http.get(TANAKA, "/referrals?list=awaiting_triage")
    assert listed["order"].startswith("First what is very urgent")
    assert "To be decided by" in listed["rows"][0]["why_here"]
    for who, name in ((OKAFOR, "mine"), (PORTAL, "awaiting_triage")):
        listed = await http.get(who, f"/referrals?list={name}")
        assert (listed["order"], listed["rows"][0]["why_here"]) == (None, None)
