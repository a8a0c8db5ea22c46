"""Staff sign in at the clinic's own sign-in service: a real Keycloak, driven by its own forms, and every answer to us
that is not to be believed.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from services.portal.sealed import seal, unseal
from services.portal.staff_door import ASKED_EVERY, HOLDS_ON
from shared.runtime.auth import User
from tests.parts.keycloak import Keycloak
from tests.parts.missing import need
from tests.parts.server import free_port
from tests.portal.cookies import session_of
from tests.portal.running import Running, running
from tests.portal.staff_seat import Seat, open_portal, query_of, settings_of

pytestmark = pytest.mark.keycloak

MINUTE = timedelta(seconds=60)
PORTAL_URL = f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def keycloak() -> Iterator[Keycloak]:
    made = need(lambda: Keycloak(PORTAL_URL))
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, keycloak: Keycloak) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("staff")) as started:
        yield started


@pytest.fixture(scope="module")
def door(system: Running, keycloak: Keycloak) -> Iterator[str]:
    with open_portal(system, settings_of(system, keycloak, PORTAL_URL)) as address:
        yield address


@pytest.fixture
def seat(door: str) -> Seat:
    return Seat(door)


@pytest.fixture(autouse=True)
def clock_comes_back(system: Running) -> Iterator[None]:
    """What the provider signs is of this hour, so a test may move ours by minutes only."""
    before = system.clock.offset
    yield
    system.clock.offset = before


def a_minute_later(system: Running) -> None:
    assert ASKED_EVERY < MINUTE
    system.clock.offset += MINUTE


def test_the_door_leads_there_and_back_to_the_page_that_was_wanted(seat: Seat) -> None:
    assert "Staff of the clinic sign in here" in seat.get("/sign-in").text
    page = seat.sign_in("psy-tanaka", back="/places")
    assert (page.status_code, page.url.path) == (200, "/places")
    assert "Yuki Tanaka" in page.text
    assert "Firefox" not in seat.get("/devices").text


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(seat: Seat, keycloak: Keycloak) -> None:
    first, second = (seat.to_the_provider() for _ in range(2))
    asked, again = query_of(first.headers["location"]), query_of(second.headers["location"])
    assert first.headers["location"].startswith(f"{keycloak.issuer}/protocol/openid-connect/auth?")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["redirect_uri"] == f"{PORTAL_URL}/sign-in/staff/back"
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))
    cookie = second.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert asked["state"] not in cookie, "sealed, not only signed"


def test_each_role_and_team_is_as_the_clinic_maps_it(door: str, system: Running) -> None:
    for name, page in (("dr-okafor", "/patients"), ("psy-tanaka", "/places"), ("op-byrne", "/on-call")):
        seat = Seat(door)
        seat.sign_in(name)
        assert seat.get(page).status_code == 200, name
    assert Seat(door).sign_in("op-byrne", back="/places").status_code == 404


def test_whom_the_clinics_file_does_not_name_is_told_so_and_stays_outside(seat: Seat) -> None:
    page = seat.sign_in("stranger")
    assert (page.status_code, "You are not on the list of this clinic" in page.text) == (403, True)
    assert not seat.is_in


def test_a_disabled_user_is_out_within_a_minute(seat: Seat, keycloak: Keycloak, system: Running) -> None:
    seat.sign_in("psy-tanaka")
    assert seat.is_in
    keycloak.enable("psy-tanaka", False)
    try:
        a_minute_later(system)
        assert not seat.is_in
    finally:
        keycloak.enable("psy-tanaka", True)
    assert not seat.is_in, "a session that ended stays ended"
    assert seat.sign_in("psy-tanaka").status_code == 200


def test_a_removed_role_bites_within_a_minute(seat: Seat, keycloak: Keycloak, system: Running) -> None:
    seat.sign_in("psy-tanaka")
    keycloak.role("psy-tanaka", "psychology", False)
    try:
        a_minute_later(system)
        assert not seat.is_in
        assert seat.sign_in("psy-tanaka").status_code == 403
    finally:
        keycloak.role("psy-tanaka", "psychology", True)


def test_who_works_on_is_renewed_and_stays(seat: Seat, system: Running) -> None:
    seat.sign_in("psy-tanaka")
    for _ in range(3):
        a_minute_later(system)
        assert seat.is_in


def test_another_process_of_the_portal_goes_on_with_the_cookies_alone(
    seat: Seat, keycloak: Keycloak, system: Running
) -> None:
    seat.sign_in("psy-tanaka")
    a_minute_later(system)
    other = f"http://127.0.0.1:{free_port()}"
    with open_portal(system, settings_of(system, keycloak, other)) as address:
        moved = Seat(address)
        moved.client.cookies = seat.client.cookies
        assert moved.is_in
        keycloak.enable("psy-tanaka", False)
        try:
            a_minute_later(system)
            assert not moved.is_in
        finally:
            keycloak.enable("psy-tanaka", True)


def test_keys_are_rotated_while_people_work(seat: Seat, keycloak: Keycloak, system: Running) -> None:
    seat.sign_in("dr-okafor")
    system.clock.offset += timedelta(seconds=20)
    keycloak.rotate_key()
    assert Seat(seat.portal).sign_in("psy-tanaka").status_code == 200, "signed with the new key"
    a_minute_later(system)
    assert seat.is_in


def test_signing_out_signs_out_of_the_provider_too(seat: Seat, keycloak: Keycloak) -> None:
    seat.sign_in("op-byrne")
    before = keycloak.sessions("op-byrne")
    page = seat.post("/sign-out", seat.get("/inbox"))
    assert page.status_code == 200
    away = page.headers["refresh"].partition("url=")[2]
    assert away.startswith(f"{keycloak.issuer}/protocol/openid-connect/logout?")
    back = seat.client.get(away)
    assert back.headers["location"].startswith(f"{PORTAL_URL}/sign-in")
    assert keycloak.sessions("op-byrne") == before - 1
    assert not seat.is_in
    assert 'type="password"' in seat.client.get(seat.to_the_provider().headers["location"]).text, "asked anew"


def test_attack_an_answer_that_is_sent_again_lets_nobody_in(seat: Seat) -> None:
    address = seat.answer_for("psy-tanaka", seat.to_the_provider())
    assert seat.arrive(address).status_code == 200
    other = Seat(seat.portal)
    assert other.client.get(address).status_code == 400, "in another browser"
    seat.post("/sign-out", seat.get("/inbox"))
    assert seat.client.get(address).status_code == 400, "in the same browser"
    assert not seat.is_in


def test_attack_the_answer_to_somebody_elses_question_is_refused(seat: Seat) -> None:
    """Login CSRF: an attacker's answer is brought into the browser of somebody who has begun too."""
    attacker = Seat(seat.portal)
    stolen = attacker.answer_for("op-byrne", attacker.to_the_provider())
    seat.to_the_provider()
    assert seat.client.get(stolen).status_code == 400
    assert not seat.is_in


