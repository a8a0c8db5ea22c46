"""A token that is forged, over, meant for somebody else, unsigned or of an unknown key: refused by all four, each in
its own way. Services answer 401 as a problem; the portal leads to the door.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from services.portal.settings import SERVICES
from shared.runtime import signed_links
from shared.runtime.auth import User, issue
from shared.runtime.sign_in import SignIn, issue_link
from tests.portal.cookies import session_of
from tests.portal.running import Running, running

PATHS = {
    "referrals": "/referrals/referral-1",
    "interventions": "/episodes/episode-1",
    "notifications": "/agendas/psy-tanaka/inbox",
}
WHO = User("psy-tanaka", "psychology")
OTHER_SECRET = "another secret that is long enough to sign with"
KINDS = (
    "forged",
    "expired",
    "other audience",
    "alg none",
    "unknown key",
    "another algorithm",
    "key of its own",
    "changed",
    "no end",
)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("tokens")) as started:
        yield started


def _signed(claims: dict[str, Any], secret: str, **header: Any) -> str:
    return jwt.encode({"alg": "HS256", **header}, claims, OctKey.import_key(secret))


def _part(what: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(what).encode()).decode().rstrip("=")


def bad(secret: str, claims: dict[str, Any], now: int) -> dict[str, str]:
    """Each wrong in one way only; `claims` and `secret` would make a good one."""
    rsa, elliptic = RSAKey.generate_key(2048, auto_kid=True), ECKey.generate_key("P-256")
    good = _signed(claims, secret)
    head, _, signature = good.split(".")
    own_key = {"alg": "ES256", "jwk": elliptic.as_dict(private=False)}
    return {
        "forged": _signed(claims, OTHER_SECRET),
        "expired": _signed({**claims, "exp": now - 120}, secret),
        "other audience": _signed({**claims, "aud": "another-system"}, secret),
        "alg none": f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.",
        "unknown key": jwt.encode({"alg": "RS256", "kid": "nobodys"}, claims, rsa),
        "another algorithm": jwt.encode({"alg": "HS512"}, claims, OctKey.import_key(secret), algorithms=["HS512"]),
        "key of its own": jwt.encode(own_key, claims, elliptic),
        "changed": f"{head}.{_part({**claims, 'role': 'operator'})}.{signature}",
        "no end": _signed({name: value for name, value in claims.items() if name != "exp"}, secret),
    }


def _claims(now: int) -> dict[str, Any]:
    return {"sub": WHO.id, "role": WHO.role, "aud": "carepath", "iat": now, "exp": now + 300}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_401_in_one_way_to_every_bad_token(system: Running, service: str, kind: str) -> None:
    now = int(system.clock.now().timestamp())
    answer = _ask(system, service, bad(system.secret, _claims(now), now)[kind])
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "not-signed-in"


@pytest.mark.parametrize("service", SERVICES)
def test_a_good_token_is_believed_so_the_others_fail_for_what_is_wrong_with_them(system: Running, service: str) -> None:
    now = int(system.clock.now().timestamp())
    assert _ask(system, service, _signed(_claims(now), system.secret)).status_code in (200, 404)


@pytest.mark.parametrize("service", SERVICES)
def test_neither_the_portals_cookie_nor_a_link_of_ours_is_a_token_of_a_service(system: Running, service: str) -> None:
    until = system.clock.now() + timedelta(minutes=5)
    link = issue_link(system.secret, SignIn("patient-1", "patient", "en", "message-1"), until)
    for token in (session_of(system, WHO).token, link):
        assert _ask(system, service, token).status_code == 401


def _session_claims(now: int) -> dict[str, Any]:
    more = {"session": "session-1", "begun": now * 1000, "door": "development", "teams": []}
    return {**_claims(now), **more, "aud": "carepath-session"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_portal_leads_every_bad_cookie_to_the_door(system: Running, kind: str) -> None:
    now = int(system.clock.now().timestamp())
    answer = _open(system, bad(system.secret, _session_claims(now), now)[kind])
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=session-over")
    assert "Max-Age=0" in answer.headers["set-cookie"], "and the browser forgets it"


def test_a_good_cookie_is_believed_and_a_token_of_a_service_is_none(system: Running) -> None:
    now = system.clock.now()
    good = _signed(_session_claims(int(now.timestamp())), system.secret)
    assert _open(system, good).status_code == 200
    as_service = {"role": "service", "session": "session-2", "begun": 1, "door": "development"}
    for token in (
        issue(system.secret, WHO, now, timedelta(hours=1)),
        signed_links.issue(system.secret, "session", "portal", now + timedelta(hours=1), as_service),
    ):
        assert _open(system, token).status_code == 303


def test_teams_go_along_with_the_token_and_others_than_names_are_refused(system: Running) -> None:
    now = int(system.clock.now().timestamp())
    good = {**_claims(now), "teams": ["north"]}
    assert _ask(system, "notifications", _signed(good, system.secret)).status_code == 200
    for teams in ("north", [7], {"north": 1}, None):
        token = _signed({**good, "teams": teams}, system.secret)
        assert _ask(system, "notifications", token).status_code == 401, teams


def _ask(system: Running, service: str, token: str) -> httpx.Response:
    address = f"{system.addresses[service]}{PATHS[service]}"
    return httpx.get(address, headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def _open(system: Running, token: str) -> httpx.Response:
    address = f"{system.addresses['portal']}/inbox"
    return httpx.get(address, headers={"Cookie": f"carepath={token}"}, trust_env=False)
