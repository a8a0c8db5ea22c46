"""Pages of staff look again by themselves: they are told what is new, and nothing that somebody reads is moved."""

from datetime import timedelta

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.app import portal
from services.portal.settings import PortalSettings
from shared.runtime.auth import User, issue
from tests.portal.carer_story import joins
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, refer, register, started, visitor
from tests.portal.test_operator import hold

OPERATOR = "operator:op-byrne"
NOTICE = "data-same-place>{} new or changed. Show"
PAGES = [
    (PSYCHOLOGY, "/"),
    (PSYCHOLOGY, "/waiting/triage"),
    (REFERRER, "/"),
    (REFERRER, "/mine/open"),
    (OPERATOR, "/"),
]


def asked(page: PageSeen, **sent: str) -> httpx.URL:
    """The address that the page asks when it looks again, with what it sends along."""
    path = next(found["hx-get"] for _, found in page.tags if "hx-get" in found)
    hidden = {found["name"]: found["value"] for tag, found in page.tags if tag == "input"}
    known = {name: hidden[name] for name in ("seen", "at_once") if name in hidden}
    return httpx.URL(str(path)).copy_merge_params({**known, **sent})


def looks(browser: Visitor, page: PageSeen, **sent: str) -> httpx.Response:
    return browser.client.get(asked(page, **sent))


@pytest.fixture
def referral(system: Running) -> str:
    found = refer(referrer := visitor(system, REFERRER), register(referrer))
    system.settle()
    return found


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_a_page_is_told_nothing_while_nothing_is_new(system: Running, referral: str, person: str, path: str) -> None:
    browser = visitor(system, person)
    answer = looks(browser, browser.get(path))
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("person", "path"), [PAGES[0], PAGES[1], PAGES[3]])
def test_a_page_is_told_how_much_is_new_once(system: Running, referral: str, person: str, path: str) -> None:
    browser = visitor(system, person)
    page = browser.get(path)
    referrer = visitor(system, REFERRER)
    refer(referrer, register(referrer))
    answer = looks(browser, page)
    assert NOTICE.format(1) in answer.text
    assert f'href="{path}"' in answer.text
    assert "<html" not in answer.text
    assert looks(browser, page, said="1").status_code == 204
    refer(referrer, register(referrer))
    assert NOTICE.format(2) in looks(browser, page, said="1").text
    assert looks(browser, browser.get(path)).status_code == 204


def test_what_somebody_else_took_on_or_took_away_is_a_change(system: Running, referral: str) -> None:
    browser, colleague = visitor(system, PSYCHOLOGY), visitor(system, "psychology:psy-moreno")
    home, listed = browser.get("/"), browser.get("/waiting/triage")
    colleague.get(f"/referrals/{referral}")
    colleague.submit("take-on")
    assert NOTICE.format(1) in looks(browser, listed).text
    colleague.submit("return", rationale="Please try the pain course first.")
    assert NOTICE.format(1) in looks(browser, listed).text
    assert NOTICE.format(1) in looks(browser, home).text


def test_that_time_passes_is_a_change_only_once_something_is_overdue(system: Running, referral: str) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get("/waiting/triage")
    before = system.clock.offset
    system.clock.offset += timedelta(hours=2)
    assert looks(psychology, page).status_code == 204
    system.clock.offset += timedelta(days=20)
    again = visitor(system, PSYCHOLOGY)
    assert "new or changed" in looks(again, page).text
    system.clock.offset = before


def test_who_may_be_unsafe_is_shown_at_once_and_not_counted(system: Running) -> None:
    patient = started(system)
    answer_all(patient, "5")
    system.settle()
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.page
    answer_all(patient, "1", last="2")
    system.settle()
    answer = looks(psychology, page)
    assert 'hx-swap-oob="innerHTML:#at-once"' in answer.text
    assert "may be unsafe" in answer.text
    assert "Who may be unsafe has changed" in answer.text
    seen = PageSeen(answer)
    mark = next(found["value"] for _, found in seen.tags if found.get("name") == "at_once")
    assert "innerHTML" not in looks(psychology, page, at_once=str(mark)).text
    alert = next(link for link in seen.links if link.startswith("/alerts/"))
    assert next(found["id"] for _, found in seen.tags if found.get("href") == alert) == alert.removeprefix("/alerts/")
    colleague = visitor(system, "psychology:psy-moreno")
    colleague.get(alert)
    colleague.submit("acknowledge-alert")
    gone = looks(psychology, page, at_once=str(mark))
    assert "innerHTML" in gone.text
    assert alert not in gone.text


