"""A referrer's own patients, page after page, the newest first, and found by a part of the name."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.referrals.api import patients
from shared.runtime.auth import User
from tests.referrals.service import Http, serving
from tests.referrals.test_api import LINDQVIST, OKAFOR, PORTAL, REGISTER, TANAKA

NAMES = ("Rosa Núñez", "Ana Ruiz", "Zoë Adams", "Élodie Roux", "Bo Rosales")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def five(http: Http) -> list[str]:
    ids = []
    for name in NAMES:
        http.clock.moment += timedelta(minutes=1)
        ids.append(await http.did(OKAFOR, "/patients", {**REGISTER, "name": name}))
    return ids


async def _names(http: Http, query: str, who: User = OKAFOR) -> list[list[str]]:
    pages, after = [], ""
    while True:
        page = await http.get(who, f"/my-patients?{query}{after}")
        pages.append([row["name"] for row in page["rows"]])
        if page["next"] is None:
            return pages
        after = f"&after={page['next']}"


async def test_the_newest_come_first_page_after_page(http: Http, five: list[str]) -> None:
    assert await _names(http, "limit=2") == [[NAMES[4], NAMES[3]], [NAMES[2], NAMES[1]], [NAMES[0]]]
    assert (await http.get(OKAFOR, "/my-patients"))["total"] == 5


async def test_they_are_found_by_a_part_of_the_name(
    http: Http, five: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await _names(http, "contains=ROS") == [["Bo Rosales", "Rosa Núñez"]]
    assert await _names(http, "contains=nunez") == [["Rosa Núñez"]]
    assert await _names(http, "contains=r&limit=2") == [["Bo Rosales", "Élodie Roux"], ["Ana Ruiz", "Rosa Núñez"]]
    monkeypatch.setattr(patients, "MOST_LOOKED", 2)
    assert await _names(http, "contains=rosa") == [["Bo Rosales"], [], ["Rosa Núñez"]]


async def test_each_referrer_reads_their_own(http: Http, five: list[str]) -> None:
    assert (await http.get(LINDQVIST, "/my-patients"))["rows"] == []
    cursor = (await http.get(OKAFOR, "/my-patients?limit=1"))["next"]
    await http.get(LINDQVIST, f"/my-patients?after={cursor}", 422)
    for who in (TANAKA, PORTAL, User(five[0], "patient")):
        await http.get(who, "/my-patients", 403)


async def test_names_are_asked_for_by_id_by_those_who_may_see_them(http: Http, five: list[str]) -> None:
    query = "&".join(f"id={id}" for id in (five[0], five[2], "patient-unknown"))
    assert {row["name"] for row in await http.get(TANAKA, f"/patients?{query}")} == {"Rosa Núñez", "Zoë Adams"}
    assert await http.get(LINDQVIST, f"/patients?{query}") == []
