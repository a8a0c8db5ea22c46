"""What the provider says is believed only if it is signed by its own key, by an algorithm that we allow, for us."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from services.portal.provider import Provider, ProviderAway, ProviderRefused
from services.portal.provider_keys import LOOKED_EVERY
from services.portal.settings import ProviderSettings
from services.portal.staff_door import staff_of
from shared.contracts.clinic_sign_in import RoleClaim, StaffSignIn, TeamClaim
from shared.runtime.auth import User
from shared.runtime.settings import load_clinic
from tests.parts.server import ROOT

ISSUER, CLIENT = "https://login.harbour.example/realms/clinic", "carepath"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MEANS = StaffSignIn(
    roles=RoleClaim(claim="realm_access.roles", means={"psych": "psychology", "it": "operator"}),
    teams=TeamClaim(claim="groups", means={"/psych/north": "north"}),
)
CLINIC = load_clinic(ROOT / "deploy" / "clinic.yaml")


@dataclass
class Clock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Said:
    """A provider of a few lines, over the wire format of a real one. `asked` counts how often its keys were fetched."""

    clock: Clock = field(default_factory=Clock)
    keys: dict[str, RSAKey] = field(default_factory=dict)
    asked: int = 0
    more: dict[str, Any] = field(default_factory=dict)
    answer: Callable[[httpx.Request], httpx.Response | None] = lambda _: None

    def provider(self) -> Provider:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer), follow_redirects=False)
        return Provider(ProviderSettings(ISSUER, CLIENT, "a-secret", MEANS), self.clock, client)

    def key(self, id: str) -> RSAKey:
        return self.keys.setdefault(id, RSAKey.generate_key(2048, parameters={"kid": id, "use": "sig"}))

    def token(self, kid: str = "one", header: dict[str, Any] | None = None, **claims: Any) -> str:
        now = int(self.clock.now().timestamp())
        whole = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, **claims}
        whole = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": kid, **(header or {})}, whole, self.key(kid))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if own := self.answer(request):
            return own
        if request.url.path.endswith("/.well-known/openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            found = {"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in names}, **self.more}
            return httpx.Response(200, json=found)
        if request.url.path.endswith("/jwks_uri"):
            self.asked += 1
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys.values()]})
        return httpx.Response(404)


@pytest.fixture
def said() -> Said:
    made = Said()
    made.key("one")
    return made


async def test_a_good_token_is_read(said: Said) -> None:
    assert (await said.provider().read(said.token()))["sub"] == "7"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://login.harbour.example/realms/clinic.evil.example"},
        {"iss": f"{ISSUER}/"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"nbf": int(NOW.timestamp()) + 600},
    ],
)
async def test_claims_that_are_not_for_us_or_not_of_now_are_refused(said: Said, claims: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefused):
        await said.provider().read(said.token(**claims))


async def test_several_audiences_are_fine_where_the_token_was_made_for_us(said: Said) -> None:
    assert await said.provider().read(said.token(aud=[CLIENT, "other"], azp=CLIENT))


async def test_only_signatures_of_its_own_keys_by_allowed_algorithms_count(said: Said) -> None:
    good = said.token()
    _, body, signature = good.split(".")
    public = json.dumps(said.key("one").as_dict(private=False)).encode()
    claims = jwt.decode(good, said.key("one"), algorithms=["RS256"]).claims
    other = RSAKey.generate_key(2048, parameters={"kid": "one"})
    bad = [
        f"{_part({'alg': 'none', 'kid': 'one'})}.{body}.",
        f"{_part({'alg': 'none', 'kid': 'one'})}.{body}.{signature}",
        jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public)),
        jwt.encode({"alg": "RS256", "kid": "one"}, claims, other),
        jwt.encode({"alg": "RS512", "kid": "one"}, claims, said.key("one"), algorithms=["RS512"]),
        jwt.encode({"alg": "RS256"}, claims, said.key("one")),
        good[:-6] + "AAAAAA",
        "nonsense",
        "",
    ]
    for token in bad:
        with pytest.raises(ProviderRefused):
            await said.provider().read(token)


async def test_a_key_for_encryption_signs_nothing(said: Said) -> None:
    token = said.token()
    said.keys["one"] = RSAKey.import_key({**said.key("one").as_dict(private=False), "use": "enc"})
    with pytest.raises(ProviderRefused):
        await said.provider().read(token)


async def test_an_unknown_key_is_looked_for_once_and_not_each_time(said: Said) -> None:
    provider = said.provider()
    await provider.read(said.token())
    assert said.asked == 1
    said.clock.moment += LOOKED_EVERY
    await provider.read(said.token("two"))
    assert said.asked == 2
    token = said.token("three")
    del said.keys["three"]
    for _ in range(20):
        with pytest.raises(ProviderRefused):
            await provider.read(token)
    assert said.asked == 2, "made-up keys make nobody ask"
    said.clock.moment += LOOKED_EVERY
    with pytest.raises(ProviderRefused):
        await provider.read(token)
    assert said.asked == 3


async def test_a_key_that_was_taken_away_counts_no_more_after_ten_minutes(said: Said) -> None:
    provider = said.provider()
    token = said.token(exp=int(NOW.timestamp()) + 3600)
    await provider.read(token)
    said.keys.clear()
    said.key("new")
    said.clock.moment += timedelta(minutes=10)
    with pytest.raises(ProviderRefused):
        await provider.read(token)


async def test_attack_14_a_look_alike_issuer_or_a_redirect_is_no_answer(said: Said) -> None:
    for other in (f"{ISSUER}.evil.example", ISSUER.replace("https", "http"), f"{ISSUER}/", None):
        said.more = {"issuer": other}
        with pytest.raises(ProviderAway):
            await said.provider().address_to_sign_in("https://care.example/back", "s", "n", "v")
    said.more = {}
    elsewhere = httpx.Response(302, headers={"location": "https://evil.example/.well-known/openid-configuration"})
    asked: list[str] = []

    def leads_on(request: httpx.Request) -> httpx.Response | None:
        asked.append(request.url.host)
        return elsewhere

    said.answer = leads_on
    with pytest.raises(ProviderAway):
        await said.provider().address_to_sign_in("https://care.example/back", "s", "n", "v")
    assert set(asked) == {"login.harbour.example"}


async def test_an_endpoint_without_https_is_not_used(said: Said) -> None:
    for name in ("token_endpoint", "jwks_uri", "authorization_endpoint", "end_session_endpoint", "userinfo_endpoint"):
        said.more = {name: "http://login.harbour.example/x"}
        with pytest.raises(ProviderAway):
            await said.provider().address_to_sign_in("https://care.example/back", "s", "n", "v")


async def test_a_renewal_about_somebody_else_is_refused(said: Said) -> None:
    token = said.token(sub="8", realm_access={"roles": []})
    said.answer = lambda request: (
        httpx.Response(200, json={"id_token": token, "refresh_token": "r2"})
        if request.url.path.endswith("/token_endpoint")
        else None
    )
    with pytest.raises(ProviderRefused):
        await said.provider().renew("r1", "7")
    told = await said.provider().renew("r1", "8")
    assert told.refresh == "r2"


# --- who that is


def _staff(**claims: Any) -> User | None:
    return staff_of(CLINIC, MEANS, {"preferred_username": "psy-tanaka", **claims})


def test_a_member_of_staff_is_let_in_in_the_role_that_both_say() -> None:
    told = {"realm_access": {"roles": ["offline", "psych"]}, "groups": ["/psych/north", "/other"]}
    assert _staff(**told) == User("psy-tanaka", "psychology", ("north",))
    assert _staff(realm_access={"roles": "psych"}) == User("psy-tanaka", "psychology")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"realm_access": {"roles": []}},
        {"realm_access": {"roles": ["it"]}},
        {"realm_access": {"roles": ["psychology"]}},
        {"realm_access": "psych"},
        {"realm_access": {"roles": [["psych"], {"psych": 1}, 7, None]}},
        {"roles": ["psych"]},
        {"realm_access": {"roles": ["psych"]}, "preferred_username": "nobody"},
        {"realm_access": {"roles": ["psych"]}, "preferred_username": ["psy-tanaka"]},
        {"realm_access": {"roles": ["psych"]}, "preferred_username": None},
    ],
)
def test_whoever_is_not_on_both_lists_is_nobody(claims: dict[str, Any]) -> None:
    assert _staff(**claims) is None


def test_a_claim_whose_name_holds_dots_is_found_by_its_name() -> None:
    means = MEANS.model_copy(update={"roles": RoleClaim(claim="https://a.example/roles", means={"p": "psychology"})})
    claims = {"preferred_username": "psy-tanaka", "https://a.example/roles": ["p"]}
    assert staff_of(CLINIC, means, claims) == User("psy-tanaka", "psychology")


def _part(what: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(what).encode()).decode().rstrip("=")
