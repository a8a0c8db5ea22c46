"""No other site can press a button here: every POST route of the table is tried, and a new one is found by itself."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.runtime.auth import User
from tests.web.alone import HERE, Alone, routes

POSTS = sorted(set(routes("POST")))
BY_A_SIGNED_LINK = {"/unsubscribe/{token}", "/webhooks/{channel}"}
"""A mail program or a provider posts here: by what it signed, and no cookie is looked at."""
AT_THE_DOOR = {"/sign-in/link", "/sign-in/with/{token}", "/leave"}
"""These take no token, since they are pressed before there is a session or after it: where it comes from is enough."""
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "https://care.example.org.elsewhere.example"},
    {"Origin": "https://care.example.org@elsewhere.example"},
    {"Origin": "https://care.example.org:8443"},
    {"Origin": "http://care.example.org"},
    {"Origin": "null"},
)


@pytest.fixture
def alone() -> Alone:
    return Alone(development_sign_in=True)


@pytest.fixture
async def browser(alone: Alone) -> AsyncIterator[httpx.AsyncClient]:
    async with alone.at() as client:
        yield client


def test_the_exceptions_are_routes_that_exist() -> None:
    assert {path for path, _ in POSTS} >= BY_A_SIGNED_LINK | AT_THE_DOOR
    assert len(POSTS) > 60


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_every_form_of_another_site_is_refused_though_session_and_token_are_right(
    alone: Alone, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    cookie, token = alone.session(User("patient-1", "patient"))
    taken = set()
    for route, path in POSTS:
        answer = await browser.post(path, data={"form_token": token}, headers={**cookie, **headers})
        if answer.status_code != 403:
            taken.add(route)
    assert taken == BY_A_SIGNED_LINK


async def test_every_form_needs_the_token_of_its_own_session(alone: Alone, browser: httpx.AsyncClient) -> None:
    cookie, _ = alone.session(User("patient-1", "patient"))
    _, others = alone.session(User("patient-2", "patient"))
    for token in ("", "0" * 64, others):
        taken = set()
        for route, path in POSTS:
            answer = await browser.post(path, data={"form_token": token}, headers={**cookie, "Origin": HERE})
            if answer.status_code != 403:
                taken.add(route)
        assert taken == BY_A_SIGNED_LINK | AT_THE_DOOR


@pytest.mark.parametrize("headers", [{"Origin": HERE}, {"Sec-Fetch-Site": "same-origin"}, {}], ids=str)
async def test_a_form_of_ours_is_not_refused_for_where_it_comes_from(
    alone: Alone, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    cookie, token = alone.session(User("patient-1", "patient"))
    for _, path in POSTS:
        answer = await browser.post(path, data={"form_token": token}, headers={**cookie, **headers})
        assert answer.status_code != 403, path


async def test_nothing_but_get_head_and_post_is_answered(alone: Alone, browser: httpx.AsyncClient) -> None:
    """A form token stands in no other kind of request."""
    cookie, _ = alone.session(User("patient-1", "patient"))
    for method in ("PUT", "PATCH", "DELETE"):
        assert sorted(set(routes(method))) == []
        for _, path in POSTS:
            answer = await browser.request(method, path, headers=cookie)
            assert answer.status_code in (404, 405), path
