"""The routes of caregivers, and what other services hear when they ask what is open."""

import httpx
import pytest

from shared.runtime.auth import User, service_token
from shared.runtime.errors import Unavailable
from shared.runtime.permissions import Opened, Permissions
from tests.referrals.service import SECRET, Http
from tests.referrals.test_api import LUIS, OKAFOR, REGISTER, TANAKA

STRANGER = User("caregiver-stranger", "caregiver")


def asking(http: Http, address: str = "http://referrals", secret: str = SECRET) -> Permissions:
    """Another service, which asks the real one."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=http.service.app()))
    return Permissions({"referrals": address}, client, service_token(secret, "notifications", http.clock.now))


async def test_other_services_hear_what_is_open_and_closing_acts_on_the_next_question(
    http: Http, rosa: User, luis: User
) -> None:
    asks, route = asking(http), f"/patients/{rosa.id}/caregivers/{luis.id}/scopes"
    assert await asks.opened(rosa.id, luis.id) == Opened(named=True, email=True)
    await http.did(rosa, route, {"scope": "news", "opened": True})
    assert await asks.opened(rosa.id, luis.id) == Opened(named=True, scopes=frozenset({"news"}), email=True)
    await http.did(rosa, route, {"scope": "news", "opened": False})
    assert await asks.opened(rosa.id, luis.id) == Opened(named=True, email=True)
    await http.did(rosa, f"/patients/{rosa.id}/caregivers/{luis.id}/remove")
    assert await asks.opened(rosa.id, luis.id) == Opened()


async def test_other_services_hear_whether_an_invitation_still_is_one(http: Http, rosa: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers", LUIS)
    [known] = (await http.get(rosa, f"/patients/{rosa.id}"))["caregivers"]
    asks, luis = asking(http), known["caregiver_id"]
    assert await asks.opened(rosa.id, luis) == Opened(invited=True)
    await http.did(rosa, f"/patients/{rosa.id}/consents", {"scope": "caregiver", "granted": False})
    assert await asks.opened(rosa.id, luis) == Opened()


async def test_of_nobody_nothing_is_open_and_readiness_needs_no_more_than_that(http: Http) -> None:
    assert await asking(http).opened("patient-unknown", "caregiver-unknown") == Opened()
    away = asking(http, "http://referrals/elsewhere")
    with pytest.raises(Unavailable, match="CAREPATH_SERVICES"):
        await away.opened("patient-unknown", "caregiver-unknown")
    with pytest.raises(Unavailable, match="CAREPATH_SERVICES"):
        await away.check()
    with pytest.raises(Unavailable, match="CAREPATH_TOKEN_SECRET"):
        await asking(http, secret="another-secret-of-more-than-32-characters").opened("p", "c")


async def test_a_caregiver_reads_a_first_name_of_whoever_trusts_them(http: Http, rosa: User, luis: User) -> None:
    await http.did(rosa, f"/patients/{rosa.id}/caregivers/{luis.id}/scopes", {"scope": "news", "opened": True})
    [trusting] = await http.get(luis, f"/caregivers/{luis.id}/patients")
    shared = await http.get(luis, f"/patients/{rosa.id}/shared?caregiver_id={luis.id}")
    first, family = REGISTER["name"].split()
    assert (trusting["name"], shared["name"]) == (first, first)
    assert family not in str(trusting) + str(shared)


async def test_caregivers_say_of_themselves_that_they_are_young_and_take_it_back(
    http: Http, rosa: User, luis: User
) -> None:
    route = f"/patients/{rosa.id}/caregivers/{luis.id}/young"
    await http.did(luis, route, {"young": True})
    [trusting] = await http.get(luis, f"/caregivers/{luis.id}/patients")
    assert (trusting["young"], trusting["young_is_own"]) == (True, True)
    opening = await http.post(
        rosa, f"/patients/{rosa.id}/caregivers/{luis.id}/scopes", {"scope": "scores", "opened": True}
    )
    assert (opening.status_code, opening.json()["code"]) == (409, "scope-not-for-young")
    assert (await http.post(rosa, route, {"young": False})).json()["code"] == "young-not-yours"
    await http.did(luis, route, {"young": False})


async def test_what_psychology_wrote_down_only_psychology_takes_back(http: Http, rosa: User, luis: User) -> None:
    route = f"/patients/{rosa.id}/caregivers/{luis.id}/young"
    await http.did(TANAKA, route, {"young": True})
    for who in (rosa, OKAFOR, luis):
        refused = await http.post(who, route, {"young": False})
        assert (refused.status_code, refused.json()["code"]) == (409, "young-not-yours")
    [trusting] = await http.get(luis, f"/caregivers/{luis.id}/patients")
    assert (trusting["young"], trusting["young_is_own"]) == (True, False)
    await http.did(TANAKA, route, {"young": False})


async def test_nobody_says_it_of_somebody_else(http: Http, rosa: User, luis: User) -> None:
    route = f"/patients/{rosa.id}/caregivers/{luis.id}/young"
    assert (await http.post(STRANGER, route, {"young": True})).status_code == 404
    own = route.replace(luis.id, STRANGER.id)
    assert (await http.post(STRANGER, own, {"young": True})).status_code == 404
    assert (await http.post(luis, own, {"young": True})).status_code == 404