def test_attack_a_code_without_its_verifier_or_with_another_nonce_is_refused(seat: Seat, system: Running) -> None:
    for wrong in ("verifier", "nonce"):
        attempt = Seat(seat.portal)
        start = attempt.to_the_provider()
        address = attempt.answer_for("psy-tanaka", start)
        way = _own_way(system, start, attempt)
        forged = {**way, wrong: "another-one-that-is-long-enough-for-the-provider-to-read"}
        until = system.clock.now() + timedelta(minutes=5)
        sealed = seal(system.secret, "way-to-sign-in", forged, until)
        attempt.client.cookies.set("carepath-way-to-sign-in", sealed, domain="127.0.0.1")
        answer = attempt.client.get(address)
        assert (answer.status_code, "This sign-in did not work" in answer.text) == (400, True), wrong
        assert not attempt.is_in


def _own_way(system: Running, start: httpx.Response, seat: Seat) -> dict[str, str]:
    value = seat.client.cookies["carepath-way-to-sign-in"]
    found = unseal(system.secret, "way-to-sign-in", value, system.clock.now())
    assert found is not None
    assert query_of(start.headers["location"])["state"] == found["state"]
    return {name: str(found[name]) for name in ("state", "nonce", "verifier", "back")}


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "@evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/a\r\nSet-Cookie: b=c",
        "",
    ],
)
def test_attack_12_nobody_is_led_elsewhere_after_signing_in(seat: Seat, back: str) -> None:
    address = seat.answer_for("psy-tanaka", seat.to_the_provider(back))
    answer = seat.client.get(address)
    assert answer.headers["location"] == "/"
    assert set(answer.headers.get_list("set-cookie")[0].split("=")[:1]) <= {"carepath", "carepath-renewal"}


def test_attack_12_the_provider_leads_back_to_the_one_address_of_ours_alone(seat: Seat) -> None:
    address = seat.to_the_provider().headers["location"]
    for evil in (f"{PORTAL_URL}@evil.example/", f"{PORTAL_URL}/elsewhere", "https://evil.example/sign-in/staff/back"):
        query = {**query_of(address), "redirect_uri": evil}
        answer = httpx.get(f"{address.partition('?')[0]}?{urlencode(query)}", trust_env=False)
        assert (answer.status_code, "location" in answer.headers) == (400, False), evil


def test_attack_9_a_forged_host_changes_nothing_of_where_we_are(seat: Seat) -> None:
    answer = seat.client.get(f"{seat.portal}/sign-in/staff", headers={"Host": "evil.example"})
    assert query_of(answer.headers["location"])["redirect_uri"] == f"{PORTAL_URL}/sign-in/staff/back"


def test_a_wrong_client_is_refused_and_operators_read_why(system: Running, keycloak: Keycloak, door: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with open_portal(system, settings_of(system, keycloak, url, client_secret="not-the-secret")) as address:
        seat = Seat(address)
        # The provider knows the first portal's address only; a stolen code is brought to the one with a wrong secret.
        first = Seat(door)
        start = first.to_the_provider()
        code = query_of(first.answer_for("psy-tanaka", start))
        seat.client.cookies = first.client.cookies
        answer = seat.client.get(f"{address}/sign-in/staff/back", params=code)
        assert answer.status_code == 400
        assert not seat.is_in


def test_while_the_provider_is_away_staff_work_on_for_a_while_and_nobody_comes_in(
    door: str, keycloak: Keycloak, system: Running
) -> None:
    seat, late = Seat(door), Seat(door)
    seat.sign_in("psy-tanaka")
    keycloak.server.kill()
    try:
        a_minute_later(system)
        assert seat.is_in, "people in danger may need them"
        system.clock.offset += timedelta(minutes=11)
        page = late.get("/sign-in/staff")
        assert (page.status_code, "The clinic's sign-in does not answer" in page.text) == (503, True)
        system.clock.offset += HOLDS_ON
        assert not seat.is_in
    finally:
        keycloak.start()
    until_ready = time.monotonic() + 60
    while late.get("/sign-in/staff").status_code == 503:
        assert time.monotonic() < until_ready


def test_a_session_of_this_door_needs_what_renews_it(seat: Seat, system: Running) -> None:
    """A cookie of the portal alone, without the sealed one beside it, is not enough for staff."""
    alone = session_of(system, User("psy-tanaka", "psychology"), door="provider").token
    seat.client.cookies.set("carepath", alone, domain="127.0.0.1")
    assert not seat.is_in
