"""A member of staff at a browser without JavaScript, and a portal whose staff sign in at a real Keycloak."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn

from deploy.embedded import Server
from services.portal.app import portal
from services.portal.settings import PortalSettings, ProviderSettings
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_sign_in import RoleClaim, StaffSignIn, TeamClaim
from tests.parts.keycloak import CLIENT, PASSWORD, SECRET, Keycloak
from tests.parts.wait import until
from tests.portal.running import Running

MEANS = StaffSignIn(
    staff_id="preferred_username",
    roles=RoleClaim(
        claim="realm_access.roles", means={"pain-team": "referrer", "psychology": "psychology", "it": "operator"}
    ),
    teams=TeamClaim(claim="groups", means={"/psychology": "psychology-north", "/pain/north": "pain-north"}),
)


def settings_of(system: Running, keycloak: Keycloak, portal_url: str, **more: str) -> PortalSettings:
    """As an operator would set it: `sign_in` in the clinic's file, the rest in .env."""
    clinic: Clinic = system.clinic.model_copy(update={"portal_url": portal_url, "sign_in": MEANS})
    client = {"client_id": CLIENT, "client_secret": SECRET, **more}
    provider = ProviderSettings(issuer=keycloak.issuer, staff=MEANS, **client)
    services = {name: system.addresses[name] for name in ("referrals", "interventions", "notifications")}
    return PortalSettings(services, system.secret, clinic, secure_cookies=False, provider=provider)


@contextmanager
def open_portal(system: Running, settings: PortalSettings) -> Iterator[str]:
    """Its address, for the time of the block. It runs where the system runs."""
    port = urlsplit(settings.clinic.portal_url).port or 0
    server = Server(
        uvicorn.Config(
            portal(settings, system.clock), host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=2
        )
    )

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(server.serve())

    serving = system.run(begin())
    until(lambda: server.started, "the portal", timeout=30)
    try:
        yield settings.clinic.portal_url
    finally:
        server.should_exit = True

        async def end() -> None:
            await serving

        system.run(end())


class Seat:
    """One browser. It keeps its cookies, as browsers do, and follows where it is led."""

    def __init__(self, portal_url: str) -> None:
        self.portal = portal_url
        self.client = httpx.Client(follow_redirects=False, timeout=30, trust_env=False)
        self.client.event_hooks["response"] = [self._as_browsers_do]

    def _as_browsers_do(self, _: httpx.Response) -> None:
        """They send what is `Secure` to this machine without HTTPS too."""
        for cookie in self.client.cookies.jar:
            cookie.secure = False

    def get(self, path: str) -> httpx.Response:
        """A page of the portal, wherever it leads within the portal."""
        answer = self.client.get(f"{self.portal}{path}")
        while answer.is_redirect and answer.headers["location"].startswith("/"):
            answer = self.client.get(f"{self.portal}{answer.headers['location']}")
        return answer

    def to_the_provider(self, back: str = "") -> httpx.Response:
        """The answer that leads there."""
        return self.client.get(f"{self.portal}/sign-in/staff", params={"back": back} if back else {})

    def answer_for(self, name: str, start: httpx.Response, password: str = PASSWORD) -> str:
        """The address to which the provider leads back, once somebody has written their name and password there."""
        page = self.client.get(start.headers["location"])
        if page.is_redirect:
            return page.headers["location"]
        form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert form is not None, page.text[:2000]
        done = self.client.post(unescape(form[1]), data={"username": name, "password": password})
        return done.headers.get("location", "")

    def sign_in(self, name: str, back: str = "") -> httpx.Response:
        """All the way; the page on which it ends."""
        return self.arrive(self.answer_for(name, self.to_the_provider(back)))

    def arrive(self, address: str) -> httpx.Response:
        """Back at the portal, with what the provider says."""
        answer = self.client.get(address)
        while answer.is_redirect and answer.headers["location"].startswith("/"):
            answer = self.client.get(f"{self.portal}{answer.headers['location']}")
        return answer

    def post(self, form: str, page: httpx.Response) -> httpx.Response:
        """Press the button of a form without fields."""
        token = re.search(r'name="form_token" value="([^"]*)"', page.text)
        assert token is not None
        data = {"form_token": token[1], "key": "a-key"}
        return self.client.post(f"{self.portal}{form}", data=data, headers={"Sec-Fetch-Site": "same-origin"})

    @property
    def is_in(self) -> bool:
        """Whether a page of theirs is shown."""
        return 'data-form="sign-out"' in self.get("/inbox").text


def query_of(address: str) -> dict[str, str]:
    """What stands in an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
