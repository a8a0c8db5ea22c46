"""Who gets in, what no other site can do, and what a person reads while a service is down."""

from datetime import timedelta

import httpx
import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal.app import portal
from services.portal.session import form_token
from services.portal.settings import PortalSettings
from shared.runtime.auth import User
from tests.portal.cookies import cookie_of, session_of
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, invited, visitor

PAGES = {
    "patient": (
        "/programme",
        "/plan",
        "/progress",
        "/how-it-was",
        "/privacy",
        "/start/more-time",
        "/questions/1",
        "/programme/1",
    ),
    "referrer": (
        "/patients",
        "/patients/new",
        "/patients/patient-1/ask",
        "/conversation-aid",
        "/conversation-aid/leaflet",
    ),
    "psychology": ("/alerts/risk-1", "/episodes/episode-1", "/feedback"),
}


def test_a_page_asks_to_sign_in_first(system: Running) -> None:
    guest = Visitor(system.addresses["portal"])
    for path in ("/", "/inbox", "/referrals/referral-1", "/advice/advice-1", *sum(PAGES.values(), ())):
        assert guest.get(path).path == "/sign-in"


def test_help_is_there_without_signing_in(system: Running) -> None:
    page = Visitor(system.addresses["portal"]).get("/help")
    assert page.status == 200
    assert system.clinic.help_in("en").text in page.text
    assert system.clinic.phone in page.text


@pytest.mark.parametrize("person", ["referrer:dr-okafor", "psychology:psy-tanaka", "operator:op-byrne"])
def test_pages_of_another_role_are_not_there(system: Running, person: str) -> None:
    browser = visitor(system, person)
    for role, paths in PAGES.items():
        if role != person.partition(":")[0]:
            assert {browser.get(path).status for path in paths} == {404}


def test_a_referrer_does_not_see_the_patients_of_another(system: Running) -> None:
    patient, referral = invited(system)
    other = visitor(system, "referrer:dr-lindqvist")
    assert other.get(f"/patients/{patient}").status == 404
    assert other.get(f"/referrals/{referral}").status == 404


@pytest.mark.parametrize("id", ["..", "%2e%2e", "..%2f..%2foperations%2fheld", "a%3flist=all_open", "%00"])
def test_an_address_cannot_reach_elsewhere(system: Running, id: str) -> None:
    assert visitor(system, PSYCHOLOGY).get(f"/referrals/{id}").status in (200, 404)
    assert "Referral of" not in visitor(system, PSYCHOLOGY).get(f"/referrals/{id}").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_changes_nothing(system: Running, headers: dict[str, str]) -> None:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    form = browser.page.form("agree")
    answer = browser.client.post(form.action, data=form.values, headers=headers)
    assert answer.status_code == 403
    assert browser.get("/").has_form("agree")


def test_a_form_needs_the_token_of_its_own_session(system: Running) -> None:
    patient, _ = invited(system)
    browser, other = visitor(system, f"patient:{patient}"), visitor(system, REFERRER)
    form = browser.page.form("agree")
    for token in ("", other.page.form("sign-out").values["form_token"][0]):
        answer = browser.client.post(form.action, data={**form.values, "form_token": token})
        assert answer.status_code == 403


def test_signing_out_ends_it(system: Running) -> None:
    browser = visitor(system, REFERRER)
    assert "You have signed out" in browser.submit("sign-out").text
    assert browser.get("/").path == "/sign-in"


def test_nobody_becomes_somebody_who_is_not_listed(system: Running) -> None:
    guest = Visitor(system.addresses["portal"])
    for person in ("service:portal", "patient:nobody", "psychology:dr-okafor", "operator:", ""):
        assert guest.client.post("/sign-in", data={"person": person}).status_code == 404
    assert guest.get("/").path == "/sign-in"


def test_a_session_ends_by_the_clock_and_a_service_has_no_pages(system: Running) -> None:
    address, now = system.addresses["portal"], system.clock.now()
    old = session_of(system, User("dr-okafor", "referrer"), now - timedelta(hours=9)).token
    service = session_of(system, User("portal", "service")).token
    for token in (old, service, "nonsense"):
        answer = httpx.get(f"{address}/", headers={"Cookie": f"carepath={token}"}, trust_env=False)
        assert answer.headers["location"] == "/sign-in?done=session-over"


def test_the_language_form_never_leads_to_another_site(system: Running) -> None:
    guest = Visitor(system.addresses["portal"])
    guest.get("/help")
    for back in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\r\nSet-Cookie: a=b"):
        guest.client.follow_redirects = False
        answer = guest.send(guest.page.form("language"), back=back)
        assert answer.headers["location"] == "/"


