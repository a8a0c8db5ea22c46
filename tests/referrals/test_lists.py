"""Lists that people work from: who is on which, in which order, and page after page."""

from collections.abc import AsyncIterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from services.referrals import views
from services.referrals.domain.referral import lists
from services.referrals.domain.referral.standings import OPEN
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts.referrals import Attachment, Priority
from shared.runtime.auth import User
from tests.given import given
from tests.referrals.explore import histories
from tests.referrals.people import NOW, REFERRAL
from tests.referrals.service import Http, serving
from tests.referrals.test_api import LINDQVIST, OKAFOR, PORTAL, REGISTER, SUBMIT, TANAKA

ROSA = User("patient-rosa", "patient")
STORIES = histories()


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


def _state(id: str, status: str = "submitted", **changes: Any) -> ReferralState:
    state: ReferralState = given(REFERRAL, *STORIES[status]).state
    return state.model_copy(update={"referral_id": id, **changes})


def _in_order(key: str, *states: ReferralState) -> list[str]:
    return [one.referral_id for one in sorted(states, key=lambda one: lists.keys(one, False)[key] or "")]


def test_triage_sees_the_most_urgent_first_and_then_the_longest_wait() -> None:
    states = [
        _state("new-routine", priority=Priority.ROUTINE),
        _state("old-routine", priority=Priority.ROUTINE, clock_started_at=NOW - timedelta(days=30)),
        _state("urgent", priority=Priority.URGENT),
        _state("very-urgent", priority=Priority.VERY_URGENT),
    ]
    assert _in_order(lists.TEAM, *states) == ["very-urgent", "urgent", "old-routine", "new-routine"]
    assert _in_order(lists.REFERRER, *states)[0] == "old-routine"


def test_after_triage_urgency_gives_way_to_the_longest_wait() -> None:
    old, urgent = timedelta(days=30), {"priority": Priority.VERY_URGENT}
    states = [_state("new", "accepted", **urgent), _state("old", "accepted", clock_started_at=NOW - old)]
    assert _in_order(lists.TEAM, *states) == ["old", "new"]


def test_waits_compare_as_moments_in_whatever_zone_and_precision_they_were_written() -> None:
    east = timezone(timedelta(hours=9))
    states = [
        _state("third", clock_started_at=NOW),
        _state("first", clock_started_at=(NOW - timedelta(microseconds=1)).astimezone(east)),
        _state("second", clock_started_at=NOW.astimezone(east)),
        _state("last", clock_started_at=NOW + timedelta(microseconds=1)),
    ]
    assert _in_order(lists.REFERRER, *states) == ["first", "second", "third", "last"]


def test_what_asks_something_of_the_referrer_comes_first_and_what_is_over_last() -> None:
    ordered = _in_order(lists.REFERRER, *(_state(status, status) for status in Status))
    assert ordered[:3] == ["outcome_sent", "draft", "information_requested"]
    over = {"returned", "declined", "redirected", "withdrawn", "cancelled", "loop_closed", "entered_in_error"}
    assert set(ordered[-len(over) :]) == over


ON_LIST: dict[views.Worklist, set[Status]] = {
    "mine": set(Status),
    "drafts": {Status.DRAFT},
    "awaiting_triage": {Status.SUBMITTED, Status.IN_TRIAGE},
    "cancellations": {Status.CANCELLATION_REQUESTED},
    "accepted": {Status.ACCEPTED},
    "undecided": {Status.UNDECIDED, Status.NOT_NOW},
    "awaiting_booking": {
        Status.WAITLISTED,
        Status.OFFERED,
        Status.AWAITING_BOOKING,
        Status.DID_NOT_ATTEND,
        Status.APPOINTMENT_CANCELLED,
    },
    "waitlisted": {Status.WAITLISTED},
    "to_book": {Status.AWAITING_BOOKING},
    "missed": {Status.DID_NOT_ATTEND, Status.APPOINTMENT_CANCELLED},
    "scheduled": {Status.SCHEDULED},
    "in_treatment": {Status.IN_TREATMENT},
    "outcome_to_read": {Status.OUTCOME_SENT},
    "returned": {Status.RETURNED, Status.DECLINED, Status.REDIRECTED},
    "waiting_on_referrer": {Status.INFORMATION_REQUESTED},
    "all_open": set(OPEN),
}


def test_every_status_has_its_stage_and_every_list_its_statuses() -> None:
    assert lists.STAGES.keys() == set(Status)
    assert ON_LIST.keys() == views.STAGES.keys()


@pytest.mark.parametrize("status", Status)
def test_a_referral_is_on_the_lists_of_its_status_and_of_its_people(status: Status) -> None:
    """Psychology sees no draft, and a patient none but those that they or a caregiver begin."""
    keys = REFERRAL.keys(_state("referral-1", status))
    for worklist, statuses in ON_LIST.items():
        for user in (User("dr-okafor", "referrer"), TANAKA, ROSA):
            key, prefix = views.listed_by(worklist, user)
            is_hidden = user.role != "referrer" and status == "draft"
            assert _is_listed(keys[key], prefix) is (status in statuses and not is_hidden), (worklist, user.role)
        key, prefix = views.listed_by(worklist, User("dr-lindqvist", "referrer"))
        assert not _is_listed(keys[key], prefix)


def _is_listed(key: str | None, prefix: str) -> bool:
    return key is not None and key.startswith(prefix)


