"""The clinic's own sign-in service, as OpenID Connect 1.0 has it: discovery, the code flow with PKCE, renewal.

Nothing that it says is believed unless it is signed by a key of its own, for us, in answer to what we asked.
"""

import base64
import hashlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError

from services.portal.provider_keys import Keys, UnknownKey
from services.portal.settings import ProviderSettings
from shared.runtime.clock import Clock

log = structlog.get_logger()

_SECONDS = 5.0
_LEEWAY_SECONDS = 60
_LARGEST = 512 * 1024
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OTHER_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")
_DISCOVERED_SECONDS = 600


class ProviderAway(Exception):
    """It does not answer, or what it answers is none. What to do stands in docs/operating.md."""


class ProviderRefused(Exception):
    """It says no, or what it says is not to be believed."""


@dataclass(frozen=True)
class Told:
    """What it says of somebody. `refresh` is what renews it."""

    claims: Mapping[str, Any]
    id_token: str
    refresh: str


class Provider:
    """One issuer. It is looked up when it is first needed, and again now and then."""

    def __init__(self, settings: ProviderSettings, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        self._settings = settings
        self._clock = clock
        # With the machine's own list of whom to trust: a hospital's services are often signed by itself.
        self._client = client or httpx.AsyncClient(
            timeout=_SECONDS, follow_redirects=False, trust_env=False, verify=ssl.create_default_context()
        )
        self._found: Mapping[str, Any] = {}
        self._found_at = 0.0
        self.keys = Keys(self._fetch_keys, clock)
        self.trouble = ""
        """Why it did not answer when it was last asked."""

    async def close(self) -> None:
        """Let go of its connections."""
        await self._client.aclose()

    async def address_to_sign_in(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in. Raises `ProviderAway`."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _with(str((await self._discovered())["authorization_endpoint"]), query)

    async def address_to_sign_out(self, id_token: str, back: str) -> str | None:
        """Where a browser goes to sign out there too; nothing where there is no such place. Raises `ProviderAway`."""
        place = (await self._discovered()).get("end_session_endpoint")
        query = {"id_token_hint": id_token, "client_id": self._settings.client_id, "post_logout_redirect_uri": back}
        return _with(str(place), query) if place else None

    async def exchange(self, code: str, back: str, nonce: str, verifier: str) -> Told:
        """Who came back with this code. Raises `ProviderAway` and `ProviderRefused`."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = await self._tokens(asked)
        claims = await self.read(str(answer.get("id_token", "")))
        if claims.get("nonce") != nonce:
            raise ProviderRefused("the answer is to another question (nonce)")
        refresh = answer.get("refresh_token")
        if not isinstance(refresh, str):
            raise ProviderRefused("the provider gives no refresh token: allow them for this client")
        return await self._whole(claims, answer, refresh)

    async def renew(self, refresh: str, subject: str) -> Told:
        """What it says now of whom it let in. Raises `ProviderAway` and `ProviderRefused`, also of who is not let in
        any more.
        """
        answer = await self._tokens({"grant_type": "refresh_token", "refresh_token": refresh})
        id_token = str(answer.get("id_token", ""))
        try:
            claims = await self.read(id_token) if id_token else {"sub": subject}
        except ProviderRefused as fault:
            if isinstance(fault.__cause__, UnknownKey):
                # It signs with a new key that we may not look for yet: nothing is said against anybody.
                raise ProviderAway(str(fault)) from fault
            raise
        if claims["sub"] != subject:
            raise ProviderRefused("the answer is about somebody else (sub)")
        newer = answer.get("refresh_token")
        return await self._whole(claims, answer, newer if isinstance(newer, str) else refresh)

    async def read(self, id_token: str) -> Mapping[str, Any]:
        """What an id token says, if it is the provider's, for us, and of now. Raises as `exchange` does."""
        try:
            key, algorithm = await self.keys.of(id_token)
            claims = jwt.decode(id_token, key, algorithms=[algorithm]).claims
            registry = jwt.JWTClaimsRegistry(
                now=int(self._clock.now().timestamp()),
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            )
            registry.validate(claims)
        except (JoseError, ValueError) as fault:
            raise ProviderRefused(f"its id token is not to be believed ({type(fault).__name__}: {fault})") from fault
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self._settings.client_id:
            raise ProviderRefused("its id token was made for another client (azp)")
        return claims

    async def _whole(self, claims: Mapping[str, Any], answer: Mapping[str, Any], refresh: str) -> Told:
        """With what only the place for it tells (`userinfo`), where the id token lacks the roles."""
        place = (await self._discovered()).get("userinfo_endpoint")
        if place and value_at(claims, self._settings.staff.roles.claim) is None:
            bearer = {"Authorization": f"Bearer {answer.get('access_token', '')}"}
            more = await self._json("GET", str(place), headers=bearer)
            if more.get("sub") != claims["sub"]:
                raise ProviderRefused("what it tells more is about somebody else (sub)")
            claims = {**more, **claims}
        return Told(claims, str(answer.get("id_token", "")), refresh)

    async def _tokens(self, asked: Mapping[str, str]) -> Mapping[str, Any]:
        found = await self._discovered()
        id, secret = self._settings.client_id, self._settings.client_secret
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if "client_secret_basic" in methods:
            auth = httpx.BasicAuth(quote(id, safe=""), quote(secret, safe=""))
            return await self._json("POST", str(found["token_endpoint"]), data=dict(asked), auth=auth)
        body = {**asked, "client_id": id, "client_secret": secret}
        return await self._json("POST", str(found["token_endpoint"]), data=body)

    async def _discovered(self) -> Mapping[str, Any]:
        now = self._clock.now().timestamp()
        if self._found and abs(now - self._found_at) < _DISCOVERED_SECONDS:
            return self._found
        base = (self._settings.inside or self._settings.issuer).rstrip("/")
        try:
            found = await self._json("GET", f"{base}/.well-known/openid-configuration")
            self._check(found)
        except (ProviderAway, ProviderRefused) as fault:
            self.trouble = str(fault)
            log.warning("portal.provider_away", issuer=self._settings.issuer, why=str(fault))
            raise ProviderAway(str(fault)) from fault
        self._found, self._found_at = found, now
        return found

    def _check(self, found: Mapping[str, Any]) -> None:
        if found.get("issuer") != self._settings.issuer:
            raise ProviderAway(f"it calls itself {found.get('issuer')!r}; CAREPATH_SSO_ISSUER must be the same")
        for name in (*_ENDPOINTS, *_OTHER_ENDPOINTS):
            address = found.get(name)
            if address is None and name in _OTHER_ENDPOINTS:
                continue
            # Inside one machine its issuer, or the way to it, may be without HTTPS.
            plain = self._settings.inside.startswith("http://") or self._settings.issuer.startswith("http://")
            allowed = ("https", "http") if plain else ("https",)
            if not isinstance(address, str) or urlsplit(address).scheme not in allowed:
                raise ProviderAway(f"its {name} is {address!r}, which is no address to trust")

    async def _fetch_keys(self) -> list[Mapping[str, Any]]:
        found = await self._json("GET", str((await self._discovered())["jwks_uri"]))
        keys = found.get("keys")
        return [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []

    async def _json(self, method: str, address: str, **more: Any) -> Mapping[str, Any]:
        """Its answer. Nobody is sent on from there: a redirect is no answer."""
        try:
            found = await self._answer(method, address, **more)
        except ProviderAway as away:
            self.trouble = str(away)
            raise
        self.trouble = ""
        return found

    async def _answer(self, method: str, address: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = await self._client.request(method, address, **more)
            found = answer.json() if len(answer.content) <= _LARGEST else None
        except (httpx.HTTPError, ValueError) as fault:
            raise ProviderAway(f"{address} does not answer ({type(fault).__name__})") from fault
        if answer.status_code in (400, 401, 403):
            code = found.get("error", "") if isinstance(found, dict) else ""
            if code in ("invalid_client", "unauthorized_client"):
                # Ours is the fault, and nobody's who signs in.
                log.error("portal.provider_refuses_us", issuer=self._settings.issuer, code=code)
            raise ProviderRefused(f"it refused ({answer.status_code} {code})")
        if answer.status_code != 200 or not isinstance(found, dict):
            raise ProviderAway(f"{address} answered {answer.status_code}")
        return found


def value_at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name, or the one to which its parts lead; nothing where there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