def test_headers_keep_pages_to_themselves(system: Running) -> None:
    browser = visitor(system, REFERRER)
    for path in ("/", "/help", "/nowhere", "/static/carepath.css"):
        headers = browser.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert browser.get("/").headers["cache-control"] == "no-store"
    cookie = httpx.post(f"{system.addresses['portal']}/sign-in", data={"person": REFERRER}, trust_env=False).headers[
        "set-cookie"
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_too_much_is_refused_without_being_read(system: Running) -> None:
    browser = visitor(system, REFERRER)
    browser.get("/patients/new")
    assert browser.send("register-patient", name="x" * 100_000).status_code == 413


def test_the_process_says_whether_it_can_work(system: Running) -> None:
    address = system.addresses["portal"]
    assert httpx.get(f"{address}/health/live", trust_env=False).json() == {"status": "live"}
    assert httpx.get(f"{address}/health/ready", trust_env=False).json() == {"status": "ready", "missing": {}}


def _alone(system: Running, **more: bool) -> httpx.AsyncClient:
    """A portal whose services do not answer."""
    nowhere = dict.fromkeys(("referrals", "interventions", "notifications"), "http://127.0.0.1:9")
    settings = PortalSettings(nowhere, system.secret, system.clinic, **more)
    transport = httpx.ASGITransport(app=portal(settings, system.clock))
    return httpx.AsyncClient(transport=transport, base_url="https://portal.example")


def _as(system: Running, user: User) -> dict[str, str]:
    return cookie_of(system, user, secure=True)


async def test_while_a_service_is_down_people_read_what_became_of_their_answers(system: Running) -> None:
    patient = _as(system, User("patient-1", "patient"))
    async with _alone(system) as client:
        page = PageSeen(await client.get("/", headers=patient))
        assert page.status == 503
        assert "Everything that was saved is safe" in page.text
        assert system.clinic.phone in page.text
        assert "/help" in page.links


async def test_a_press_that_may_have_failed_can_be_repeated_with_the_same_key(system: Running) -> None:
    clinician = _as(system, User("psy-tanaka", "psychology"))
    token = form_token(PortalSettings({}, system.secret, system.clinic), clinician["Cookie"].partition("=")[2])
    sent = {"form_token": token, "key": "press-1", "version": "3", "rationale": "It fits."}
    async with _alone(system) as client:
        page = PageSeen(await client.post("/referrals/referral-1/accept", data=sent, headers=clinician))
    assert page.status == 503
    again = page.form("try-again")
    assert again.action == "/referrals/referral-1/accept"
    assert again.values == {name: [value] for name, value in sent.items()}


@pytest.mark.parametrize(("number", "answer", "shown"), [(9, "1", True), (9, "0", False), (3, "3", False)])
async def test_a_worrying_answer_that_cannot_be_saved_still_shows_help(
    system: Running, number: int, answer: str, shown: bool
) -> None:
    patient = _as(system, User("patient-1", "patient"))
    token = form_token(PortalSettings({}, system.secret, system.clinic), patient["Cookie"].partition("=")[2])
    sent = {"form_token": token, "key": "press-2", "version": "3", "answer": answer}
    async with _alone(system) as client:
        page = PageSeen(await client.post(f"/questions/2/{number}", data=sent, headers=patient))
    assert page.status == 503
    assert (system.clinic.help_in("en").text in page.text) == shown


async def test_psychology_is_told_when_alerts_cannot_be_checked(system: Running) -> None:
    async with _alone(system) as client:
        page = PageSeen(await client.get("/", headers=_as(system, User("psy-tanaka", "psychology"))))
    assert page.status == 200
    assert "Alerts cannot be checked right now" in page.text
    assert "All clear" not in page.text


async def test_an_operator_sees_which_service_is_down(system: Running) -> None:
    async with _alone(system) as client:
        page = PageSeen(await client.get("/", headers=_as(system, User("op-byrne", "operator"))))
        ready = await client.get("/health/ready")
    assert page.text.count("Does not answer") == 3
    assert ready.status_code == 503
    assert set(ready.json()["missing"]) == {"referrals", "interventions", "notifications"}


async def test_without_the_development_issuer_nobody_can_choose_who_to_be(system: Running) -> None:
    async with _alone(system) as client:
        page = PageSeen(await client.get("/sign-in"))
        answer = await client.post("/sign-in", data={"person": REFERRER})
        away = await client.post("/sign-in/link", data={"email": "ana@people.example", "key": "press-3"})
    assert (page.status, page.has_form("sign-in"), page.has_form("sign-in-link")) == (200, False, True)
    assert "Staff sign in through the clinic's own sign-in service" in page.text
    assert answer.status_code == 404
    assert away.status_code == 503
    assert answer.headers["strict-transport-security"]


async def test_staff_can_sign_in_while_patients_cannot_be_listed(system: Running) -> None:
    async with _alone(system, development_sign_in=True) as client:
        page = PageSeen(await client.get("/sign-in"))
        answer = await client.post("/sign-in", data={"person": REFERRER})
    assert "Patients cannot be listed right now" in page.text
    assert answer.headers["set-cookie"].startswith("__Host-carepath=")
    assert "Secure" in answer.headers["set-cookie"]
