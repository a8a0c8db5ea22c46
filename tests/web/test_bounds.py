"""What is refused by its head alone: nothing of such a request is read, and no route hears of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.portal.settings import load_portal_settings
from shared.runtime.bounds import LARGEST_BODY
from tests.runtime.toy_service import ToyService, problem
from tests.web.alone import Alone
from tests.web.test_too_often import GOOD

MALFORMED_HOSTS = [
    [],
    [b""],
    [b" "],
    [b"care.example.org", b"elsewhere.example"],
    [b"care.example.org/elsewhere"],
    [b"care.example.org?x=/health/live"],
    [b"care.example.org#x"],
    [b"user@care.example.org"],
    [b"care.example.org:"],
    [b"care.example.org:80:90"],
    [b"care.example.org:port"],
    [b"care.example.org, elsewhere.example"],
    [b"care.example.org\r\nX: y"],
    [b"[::1"],
    [b"[::1]x"],
    [b"c\xe4re.example"],
    [b"." * 300],
]


class Heard:
    """One request as a server hands it on; `read` says how often somebody asked for its body."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.read = 0

    async def __call__(
        self, method: str, path: str, headers: list[tuple[bytes, bytes]], query: bytes = b"", body: bytes = b""
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        answer: list[Any] = []
        asked = 0

        async def receive() -> dict[str, Any]:
            nonlocal asked
            self.read += 1
            asked += 1
            if asked > 1:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            answer.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": headers,
            "client": ("203.0.113.7", 1),
            "server": ("127.0.0.1", 8000),
        }
        await self._app(scope, receive, send)
        sent = b"".join(message.get("body", b"") for message in answer[1:])
        return answer[0]["status"], dict(answer[0]["headers"]), sent


@pytest.fixture(params=["portal", "service"])
def app(request: pytest.FixtureRequest, toy: ToyService) -> Any:
    return Alone().app if request.param == "portal" else toy.app


@pytest.mark.parametrize("hosts", MALFORMED_HOSTS, ids=str)
async def test_a_malformed_host_is_refused_before_any_route_is_looked_for(app: Any, hosts: list[bytes]) -> None:
    heard = Heard(app)
    for path in ("/health/live", "/nowhere", "/"):
        status, headers, _ = await heard("GET", path, [(b"host", host) for host in hosts])
        assert (status, b"location" in headers) == (400, False), path
    assert heard.read == 0


@pytest.mark.parametrize("host", [b"care.example.org", b"CARE.example.org:8443", b"127.0.0.1", b"[::1]:80", b"portal"])
async def test_a_host_that_is_one_is_taken(app: Any, host: bytes) -> None:
    assert (await Heard(app)("GET", "/health/live", [(b"host", host)]))[0] == 200


async def test_the_portal_is_reached_by_its_own_names_only() -> None:
    own = load_portal_settings(GOOD)
    heard = Heard(Alone(hosts=own.hosts).app)
    assert own.hosts == ("127.0.0.1", "localhost", "[::1]")
    for host, status in ((b"127.0.0.1:8000", 200), (b"LOCALHOST", 200), (b"elsewhere.example", 400)):
        assert (await heard("GET", "/health/live", [(b"host", host)]))[0] == status
    more = load_portal_settings({**GOOD, "CAREPATH_ALLOWED_HOSTS": "Care.example.org, pain.example.org"})
    assert more.hosts[1:3] == ("care.example.org", "pain.example.org")


async def test_a_forged_host_leads_nowhere_else() -> None:
    """Links are made with the clinic's own address; an answer names no host at all."""
    heard = Heard(Alone(development_sign_in=True).app)
    for path in ("/", "/sign-in", "/sign-in/link", "/help"):
        _, headers, page = await heard("GET", path, [(b"host", b"elsewhere.example")])
        assert b"elsewhere.example" not in page
        assert b"elsewhere.example" not in b" ".join(headers.values())


async def test_a_huge_form_is_refused_without_being_read(app: Any) -> None:
    heard = Heard(app)
    length = str(LARGEST_BODY + 1).encode()
    for said in (length, b"9" * 400, b"-1", b"0x10", "١".encode()):
        status, _, _ = await heard("POST", "/sign-in/link", [(b"host", b"a.example"), (b"content-length", said)])
        assert status == 413
    assert heard.read == 0


@pytest.mark.parametrize("body", [b"a=1&" * 200, b"&" * 60_000, b"a" * 70_000, b"a=1&" * 20_000], ids=len)
async def test_a_form_of_more_than_any_form_of_ours_can_hold_is_refused(body: bytes) -> None:
    status, _, page = await Heard(Alone().app)("POST", "/sign-in/link", [(b"host", b"a.example")], body=body)
    assert (status, b"That was too long" in page) == (413, True)


async def test_a_body_without_a_length_is_read_no_further_than_a_form_may_be_long() -> None:
    pieces = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pieces
        while True:
            pieces += 1
            yield b"a=" + b"x" * 1022

    async with Alone().at() as browser:
        for path in ("/sign-in/link", "/webhooks/sms"):
            pieces = 0
            assert (await browser.post(path, content=endless())).status_code == 413
            assert pieces <= LARGEST_BODY / 1024


@pytest.mark.parametrize(
    "ranges", [b"bytes=" + b"0-0," * 5_000, b"bytes=0-1,2-3,4-5,6-7,8-9", b"bytes=" + b"1" * 200], ids=len
)
async def test_a_long_list_of_ranges_is_refused_without_a_look_at_the_file(ranges: bytes) -> None:
    for path in ("/static/carepath.css", "/programme/1/activities/1/recording"):
        status, _, _ = await Heard(Alone().app)("GET", path, [(b"host", b"a.example"), (b"range", ranges)])
        assert status == 416


async def test_one_part_of_a_file_is_given() -> None:
    found = await Heard(Alone().app)("GET", "/static/carepath.css", [(b"host", b"a.example"), (b"range", b"bytes=0-9")])
    assert (found[0], len(found[2])) == (206, 10)


async def test_headers_and_addresses_have_a_largest_size(app: Any) -> None:
    heard = Heard(app)
    host = (b"host", b"a.example")
    assert (await heard("GET", "/health/live", [host, (b"cookie", b"a=" + b"x" * 40_000)]))[0] == 431
    assert (await heard("GET", "/health/live", [host, *[(b"x", b"y" * 100)] * 400]))[0] == 431
    assert (await heard("GET", "/health/live", [host], query=b"a=" + b"x" * 9_000))[0] == 414
    assert (await heard("GET", "/" + "x" * 9_000, [host]))[0] == 414
    assert heard.read == 0


async def test_a_service_says_each_refusal_as_a_problem(toy: ToyService) -> None:
    for headers, status, code in (
        ({"Host": "a/b"}, 400, "host-malformed"),
        ({"X": "y" * 40_000}, 431, "head-too-large"),
        ({"Range": "bytes=" + "0-0," * 50}, 416, "range-refused"),
    ):
        problem(await toy.client.get("/health/live", headers=headers), status, code)


async def test_what_a_service_says_is_kept_nowhere_and_taken_for_nothing_else(toy: ToyService) -> None:
    for answer in (
        await toy.client.get("/health/live"),
        await toy.client.get("/bug"),
        await toy.client.get("/nowhere"),
    ):
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


async def test_the_host_says_nothing_about_which_route_it_is(toy: ToyService) -> None:
    """Authorisation goes by the route that was matched."""
    headers = {"Host": "toy", "X-Original-URL": "/health/live", "X-Rewrite-URL": "/health/live"}
    assert (await toy.client.get("/bug", headers=headers)).status_code == 401
