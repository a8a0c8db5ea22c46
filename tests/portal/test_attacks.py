"""Attacks on the door of patients and caregivers, each with the answer that it must get. The door of staff has its own
in `test_staff_sign_in.py` and `test_provider.py`, sessions in `test_sessions.py`.
"""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from tests.parts.wait import until
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor
from tests.portal.test_sign_in_link import guest, is_in, link_for, links_to, registered

UNKNOWN = "nobody@people.example"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("attacks")) as started:
        yield started


@pytest.fixture
def rosa(system: Running) -> str:
    return registered(system)


def test_attack_7_a_mail_scanner_opens_the_link_and_the_person_still_gets_in(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    address = system.addresses["portal"] + link
    for method in ("GET", "HEAD", "GET"):
        answer = httpx.request(method, address, headers={"User-Agent": "a scanner"}, trust_env=False)
        assert answer.status_code in (200, 405)
        assert "set-cookie" not in answer.headers
    browser = guest(system)
    browser.get(link)
    browser.submit("sign-in-with")
    assert is_in(browser)


async def test_attack_8_fifty_presses_at_once_of_one_link_make_one_session(system: Running, rosa: str) -> None:
    link = await asyncio.to_thread(link_for, system, rosa)
    address = system.addresses["portal"] + link
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as client:
        presses = (client.post(address, data={"key": f"press-{number}"}) for number in range(50))
        answers = await asyncio.gather(*presses)
    let_in = [answer for answer in answers if answer.status_code == 303]
    assert len(let_in) == 1, sorted(answer.status_code for answer in answers)
    assert {answer.status_code for answer in answers} <= {303, 410}
    browser = Visitor(system.addresses["portal"])
    browser.client.cookies.set("carepath", let_in[0].cookies["carepath"], domain="127.0.0.1")
    assert _sessions(await asyncio.to_thread(browser.get, "/devices")) == 1


def test_attack_8_a_double_click_with_one_key_makes_one_session_too(system: Running, rosa: str) -> None:
    link = link_for(system, rosa)
    browser = guest(system)
    browser.get(link)
    form = browser.page.form("sign-in-with")
    for _ in range(2):
        browser.client.cookies.clear()
        browser.submit(form)
    assert _sessions(browser.get("/devices")) == 1


def test_attack_9_a_forged_host_gets_into_no_link(system: Running, rosa: str) -> None:
    before = set(links_to(system, rosa))
    browser = guest(system)
    page = browser.get("/sign-in/link")
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    data = {**page.form("sign-in-link").values, "email": rosa}
    browser.client.post("/sign-in/link", data=data, headers=forged)
    until(lambda: set(links_to(system, rosa)) - before, "the e-mail", timeout=30)
    mails = [file.read_text(encoding="utf-8") for file in system.mail.glob("*.eml")]
    assert not [mail for mail in mails if "evil.example" in mail]


def test_attack_10_known_and_unknown_addresses_are_answered_alike(system: Running, rosa: str) -> None:
    """To the last byte. The work that differs is done after the answer, so that its time tells nothing either."""
    known, unknown = [], []
    browser = guest(system)
    for number in range(20):
        for address, found in ((rosa, known), (UNKNOWN, unknown)):
            data = {"email": address, "key": f"{address}-{number}"}
            answer = browser.client.post("/sign-in/link", data=data, follow_redirects=False)
            found.append((answer.status_code, answer.headers["location"], answer.content, sorted(answer.headers)))
    assert {repr(one) for one in known} == {repr(one) for one in unknown}
    assert len({repr(one) for one in known}) == 1


def test_attack_10_no_more_than_three_links_an_hour_go_to_one_person(system: Running, rosa: str) -> None:
    browser = guest(system)
    for number in range(9):
        browser.client.post("/sign-in/link", data={"email": rosa, "key": f"again-{number}"})
    until(lambda: links_to(system, rosa), "an e-mail", timeout=30)
    system.settle()
    assert len(links_to(system, rosa)) <= 3


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil.example", "@evil.example", "/\tevil"]
)
def test_attack_12_no_form_and_no_address_leads_elsewhere(system: Running, evil: str) -> None:
    browser = guest(system)
    browser.client.follow_redirects = False
    browser.get("/help")
    assert browser.send(browser.page.form("language"), back=evil).headers["location"] == "/"
    page = browser.client.get("/sign-in/link", params={"back": evil, "next": evil, "redirect_uri": evil})
    assert evil not in page.text


def _sessions(page: PageSeen) -> int:
    """In how many places the reader of the page is signed in."""
    assert (page.path, page.text.count("This is where you are now.")) == ("/devices", 1)
    return 1 + len([form for form in page.forms if form.name == "sign-out-there"])


def test_a_clinician_and_a_patient_at_one_computer_do_not_meet(system: Running) -> None:
    browser = visitor(system, PSYCHOLOGY)
    browser.get("/caseload")
    browser.submit("sign-out")
    browser.sign_in(REFERRER)
    assert browser.get("/caseload").status == 404
