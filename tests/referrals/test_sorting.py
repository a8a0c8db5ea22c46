"""A sorted list is in order as a whole, however long and of however many stages, page after page; by name it says of
whom.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals.api import listing
from services.referrals.choosing import ordered_by
from services.referrals.domain.referral import lists
from services.referrals.views import ALLOWED, STAGES
from shared.runtime.auth import User
from tests.given import given
from tests.referrals.explore import histories
from tests.referrals.people import REFERRAL
from tests.referrals.service import Http, serving
from tests.referrals.test_api import LINDQVIST, OKAFOR, REGISTER, SUBMIT, TANAKA

PRIORITIES = ("routine", "urgent", "very_urgent", "urgent", "routine", "very_urgent", "routine", "urgent")
NEVER = "~"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def eight(http: Http) -> list[str]:
    """Referrals of eight people at several stages, sent a minute after each other, the last one first by name."""
    ids, people = list[str](), list[str]()
    for n, priority in enumerate(PRIORITIES):
        http.clock.moment += timedelta(minutes=1)
        person = {**REGISTER, "name": f"Rosa {9 - n}", "consents": ["refer"]}
        people.append(await http.did(OKAFOR, "/patients", person))
        ids.append(await http.did(OKAFOR, "/referrals", {"patient_id": people[-1]}))
        await http.did(OKAFOR, f"/referrals/{ids[-1]}/submit", {**SUBMIT, "priority": priority})
    for id in ids[2:5]:
        await http.did(TANAKA, f"/referrals/{id}/accept", {"rationale": "Good fit.", "departure": "Seen in person."})
    await http.did(User(people[5], "patient"), f"/referrals/{ids[5]}/withdraw", {})
    return ids


async def _whole(http: Http, who: User, query: str, limit: int) -> list[dict[str, Any]]:
    rows, after = [], ""
    while True:
        page = await http.get(who, f"/referrals?{query}&limit={limit}{after}")
        assert len(page["rows"]) <= limit
        rows += page["rows"]
        if page["next"] is None:
            return rows
        after = f"&after={page['next']}"


def _rank(sort: str, row: dict[str, Any]) -> tuple[Any, ...]:
    waits = row["submitted_at"] if row["status"] not in ("withdrawn",) else NEVER
    urgency = ("very_urgent", "urgent", "routine").index(row["priority"])
    return {"wait": (waits,), "due": (row["due"] or NEVER,), "priority": (urgency, waits)}[sort]


@pytest.mark.parametrize("limit", [1, 3, 50])
@pytest.mark.parametrize("sort", ["wait", "due", "priority"])
@pytest.mark.parametrize(("who", "worklist"), [(TANAKA, "all_open"), (OKAFOR, "all_open"), (TANAKA, "awaiting_triage")])
async def test_all_pages_together_are_the_whole_list_in_order(
    http: Http, eight: list[str], who: User, worklist: str, sort: str, limit: int
) -> None:
    usual = await _whole(http, who, f"list={worklist}", 50)
    rows = await _whole(http, who, f"list={worklist}&sort={sort}", limit)
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in usual)
    ranks = [_rank(sort, row) for row in rows]
    assert ranks == sorted(ranks)
    assert len({row["status"] for row in usual}) == (1 if worklist == "awaiting_triage" else 2)


async def test_what_is_over_is_sorted_with_the_rest(http: Http, eight: list[str]) -> None:
    rows = await _whole(http, OKAFOR, "list=mine&sort=due", 3)
    assert {row["id"] for row in rows} == set(eight)
    assert [row["due"] is None for row in rows] == sorted(row["due"] is None for row in rows)


async def test_whom_somebody_asks_for_comes_in_the_order_of_the_whole_list(
    http: Http, eight: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in ("MOST_LOOKED", "AT_A_TIME"):
        monkeypatch.setattr(listing, most, 2)
    rows = await _whole(http, TANAKA, "list=all_open&sort=due&contains=rosa", 1)
    assert [row["id"] for row in rows] == [row["id"] for row in await _whole(http, TANAKA, "list=all_open&sort=due", 9)]
    urgent = await _whole(http, TANAKA, "list=awaiting_triage&sort=due&priority=urgent", 1)
    assert [row["id"] for row in urgent] == [eight[1], eight[7]]


async def test_by_name_so_many_are_in_order_at_a_time(
    http: Http, eight: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "list=all_open&sort=name"
    assert [row["patient_name"] for row in await _whole(http, TANAKA, query, 50)] == [
        *("Rosa 2", "Rosa 3", "Rosa 5", "Rosa 6", "Rosa 7", "Rosa 8", "Rosa 9")
    ]
    usual = [row["patient_name"] for row in await _whole(http, TANAKA, "list=all_open", 50)]
    monkeypatch.setattr(listing, "MOST_NAMED", 4)
    rows = [row["patient_name"] for row in await _whole(http, TANAKA, query, 3)]
    assert rows == sorted(usual[:4]) + sorted(usual[4:])
    first = await http.get(TANAKA, f"/referrals?{query}&limit=3")
    assert (first["looked"], first["total"]) == (4, 7)


async def test_a_persons_own_referrals_can_be_sorted_too(http: Http, eight: list[str]) -> None:
    [row, *_] = await _whole(http, TANAKA, "list=all_open", 1)
    own = User(row["patient_id"], "patient")
    for sort in ("wait", "due", "priority", "name"):
        assert [one["id"] for one in await _whole(http, own, f"list=mine&sort={sort}", 1)] == [row["id"]]


@pytest.mark.parametrize("sort", ["name", "due"])
async def test_a_place_in_another_order_is_refused(http: Http, eight: list[str], sort: str) -> None:
    cursor = (await http.get(TANAKA, "/referrals?list=all_open&limit=2"))["next"]
    answer = await http.get(TANAKA, f"/referrals?list=all_open&sort={sort}&after={cursor}", 422)
    assert answer["code"] == "cursor-invalid"
    assert (await http.get(LINDQVIST, "/referrals?list=all_open&sort=due"))["rows"] == []


@pytest.mark.parametrize("role", ["psychology", "referrer", "service"])
def test_whatever_is_on_a_list_is_in_each_order_of_it(role: str) -> None:
    user = User("referrer-okafor", role)
    for story in histories().values():
        keys = REFERRAL.keys(given(REFERRAL, *story).state)
        owner = keys[lists.REFERRER] or ""
        user = User(owner.partition("|")[0] or "nobody", role)
        for worklist in ALLOWED[role]:
            whole = lists.TEAM if role != "referrer" else lists.REFERRER
            begins = STAGES[worklist] if role != "referrer" else f"{user.id}|{STAGES[worklist]}"
            listed = (keys[whole] or "").startswith(begins) and keys[whole] is not None
            for sort in ("wait", "due", "priority"):
                found = ordered_by(worklist, user, sort)  # type: ignore[arg-type]
                assert found is not None
                key, parts = found
                assert sum((keys[key] or "").startswith(part) for part in parts) == listed, (worklist, sort, keys)
