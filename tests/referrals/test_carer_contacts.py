"""Who a caregiver is and how to reach them: psychology is told, from the patients' records, while they name them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.runtime.auth import User
from tests.referrals.service import Http, serving
from tests.referrals.test_api import BYRNE, LUIS, OKAFOR, REGISTER, TANAKA


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def named(http: Http) -> tuple[User, User]:
    """Rosa, and Luis whom she names."""
    rosa = User(await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer", "caregiver"]}), "patient")
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    [known] = (await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]
    return rosa, User(known["caregiver_id"], "caregiver")


async def test_psychology_sees_who_they_are_and_how_to_reach_them(http: Http) -> None:
    rosa, luis = await named(http)
    await http.did(luis, f"/patients/{rosa.id}/caregivers/{luis.id}/answer", {"accept": True})
    await http.did(OKAFOR, f"/patients/{rosa.id}/caregivers/{luis.id}/young", {"young": True})
    [contact] = await http.get(TANAKA, f"/caregivers/{luis.id}/contacts")
    assert (contact["name"], contact["email"], contact["relationship"]) == (
        LUIS["name"], LUIS["email"], LUIS["relationship"],
    )  # fmt: skip
    assert (contact["patient_id"], contact["patient_name"]) == (rosa.id, REGISTER["name"])
    assert (contact["status"], contact["takes_part"], contact["young"]) == ("accepted", True, True)


async def test_nobody_else_does(http: Http) -> None:
    rosa, luis = await named(http)
    for who in (rosa, luis, OKAFOR, BYRNE):
        await http.get(who, f"/caregivers/{luis.id}/contacts", 403)


async def test_with_the_link_goes_what_the_record_knew_of_them(http: Http) -> None:
    rosa, luis = await named(http)
    await http.did(rosa, f"/patients/{rosa.id}/caregivers/{luis.id}/remove")
    assert await http.get(TANAKA, f"/caregivers/{luis.id}/contacts") == []