def test_a_caregiver_who_may_be_unsafe_is_shown_at_once_too(system: Running) -> None:
    browser, _, who = joins(system)
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.page
    browser.get("/for-you/check")
    browser.submit("check", **{"q-sleep": "always", "safe": "no", "phone": "+44 20 7946 0123"})
    system.settle()
    answer = looks(psychology, page)
    assert 'hx-swap-oob="innerHTML:#at-once"' in answer.text
    assert f"/caregivers/{who}" in answer.text


def _lost(system: Running) -> httpx.AsyncClient:
    nowhere = dict.fromkeys(("referrals", "interventions", "notifications"), "http://127.0.0.1:9")
    app = portal(PortalSettings(nowhere, system.secret, system.clinic, secure_cookies=False), system.clock)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.example")


async def test_while_services_are_away_nothing_is_counted_and_alerts_are_unknown_at_once(system: Running) -> None:
    page = visitor(system, PSYCHOLOGY).page
    token = issue(system.secret, User("psy-tanaka", "psychology"), system.clock.now(), timedelta(hours=1))
    async with _lost(system) as client:
        answer = await client.get(asked(page, said="3"), headers={"Cookie": f"carepath={token}"})
        listed = await client.get("/waiting/triage?seen=", headers={"Cookie": f"carepath={token}"})
    assert "Alerts cannot be checked right now" in answer.text
    assert NOTICE.format(3) in answer.text
    assert listed.status_code == 503


def test_whoever_has_left_is_told_nothing(system: Running) -> None:
    browser = visitor(system, PSYCHOLOGY)
    page = browser.page
    browser.submit("sign-out")
    assert looks(browser, page).status_code == 401
    patient = visitor(system, REFERRER)
    assert patient.client.get("/waiting/triage?seen=").status_code == 404


def test_the_page_asks_for_itself_as_it_was_asked_for(system: Running, referral: str) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    assert 'hx-get="/waiting/triage?kept=1&amp;so=2"' in psychology.get("/waiting/triage?kept=1&done=read&so=2").html
    assert 'hx-get="/"' in psychology.get("/?done=read").html


@pytest.mark.parametrize(
    "sent", [{"seen": "x"}, {"seen": "é" * 9}, {"said": "many"}, {"said": "9" * 5000}, {"at_once": "<b>"}]
)
def test_strange_marks_are_answered_and_not_shown(system: Running, referral: str, sent: dict[str, str]) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    answer = looks(psychology, psychology.page, **sent)
    assert answer.status_code in (200, 204)
    assert "<b>" not in answer.text


def test_a_page_that_answers_a_form_does_not_look_again(system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    system.settle()
    hold(system, patient)
    operator = visitor(system, OPERATOR)
    assert "hx-get" in operator.page.html
    refused = operator.submit(operator.page.form("discard", source=patient), reason="no")
    assert (refused.status, "hx-get" in refused.html) == (422, False)
    operator.submit(refused.form("discard", source=patient), reason="Made by a test.")
    system.settle()


def test_scripts_are_files_of_ours_that_browsers_keep_by_their_version(system: Running) -> None:
    page = visitor(system, PSYCHOLOGY).page
    browser = Visitor(system.addresses["portal"])
    scripts = [str(found["src"]) for tag, found in page.tags if tag == "script"]
    assert [script.partition("?")[0] for script in scripts] == ["/static/htmx.js", "/static/refresh.js"]
    for script in scripts:
        kept, other = (browser.client.get(address) for address in (script, f"{script}0"))
        assert kept.status_code == other.status_code == 200
        assert "javascript" in kept.headers["content-type"]
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert other.headers["cache-control"] == "public, max-age=3600"
    assert "htmx" in browser.client.get(scripts[0]).text


def test_pages_of_patients_load_no_script(system: Running) -> None:
    assert "<script" not in started(system).page.html
