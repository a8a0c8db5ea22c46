"""Asking what is open: only the service that owns it may say that something is closed; all else is no answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared.runtime.errors import Unavailable
from shared.runtime.permissions import Opened, Permissions
from shared.runtime.problems import problem

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Referrals:
    """What answers where referrals is looked for."""

    answer: Answer
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)

    def permissions(self, **addresses: str) -> Permissions:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Permissions(addresses or {"referrals": "http://referrals"}, client, lambda: "token")


def says(status: int, **content: Any) -> Answer:
    return lambda _: httpx.Response(status, **content)


def problem_of(status: int, code: str) -> Answer:
    """As our own services put it."""
    said = problem(status, code, "A title.")
    return says(status, content=bytes(said.body), headers={"Content-Type": said.headers["Content-Type"]})


OPEN = {"named": True, "scopes": ["news", "plan"], "email": True, "invited": False}


async def test_what_is_open_is_asked_by_the_service_itself() -> None:
    referrals = Referrals(says(200, json=OPEN))
    opened = await referrals.permissions().opened("patient-rosa", "caregiver-luis")
    assert opened == Opened(named=True, scopes=frozenset({"news", "plan"}), email=True)
    [request] = referrals.asked
    assert str(request.url) == "http://referrals/patients/patient-rosa/caregivers/caregiver-luis/scopes"
    assert request.headers["Authorization"] == "Bearer token"


async def test_an_answer_may_say_more_later() -> None:
    opened = await Referrals(says(200, json={**OPEN, "more": 1})).permissions().opened("p", "c")
    assert opened.named


async def test_its_own_word_that_there_is_nobody_is_an_answer() -> None:
    assert await Referrals(problem_of(404, "not-found")).permissions().opened("p", "c") == Opened()


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def late(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("late", request=request)


STRANGE: dict[str, tuple[Answer, str]] = {
    "a wrong address of ours": (problem_of(404, "http-404"), "CAREPATH_SERVICES"),
    "a proxy's page": (says(404, html="<h1>Not found</h1>"), "CAREPATH_SERVICES"),
    "a proxy's JSON": (says(404, json={"code": "not-found"}), "CAREPATH_SERVICES"),
    "a problem of somebody else": (
        says(404, content=b'{"title": "No such host"}', headers={"Content-Type": "application/problem+json"}),
        "CAREPATH_SERVICES",
    ),
    "a problem that is none": (
        says(404, content=b"not-found", headers={"Content-Type": "application/problem+json"}),
        "CAREPATH_SERVICES",
    ),
    "a list": (
        says(404, content=b'["not-found"]', headers={"Content-Type": "application/problem+json"}),
        "CAREPATH_SERVICES",
    ),
    "nothing": (says(404), "CAREPATH_SERVICES"),
    "gone": (says(410), "CAREPATH_SERVICES"),
    "a way to elsewhere": (says(302, headers={"Location": "http://elsewhere"}), "CAREPATH_SERVICES"),
    "a page that welcomes": (says(200, html="<h1>Welcome</h1>"), "CAREPATH_SERVICES"),
    "words for yes and no": (says(200, json={**OPEN, "named": "no"}), "CAREPATH_SERVICES"),
    "one scope as a word": (says(200, json={**OPEN, "scopes": "news"}), "CAREPATH_SERVICES"),
    "half an answer": (says(200, json={"named": True}), "CAREPATH_SERVICES"),
    "another secret": (problem_of(401, "not-signed-in"), "CAREPATH_TOKEN_SECRET"),
    "no right to ask": (problem_of(403, "forbidden"), "CAREPATH_TOKEN_SECRET"),
    "a fault": (problem_of(500, "internal"), "logs of referrals"),
    "a gateway": (says(502, html="<h1>Bad gateway</h1>"), "logs of referrals"),
    "a store that is away": (problem_of(503, "unavailable"), "readiness"),
    "nobody": (broken, "start it"),
    "nobody in time": (late, "start it"),
}


@pytest.mark.parametrize("what", STRANGE)
async def test_everything_else_is_no_answer_and_says_what_to_do(what: str) -> None:
    answer, remedy = STRANGE[what]
    with pytest.raises(Unavailable, match=remedy) as away:
        await Referrals(answer).permissions().opened("p", "c")
    assert "http://referrals" in str(away.value), "where it was looked for"


async def test_without_an_address_or_with_one_that_is_none_it_says_so() -> None:
    referrals = Referrals(says(200, json=OPEN))
    with pytest.raises(Unavailable, match="no address is set for the service referrals"):
        await referrals.permissions(other="http://other").opened("p", "c")
    with pytest.raises(Unavailable, match="mend its address in CAREPATH_SERVICES"):
        await referrals.permissions(referrals="http://referrals:port").opened("p", "c")
    assert referrals.asked == []


async def test_an_id_is_one_part_of_the_path() -> None:
    referrals = Referrals(says(200, json=OPEN))
    await referrals.permissions().opened("../ledger?since=1#", "a/b")
    [request] = referrals.asked
    assert request.url.raw_path == b"/patients/..%2Fledger%3Fsince%3D1%23/caregivers/a%2Fb/scopes"


async def test_readiness_tells_the_operator_until_there_is_an_answer_again() -> None:
    referrals = Referrals(says(200, json=OPEN))
    permissions = referrals.permissions()
    await permissions.check()
    assert referrals.asked == [], "nobody is asked while nothing is amiss"
    referrals.answer = says(404, html="<h1>Not found</h1>")
    with pytest.raises(Unavailable):
        await permissions.opened("p", "c")
    with pytest.raises(Unavailable, match="give its own address in CAREPATH_SERVICES"):
        await permissions.check()
    referrals.answer = problem_of(404, "not-found")
    await permissions.check()
    asked = len(referrals.asked)
    await permissions.check()
    assert len(referrals.asked) == asked
