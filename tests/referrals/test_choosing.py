"""Whom somebody asks for in a list: those and nobody else, in that order, page after page to its end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals.api import listing
from services.referrals.choosing import NOBODY, Wanted
from services.referrals.domain.referral import owed
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.views import ReferralRow, is_overdue, referral_row
from shared.contracts.referrals import Priority
from tests.given import given
from tests.referrals.explore import histories
from tests.referrals.people import NOW, REFERRAL
from tests.referrals.service import Http, serving
from tests.referrals.test_api import LINDQVIST, OKAFOR, REGISTER, SUBMIT, TANAKA

STORIES = histories()
PEOPLE = ("Rosa Núñez", "ana Ruiz", "Zoë Adams", "Élodie Roux", "Bo Rosales")
PRIORITIES = ("routine", "urgent", "very_urgent", "routine", "urgent")


def _state(status: str = "submitted", **changes: Any) -> ReferralState:
    state: ReferralState = given(REFERRAL, *STORIES[status]).state
    return state.model_copy(update=changes)


def _row(name: str | None = None, **changes: Any) -> ReferralRow:
    return referral_row("referral-1", 1, _state(**changes), name, "psychology", NOW, "en")


@pytest.mark.parametrize("status", Status)
def test_whatever_is_overdue_by_a_day_was_due_on_it(status: Status) -> None:
    state = _state(status)
    day = owed.due(state)
    if status in (Status.SUBMITTED, Status.IN_TRIAGE, Status.INFORMATION_REQUESTED, Status.OUTCOME_SENT):
        assert day is not None
        assert [is_overdue(state, day - timedelta(seconds=1)), is_overdue(state, day)] == [False, True]
        assert [Wanted(due="overdue").fits(state, day + timedelta(days=n)) for n in (-1, 0)] == [False, True]
    if day is not None:
        assert [Wanted(due="week").fits(state, day - timedelta(days=n)) for n in (8, 7, 0)] == [False, True, True]
    else:
        assert not Wanted(due="week").fits(state, NOW)


def test_who_looks_after_somebody_is_who_meets_them_and_before_that_who_took_it_on() -> None:
    taken, booked = _state("in_triage"), _state("scheduled")
    assert booked.appointment is not None
    assert owed.responsible(taken) == taken.triage_by
    assert owed.responsible(booked) == booked.appointment.clinician_id
    assert owed.responsible(_state()) is None
    assert Wanted(responsible=NOBODY).fits(_state(), NOW)
    assert not Wanted(responsible=NOBODY).fits(taken, NOW)
    assert Wanted(responsible=taken.triage_by).fits(taken, NOW)


@pytest.mark.parametrize("typed", ["nunez", "NÚÑEZ", "rosa  nu", " ñ ", "70"])
def test_names_and_numbers_are_found_however_they_are_typed(typed: str) -> None:
    assert Wanted(contains=typed).names(_row("Rosa Núñez", number="R-2070"))


@pytest.mark.parametrize("typed", ["nunezz", "rosanu", "R 2070"])
def test_what_does_not_stand_there_is_not_found(typed: str) -> None:
    assert not Wanted(contains=typed).names(_row("Rosa Núñez", number="R-2070"))
    assert not Wanted(contains=typed).names(_row(None, number=None))


def test_of_what_was_erased_nothing_is_found_and_it_stands_last() -> None:
    erased, known = _row(None, number=None), _row("Zoë")
    assert not Wanted(contains="a").names(erased)
    assert Wanted(sort="name").in_order([erased, known]) == [known, erased]
    assert Wanted().in_order([erased, known]) == [erased, known]


def test_the_longest_wait_and_the_soonest_day_come_first_and_none_last() -> None:
    old, new = (_row(clock_started_at=NOW - timedelta(days=days)) for days in (9, 2))
    over = _row(status=Status.WITHDRAWN)
    assert Wanted(sort="wait").in_order([over, new, old]) == [old, new, over]
    soon, late = (_row(triage_due=NOW + timedelta(days=days)) for days in (1, 5))
    assert Wanted(sort="due").in_order([over, late, soon]) == [soon, late, over]
    urgent, routine = (_row(priority=priority) for priority in (Priority.URGENT, Priority.ROUTINE))
    none = _row(priority=None)
    assert Wanted(sort="priority").in_order([none, routine, urgent]) == [urgent, routine, none]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def sent(http: Http) -> list[str]:
    """Referrals of `PEOPLE`, a minute after each other."""
    ids = []
    for name, priority in zip(PEOPLE, PRIORITIES, strict=True):
        http.clock.moment += timedelta(minutes=1)
        patient = await http.did(OKAFOR, "/patients", {**REGISTER, "name": name, "consents": ["refer"]})
        ids.append(await http.did(OKAFOR, "/referrals", {"patient_id": patient}))
        await http.did(OKAFOR, f"/referrals/{ids[-1]}/submit", {**SUBMIT, "priority": priority})
    return ids


async def _names(http: Http, query: str, who: Any = TANAKA, worklist: str = "awaiting_triage") -> list[str]:
    page = await http.get(who, f"/referrals?list={worklist}&{query}")
    assert page["next"] is None
    return [row["patient_name"] for row in page["rows"]]


async def test_one_priority_of_triage_is_read_by_the_store(http: Http, sent: list[str]) -> None:
    page = await http.get(TANAKA, "/referrals?list=awaiting_triage&priority=urgent&limit=1")
    assert (page["total"], page["looked"], len(page["rows"])) == (2, None, 1)
    rest = await http.get(TANAKA, f"/referrals?list=awaiting_triage&priority=urgent&limit=1&after={page['next']}")
    assert [row["patient_name"] for row in page["rows"] + rest["rows"]] == ["ana Ruiz", "Bo Rosales"]
    assert rest["next"] is None
    other = f"/referrals?list=awaiting_triage&priority=routine&after={page['next']}"
    assert (await http.get(TANAKA, other, 422))["code"] == "cursor-invalid"


async def test_a_list_is_chosen_by_all_that_is_asked_for_at_once(http: Http, sent: list[str]) -> None:
    await http.did(TANAKA, f"/referrals/{sent[4]}/take-on", {})
    assert await _names(http, "contains=ros") == ["Bo Rosales", "Rosa Núñez"]
    assert await _names(http, "contains=ros&priority=routine") == ["Rosa Núñez"]
    assert await _names(http, "responsible=psy-tanaka") == ["Bo Rosales"]
    assert await _names(http, "responsible=nobody&sort=name") == ["ana Ruiz", "Élodie Roux", "Rosa Núñez", "Zoë Adams"]
    assert await _names(http, "due=overdue") == []
    assert await _names(http, "priority=urgent", OKAFOR, "all_open") == ["ana Ruiz", "Bo Rosales"]
    assert await _names(http, "contains=&responsible=&limit=9") == await _names(http, "")
    assert await _names(http, "contains=ros", LINDQVIST, "all_open") == []


async def test_the_answer_says_how_many_were_looked_through(http: Http, sent: list[str]) -> None:
    page = await http.get(TANAKA, "/referrals?list=awaiting_triage&contains=zoe")
    assert (page["looked"], page["total"], page["next"], len(page["rows"])) == (5, 5, None, 1)
    assert (await http.get(TANAKA, "/referrals?list=awaiting_triage"))["looked"] is None


@pytest.mark.parametrize("query", ["contains=r", "sort=name", "sort=priority&contains=r", "due=week&limit=2"])
async def test_a_long_list_is_looked_through_to_its_end_and_nobody_is_there_twice(
    http: Http, sent: list[str], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await _names(http, query.partition("&limit")[0])
    for most in ("MOST_LOOKED", "MOST_NAMED", "AT_A_TIME"):
        monkeypatch.setattr(listing, most, 2)
    shown, looked, after = [], [], ""
    while True:
        page = await http.get(TANAKA, f"/referrals?list=awaiting_triage&{query}{after}")
        shown += [row["patient_name"] for row in page["rows"]]
        looked.append(page["looked"])
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(shown) == sorted(whole)
    assert looked == [2, 2, 1]


@pytest.mark.parametrize("query", ["priority=soon", "due=never", "sort=colour", f"contains={'x' * 65}"])
async def test_what_no_list_can_be_chosen_by_is_refused(http: Http, query: str) -> None:
    await http.get(TANAKA, f"/referrals?list=awaiting_triage&{query}", 422)
