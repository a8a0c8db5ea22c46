"""Where somebody is signed in: they see it, end it from elsewhere, and nobody else's stays in a browser."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.app import portal
from services.portal.sessions import ASKED_EVERY
from services.portal.settings import PortalSettings
from shared.runtime.auth import User, issue
from tests.portal.cookies import session_of
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor
from tests.portal.test_tidy import is_sound

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
MINUTE = timedelta(seconds=60)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sessions")) as started:
        yield started


@pytest.fixture
def ana(system: Running) -> str:
    return f"patient:{register(visitor(system, REFERRER))}"


def at_a(system: Running, user_agent: str, person: str) -> Visitor:
    browser = Visitor(system.addresses["portal"])
    browser.client.headers["User-Agent"] = user_agent
    browser.sign_in(person)
    return browser


def is_in(browser: Visitor) -> bool:
    return browser.get("/inbox").path == "/inbox"


def a_minute_later(system: Running) -> None:
    """The most that it may take."""
    assert ASKED_EVERY < MINUTE
    system.clock.offset += MINUTE


def test_everybody_sees_where_they_are_signed_in_and_signs_out_there(system: Running, ana: str) -> None:
    phone, laptop = at_a(system, PHONE, ana), at_a(system, LAPTOP, ana)
    page = laptop.get("/devices")
    is_sound(page)
    headings = [text for level, text in page.headings if level == "h2"]
    assert {"Firefox on a Windows computer", "Safari on an iPhone"} <= set(headings)
    assert page.text.count("This is where you are now.") == 1
    page = laptop.submit("sign-out-there")
    assert "You are signed out there" in page.text
    assert not page.has_form("sign-out-there"), "it is gone from the list"
    a_minute_later(system)
    assert not is_in(phone)
    assert "You were signed out" in phone.page.text
    assert is_in(laptop)


def test_signing_out_everywhere_is_over_on_every_page_within_a_minute(system: Running, ana: str) -> None:
    phone, laptop = at_a(system, PHONE, ana), at_a(system, LAPTOP, ana)
    laptop.get("/devices")
    assert "You are signed out everywhere" in laptop.submit("sign-out-everywhere").text
    assert not is_in(laptop), "here at once"
    a_minute_later(system)
    for page in ("/", "/inbox", "/devices", "/privacy", "/programme"):
        assert phone.get(page).path == "/sign-in", page
    assert is_in(at_a(system, PHONE, ana)), "they may come back"


def test_staff_sign_out_everywhere_as_well(system: Running) -> None:
    ward, home = at_a(system, LAPTOP, PSYCHOLOGY), at_a(system, PHONE, PSYCHOLOGY)
    home.get("/devices")
    home.submit("sign-out-everywhere")
    a_minute_later(system)
    assert not is_in(ward)


def test_a_cookie_that_was_copied_is_of_no_use_after_signing_out(system: Running, ana: str) -> None:
    browser = visitor(system, ana)
    copied = {"Cookie": f"carepath={browser.client.cookies['carepath']}"}
    browser.submit("sign-out")
    answer = httpx.get(f"{system.addresses['portal']}/inbox", headers=copied, trust_env=False)
    assert answer.headers["location"] == "/sign-in?done=session-over"


def test_leaving_quickly_ends_it_too(system: Running, ana: str) -> None:
    browser = visitor(system, ana)
    copied = {"Cookie": f"carepath={browser.client.cookies['carepath']}"}
    browser.send("leave")
    a_minute_later(system)
    answer = httpx.get(f"{system.addresses['portal']}/inbox", headers=copied, trust_env=False)
    assert answer.status_code == 303


def test_attack_13_two_people_in_one_browser_never_share_a_session(system: Running, ana: str) -> None:
    berta = f"patient:{register(visitor(system, REFERRER), name='Berta Roca')}"
    browser = visitor(system, ana)
    before = browser.client.cookies["carepath"]
    # Without signing out, and with the first one's cookie in hand.
    browser.client.post("/sign-in", data={"person": berta, "form_token": _token(browser)})
    after = browser.client.cookies["carepath"]
    assert after != before
    a_minute_later(system)
    copied = {"Cookie": f"carepath={before}"}
    answer = httpx.get(f"{system.addresses['portal']}/inbox", headers=copied, trust_env=False)
    assert answer.headers["location"] == "/sign-in?done=session-over", "the first one's session ended"
    rows = browser.get("/devices")
    assert "This is where you are now." in rows.text
    assert not rows.has_form("sign-out-there"), "nothing of the first one"


def test_attack_13_a_session_that_was_planted_is_not_taken_over(system: Running, ana: str) -> None:
    browser = Visitor(system.addresses["portal"])
    planted = session_of(system, User("psy-tanaka", "psychology"))
    browser.client.cookies.set("carepath", planted.token, domain="127.0.0.1")
    browser.get("/sign-in")
    browser.submit(browser.page.form("sign-in", person=ana))
    assert browser.client.cookies["carepath"] != planted.token
    again = visitor(system, ana)
    first = again.client.cookies["carepath"]
    again.submit("sign-out")
    again.sign_in(ana)
    assert again.client.cookies["carepath"] != first, "each sign-in makes a new one"


def test_nobody_ends_the_session_of_somebody_else(system: Running, ana: str) -> None:
    other = visitor(system, f"patient:{register(visitor(system, REFERRER))}")
    mine = visitor(system, ana)
    theirs = mine.get("/devices")
    assert len(theirs.forms) > 0
    id = _own_session(system, ana)
    other.get("/devices")
    token = other.page.form("sign-out-everywhere").values
    other.client.post("/devices/sign-out", data={**token, "session": id})
    a_minute_later(system)
    assert is_in(mine)


def test_when_it_was_last_used_is_known_to_half_an_hour(system: Running, ana: str) -> None:
    browser = visitor(system, ana)
    begun = _rows(system, ana)[0]["used_at"]
    system.clock.offset += timedelta(minutes=31)
    browser.get("/inbox")
    assert _rows(system, ana)[0]["used_at"] > begun


async def test_while_notifications_is_away_a_session_goes_on_and_what_ended_stays_ended(system: Running) -> None:
    nowhere = dict.fromkeys(("referrals", "interventions", "notifications"), "http://127.0.0.1:9")
    app = portal(PortalSettings(nowhere, system.secret, system.clinic, secure_cookies=False), system.clock)
    session = session_of(system, User("op-byrne", "operator"))
    headers = {"Cookie": f"carepath={session.token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.example") as client:
        page = PageSeen(await client.get("/", headers=headers))
        assert (page.status, page.path) == (200, "/")
        form = page.form("sign-out")
        await client.post("/sign-out", data=form.values, headers=headers)
        assert (await client.get("/", headers=headers)).status_code == 303


def _token(browser: Visitor) -> str:
    return browser.page.form("sign-out").values["form_token"][0]


def _rows(system: Running, person: str) -> list[dict[str, str]]:
    role, _, id = person.partition(":")
    token = issue(system.secret, User(id, role), system.clock.now(), timedelta(minutes=5))
    answer = httpx.get(
        f"{system.addresses['notifications']}/agendas/{id}/sessions",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()
    return found


def _own_session(system: Running, person: str) -> str:
    return _rows(system, person)[0]["id"]
