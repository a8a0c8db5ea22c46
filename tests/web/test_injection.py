"""What somebody types or sends never becomes a line of a log, a header, a redirect elsewhere, or part of a page."""

import json
from io import StringIO
from urllib.parse import quote, urlsplit

import pytest
import structlog

from services.portal.pages import environment, is_ours
from shared.runtime.auth import User
from shared.runtime.logs import configure_logs
from tests.web.alone import HERE, Alone, routes
from tests.web.test_bounds import Heard

LEADS_AWAY = (
    "https://elsewhere.example",
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "@elsewhere.example",
    "https:elsewhere.example",
    "javascript:alert(1)",
    " //elsewhere.example",
    "/\r\nSet-Cookie: carepath=x",
    "/\u2028x",
    "",
)


@pytest.fixture
def lines(quiet: None) -> StringIO:
    stream = StringIO()
    configure_logs("DEBUG", stream)
    return stream


@pytest.mark.parametrize("back", LEADS_AWAY, ids=repr)
async def test_no_form_leads_to_another_site(back: str) -> None:
    alone = Alone()
    cookie, token = alone.session(User("psy-tanaka", "psychology"))
    async with alone.at() as browser:
        for path in ("/language", "/views/remove"):
            data = {"form_token": token, "back": back, "language": "es", "name": "x"}
            answer = await browser.post(path, data=data, headers={**cookie, "Origin": HERE})
            assert answer.status_code == 303
            assert answer.headers["location"].partition("?")[0] == "/"
            assert "carepath=x" not in answer.headers["set-cookie"]
    assert not is_ours(back)


async def test_no_page_leads_away_by_what_stands_in_its_address() -> None:
    """Every address of the table, with all that other systems call the place to go on to."""
    alone = Alone(development_sign_in=True)
    names = ("next", "to", "back", "url", "return", "return_to", "redirect", "redirect_uri", "continue", "done", "then")
    query = "&".join(f"{name}={quote('https://elsewhere.example/')}" for name in names)
    cookie, _ = alone.session(User("patient-1", "patient"))
    async with alone.at() as browser:
        for headers in ({}, cookie):
            for _, path in set(routes("GET")):
                answer = await browser.get(f"{path}?{query}", headers=headers)
                led = urlsplit(answer.headers.get("location", ""))
                assert (led.scheme, led.netloc) in (("", ""), ("https", "care.example.org")), path


@pytest.mark.parametrize("sent", ["a\r\nSet-Cookie: x=y", "a\nb", "a\x00b", "é\r\n\r\n<html>"], ids=repr)
async def test_nothing_that_is_sent_becomes_a_header(sent: str) -> None:
    async with Alone().at() as browser:
        for path in (f"/help?done={quote(sent)}", f"/{quote(sent)}", f"/sign-in/with/{quote(sent, safe='')}"):
            answer = await browser.get(path)
            assert "x=y" not in answer.headers.get("set-cookie", "")
            assert all(value.isprintable() for value in answer.headers.values())


async def test_nothing_that_is_sent_becomes_a_line_of_the_log(lines: StringIO) -> None:
    forged = '\n{"event": "forged", "level": "error"}\r\n\u2028\x1b[2J\x7f\x9b'
    alone = Alone()
    async with alone.at() as browser:
        await browser.get(f"/{quote(forged)}")
        await browser.post("/sign-in/link", data={"email": f"ana{forged}@people.example", "key": forged})
        await browser.post(f"/webhooks/{quote(forged, safe='')}", content=forged.encode())
        await browser.get("/help", headers=[(b"user-agent", b"x\x1b"), (b"x-forwarded-for", b"6.6.6.6\x7f")])
    structlog.get_logger().warning("told", of=forged, **{"a\nkey": forged})
    found = lines.getvalue().splitlines()
    assert found
    assert [json.loads(line)["event"] for line in found if "forged" in json.loads(line)["event"]] == []
    assert lines.getvalue().replace("\n", "").isascii()
    assert lines.getvalue().replace("\n", "").isprintable()


async def test_nothing_that_is_sent_is_run_as_a_template_or_shown_as_a_part_of_the_page() -> None:
    sent = "{{ 7 * 191 }}{% include 'base.html' %}<b onclick=x>'\""
    async with Alone().at() as browser:
        answer = await browser.post("/sign-in/link", data={"email": sent})
        assert answer.status_code == 422
        assert "1337" not in answer.text
        assert "<b onclick" not in answer.text
        assert "{{ 7 * 191 }}" in answer.text, "it stands in its field as it was typed"


def test_every_template_escapes() -> None:
    made = environment()
    loader = made.loader
    assert made.autoescape is True
    assert loader is not None
    for name in made.list_templates():
        source = loader.get_source(made, name)[0]
        for way_out in ("| safe", "|safe", "autoescape", "Markup"):
            assert way_out not in source, f"{name} has {way_out}"


async def test_a_correlation_that_brings_a_line_along_is_replaced() -> None:
    _, headers, _ = await Heard(Alone().app)(
        "GET", "/health/live", [(b"host", b"a.example"), (b"x-correlation-id", b"click-1\n")]
    )
    assert headers[b"x-correlation-id"].isalnum()