@pytest.mark.parametrize("requester", ["patient", "caregiver"])
def test_a_draft_that_no_clinician_asks_for_is_on_the_list_of_its_patient_only(requester: str) -> None:
    keys = REFERRAL.keys(_state("referral-1", "draft", requester=requester))
    assert (keys[lists.TEAM], keys[lists.REFERRER]) == (None, None)
    assert str(keys[lists.PATIENT]).startswith("patient-rosa|2-draft|")


@pytest.mark.parametrize(("status", "waits"), [("submitted", True), ("in_triage", True), ("accepted", False)])
def test_triage_waits_on_the_referrer_while_documents_are_missing(status: str, waits: bool) -> None:
    """The pathway asks for a letter before triage can accept."""
    lacking = _state("referral-1", status, pathway="pain-trauma")
    letter = Attachment(attachment_id="attachment-1", kind="letter", text="Dear colleague.")
    _, prefix = views.listed_by("waiting_on_referrer", TANAKA)
    assert _is_listed(REFERRAL.keys(lacking)[lists.TEAM], prefix) is waits
    complete = lacking.model_copy(update={"attachments": (letter,)})
    assert not _is_listed(REFERRAL.keys(complete)[lists.TEAM], prefix)


def test_of_what_is_over_the_newest_comes_first() -> None:
    old, new = (_state(id, "withdrawn", closed_at=NOW + timedelta(days=n)) for n, id in enumerate(("old", "new")))
    assert _in_order(lists.TEAM, old, new) == ["new", "old"]


def test_what_was_never_drafted_is_on_no_list() -> None:
    assert set(lists.keys(ReferralState(), False).values()) == {None}


@pytest.fixture
async def eleven(http: Http) -> list[str]:
    """Referrals of eleven people, sent a minute after each other, in the order of triage."""
    sent = []
    for n in range(11):
        http.clock.moment += timedelta(minutes=1)
        person = {**REGISTER, "name": f"Rosa {n}", "consents": ["refer"]}
        patient = await http.did(OKAFOR, "/patients", person)
        id = await http.did(OKAFOR, "/referrals", {"patient_id": patient})
        priority = ("routine", "urgent", "very_urgent")[n % 3]
        await http.did(OKAFOR, f"/referrals/{id}/submit", {**SUBMIT, "priority": priority})
        sent.append((-(n % 3), n, id))
    return [id for *_, id in sorted(sent)]


async def _pages(http: Http, who: User, worklist: str, limit: int) -> list[list[dict[str, Any]]]:
    pages, after = [], ""
    while True:
        page = await http.get(who, f"/referrals?list={worklist}&limit={limit}{after}")
        assert page["total"] == 11
        pages.append(page["rows"])
        if page["next"] is None:
            return pages
        after = f"&after={page['next']}"


@pytest.mark.parametrize(("limit", "sizes"), [(4, [4, 4, 3]), (11, [11]), (10, [10, 1]), (200, [11])])
async def test_a_list_is_read_page_after_page(http: Http, eleven: list[str], limit: int, sizes: list[int]) -> None:
    pages = await _pages(http, TANAKA, "awaiting_triage", limit)
    assert [len(page) for page in pages] == sizes
    assert [row["id"] for page in pages for row in page] == eleven
    assert {row["patient_name"] for page in pages for row in page} == {f"Rosa {n}" for n in range(11)}


async def test_every_reader_gets_the_same_people_in_the_order_of_their_list(http: Http, eleven: list[str]) -> None:
    for who, worklist in ((OKAFOR, "mine"), (OKAFOR, "all_open"), (PORTAL, "all_open")):
        rows = [row["id"] for page in await _pages(http, who, worklist, 3) for row in page]
        assert sorted(rows) == sorted(eleven)


async def test_a_page_that_is_too_long_or_empty_is_refused(http: Http) -> None:
    for limit in (0, -1, 201, "x"):
        await http.get(TANAKA, f"/referrals?limit={limit}", 422)


async def test_a_cursor_leads_nowhere_in_the_list_of_another(http: Http, eleven: list[str]) -> None:
    cursor = (await http.get(OKAFOR, "/referrals?list=mine&limit=2"))["next"]
    assert (await http.get(LINDQVIST, f"/referrals?list=mine&after={cursor}", 422))["code"] == "cursor-invalid"
    assert (await http.get(TANAKA, f"/referrals?after={cursor}", 422))["code"] == "cursor-invalid"


async def test_the_referrals_of_one_patient_are_for_those_who_may_see_the_patient(http: Http) -> None:
    rosa = User(await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer"]}), "patient")
    draft = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id, "pathway": "pain-trauma"})
    sent = await http.did(OKAFOR, "/referrals", {"patient_id": rosa.id})
    await http.did(OKAFOR, f"/referrals/{sent}/submit", SUBMIT)
    path = f"/patients/{rosa.id}/referrals"
    for who, seen in ((OKAFOR, [draft, sent]), (PORTAL, [draft, sent]), (TANAKA, [sent]), (rosa, [sent])):
        assert [row["id"] for row in await http.get(who, path)] == seen, who
    assert [row["id"] for row in (await http.get(rosa, "/referrals"))["rows"]] == [sent]
    for stranger in (LINDQVIST, User("patient-other", "patient")):
        await http.get(stranger, path, 404)
