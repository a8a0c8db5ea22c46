"""A patient of the running service, and somebody whom she trusts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.runtime.auth import User
from tests.referrals.service import Http, serving
from tests.referrals.test_api import LUIS, OKAFOR, REGISTER


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


@pytest.fixture
async def rosa(http: Http) -> User:
    known = {**REGISTER, "consents": ["refer", "caregiver"]}
    return User(await http.did(OKAFOR, "/patients", known), "patient")


@pytest.fixture
async def luis(http: Http, rosa: User) -> User:
    """Whom Rosa trusts."""
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    [known] = (await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]
    luis = User(known["caregiver_id"], "caregiver")
    await http.did(luis, f"/patients/{rosa.id}/caregivers/{luis.id}/answer", {"accept": True, "email": True})
    return luis
