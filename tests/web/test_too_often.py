"""Whoever asks too often is told to wait, and for how long; nobody else is, and nobody who needs help or must leave."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from services.portal.settings import load_portal_settings
from shared.runtime import rates
from shared.runtime.auth import User
from shared.runtime.rates import Rates, TooMany, client_of
from shared.runtime.service import Service
from shared.runtime.settings import SettingsFault
from tests.notifications.service import serving
from tests.runtime.stores import open_by_words
from tests.runtime.toy_service import ToyService, parts, problem, settings
from tests.web.alone import Alone, HandClock

SOME = {"requests": "5/minute", "sign-in": "2/hour"}


async def asked(browser: httpx.AsyncClient, path: str, times: int, **more: Any) -> list[int]:
    return [(await browser.get(path, **more)).status_code for _ in range(times)]


async def test_a_client_that_asks_too_often_reads_how_long_to_wait_and_may_ask_again_then() -> None:
    alone = Alone(rates=SOME)
    async with alone.at() as browser:
        assert await asked(browser, "/about-pain-and-mind", 5) == [200] * 5
        answer = await browser.get("/about-pain-and-mind", headers={"Accept-Language": "es"})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert "Espere un poco" in answer.text
        assert answer.headers["content-security-policy"]
        alone.clock.passes(seconds=59)
        answer = await browser.get("/about-pain-and-mind")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        alone.clock.passes(seconds=1)
        assert await asked(browser, "/about-pain-and-mind", 1) == [200]


async def test_another_client_is_not_refused_and_one_site_of_ipv6_is_one_client() -> None:
    alone = Alone(rates=SOME)
    async with alone.at() as one, alone.at("198.51.100.9") as other:
        assert (await asked(one, "/about-pain-and-mind", 6))[-1] == 429
        assert await asked(other, "/about-pain-and-mind", 1) == [200]
    async with (
        alone.at("2001:db8:1:2::1") as one,
        alone.at("2001:db8:1:2:ffff::9") as same,
        alone.at("2001:db8::1") as no,
    ):
        assert (await asked(one, "/about-pain-and-mind", 5))[-1] == 200
        assert await asked(same, "/about-pain-and-mind", 1) == [429]
        assert await asked(no, "/about-pain-and-mind", 1) == [200]


async def test_help_is_there_and_leaving_works_however_often_somebody_asked() -> None:
    async with Alone(rates=SOME).at() as browser:
        assert (await asked(browser, "/about-pain-and-mind", 6))[-1] == 429
        assert await asked(browser, "/help", 10) == [200] * 10
        assert (await browser.get("/static/carepath.css")).status_code == 200
        for path in ("/leave", "/sign-out"):
            assert (await browser.post(path)).status_code in (200, 303)


async def test_attempts_to_sign_in_are_counted_apart_by_client_and_looking_at_the_page_is_none() -> None:
    alone = Alone(rates={"sign-in": "2/hour"})
    async with alone.at() as browser, alone.at("198.51.100.9") as other:
        assert await asked(browser, "/sign-in/link", 5) == [200] * 5
        sent = [await browser.post("/sign-in/link", data={"email": "no address"}) for _ in range(3)]
        assert [answer.status_code for answer in sent] == [422, 422, 429]
        assert sent[-1].headers["retry-after"] == "3600"
        assert (await browser.post("/sign-in/with/nonsense")).status_code == 429
        assert (await other.post("/sign-in/link", data={"email": "no address"})).status_code == 422


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "is_the_same"),
    [
        ((), "203.0.113.7", ("198.51.100.1", "198.51.100.2"), True),
        (("203.0.113.7",), "203.0.113.7", ("198.51.100.1", "198.51.100.2"), False),
        (("203.0.113.0/24",), "203.0.113.7", ("198.51.100.1", "198.51.100.1"), True),
        # What a client says of itself stands before what the proxy saw.
        (("203.0.113.7",), "203.0.113.7", ("6.6.6.6, 198.51.100.1", "7.7.7.7, 198.51.100.1"), True),
        (("192.0.2.1",), "203.0.113.7", ("198.51.100.1", "198.51.100.2"), True),
    ],
)
async def test_only_a_proxy_that_is_trusted_says_who_is_asking(
    proxies: tuple[str, ...], peer: str, said: tuple[str, str], is_the_same: bool
) -> None:
    alone = Alone(rates={"requests": "1/minute"}, proxies=proxies)
    async with alone.at(peer) as browser:
        found = [
            (await browser.get("/about-pain-and-mind", headers={"X-Forwarded-For": client})).status_code
            for client in said
        ]
    assert found == [200, 429 if is_the_same else 200]


async def test_in_a_service_each_person_is_counted_and_other_services_are_not(tmp_path: Path) -> None:
    toy = _toy(tmp_path, {"requests": "2/minute"})
    found = [await toy.client.get("/nothing-here", headers=toy.as_()) for _ in range(5)]
    assert {answer.status_code for answer in found} == {404}, "no route, nobody asks"
    answers = [await toy.client.get("/bug", headers=toy.as_()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 500, 429]
    problem(answers[-1], 429, "too-many")
    assert answers[-1].headers["retry-after"] == "60"
    assert (await toy.client.get("/bug", headers=toy.as_(id="ben"))).status_code == 500
    services = [await toy.client.get("/bug", headers=toy.as_(role="service", id="portal")) for _ in range(9)]
    assert {answer.status_code for answer in services} == {403}
    await toy.client.aclose()


async def test_in_a_service_tokens_that_are_none_cannot_be_tried_without_end(tmp_path: Path) -> None:
    toy = _toy(tmp_path, {"sign-in": "3/minute"})
    headers = {"Authorization": "Bearer nonsense"}
    found = [(await toy.client.get("/bug", headers=headers)).status_code for _ in range(5)]
    assert found == [401, 401, 401, 429, 429]
    assert (await toy.client.get("/bug", headers=toy.as_())).status_code == 500, "who has a token is let in"
    await toy.client.aclose()


def _toy(folder: Path, rules: dict[str, str]) -> ToyService:
    toy = ToyService(folder)
    stores = [open_by_words(["sqlite", str(folder / f"{name}-2.db")]) for name in ("store", "vault")]
    toy.service = Service(parts(), settings(rates=rules), *stores, toy.clock)
    toy.app = toy.service.app()
    toy.client = httpx.AsyncClient(transport=httpx.ASGITransport(toy.app), base_url="http://toy")
    return toy


def test_a_flood_of_clients_takes_no_more_memory_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST", 100)
    clock = HandClock()
    counted = Rates(clock, {"requests": "1/minute"})
    for number in range(1_000):
        clock.passes(milliseconds=1)
        counted.count("requests", f"client-{number}")
    assert len(counted._limiter.storage._counted) <= 100
    with pytest.raises(TooMany):
        counted.count("requests", "client-999")


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("x", "x"),
    ],
)
def test_a_client_is_an_address_or_a_site(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client
    assert client_of({"client": None}) == "unknown"


GOOD = {
    "CAREPATH_SERVICES": "referrals=http://a,interventions=http://b,notifications=http://c",
    "CAREPATH_TOKEN_SECRET": "s" * 32,
}


def test_a_process_of_its_own_has_bounds_unless_told_otherwise() -> None:
    assert load_portal_settings(GOOD).rates == {"requests": "3000/minute", "sign-in": "60/hour"}
    told = {"CAREPATH_REQUEST_RATE": "off", "CAREPATH_SIGN_IN_RATE": "10 per 15 minutes"}
    assert load_portal_settings({**GOOD, **told}).rates == {"sign-in": "10 per 15 minutes"}
    with pytest.raises(SettingsFault, match="CAREPATH_REQUEST_RATE: 'often' is no rate; write one such as 3000/minute"):
        load_portal_settings({**GOOD, "CAREPATH_REQUEST_RATE": "often"})
    with pytest.raises(SettingsFault, match=r"CAREPATH_TRUSTED_PROXIES: 'here' is no address"):
        load_portal_settings({**GOOD, "CAREPATH_TRUSTED_PROXIES": "10.0.0.5, here"})


async def test_a_code_cannot_be_guessed_without_end(tmp_path: Path) -> None:
    rosa = User("patient-1", "patient")
    async with serving(tmp_path, rates={"codes": "3/hour"}) as http:
        found = []
        for number in range(5):
            body = {"channel": "sms", "code": f"{number:08}"}
            found.append(await http.post(rosa, "/agendas/patient-1/reach/confirm", body))
        assert [answer.status_code for answer in found] == [404, 404, 404, 429, 429]
        other = await http.post(User("patient-2", "patient"), "/agendas/patient-2/reach/confirm", body)
        assert other.status_code == 404
