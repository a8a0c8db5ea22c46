"""What a patient has opened to somebody whom they trust, asked at the moment at which it matters.

Events tell other services of it too, but an event may be on its way still. Whoever shows or sends something to such a
person asks here first, and shows and sends nothing where there is no answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict

from shared.runtime.errors import Unavailable

_OWNER = "referrals"


@dataclass(frozen=True)
class Opened:
    """What is open now. `named` says whether the patient names them and they take part; `email` is their own wish.

    `invited`: they were asked whether they would take part, and may still answer.
    """

    named: bool = False
    scopes: frozenset[str] = frozenset()
    email: bool = False
    invited: bool = False


class Asks(Protocol):
    """Whoever knows what is open."""

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        """What `patient_id` has opened to `caregiver_id` at this moment. Raises `Unavailable`."""


class Permissions:
    """Asks the service that owns patients' records. `token` gives a fresh credential of this service."""

    def __init__(self, addresses: Mapping[str, str], client: httpx.AsyncClient, token: Callable[[], str]) -> None:
        self._addresses = addresses
        self._client = client
        self._token = token
        self._is_away = False

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        """What `patient_id` has opened to `caregiver_id` at this moment. Raises `Unavailable`."""
        try:
            opened = await self._ask(quote(patient_id, safe=""), quote(caregiver_id, safe=""))
        except Unavailable:
            self._is_away = True
            raise
        self._is_away = False
        return opened

    async def check(self) -> None:
        """For readiness: once nobody answered, ask about nobody, until there is an answer. Raises `Unavailable`."""
        if self._is_away:
            await self.opened("nobody", "nobody")

    async def _ask(self, patient_id: str, caregiver_id: str) -> Opened:
        address = self._addresses.get(_OWNER)
        if address is None:
            raise Unavailable(f"no address is set for the service {_OWNER}; add it to CAREPATH_SERVICES")
        try:
            answer = await self._client.get(
                f"{address}/patients/{patient_id}/caregivers/{caregiver_id}/scopes",
                headers={"Authorization": f"Bearer {self._token()}"},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise Unavailable(
                f"{_OWNER} does not answer at {address} ({type(fault).__name__}), so nothing is shown or sent to "
                f"caregivers; start it, or mend its address in CAREPATH_SERVICES"
            ) from fault
        return _understood(address, answer)


class _Said(BaseModel):
    """The answer, as it must be."""

    model_config = ConfigDict(strict=True)

    named: bool
    scopes: frozenset[str]
    email: bool
    invited: bool


def _understood(address: str, answer: httpx.Response) -> Opened:
    """Only its own service may say that something is closed: what answers in its place is as good as no answer."""
    if answer.status_code == httpx.codes.NOT_FOUND and _says_that_there_is_nothing(answer):
        return Opened()
    if answer.status_code == httpx.codes.OK:
        try:
            return Opened(**dict(_Said.model_validate_json(answer.content)))
        except ValueError:
            remedy = f"that is not {_OWNER}; give its own address in CAREPATH_SERVICES"
    elif answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        remedy = "it does not know us; its CAREPATH_TRUSTED_KEYS must hold the key of our CAREPATH_TOKEN_SECRET"
    elif answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        remedy = f"{_OWNER} lacks something; its own readiness says what"
    elif answer.is_server_error:
        remedy = f"look into the logs of {_OWNER}, and of what stands before it"
    else:
        remedy = f"that is not {_OWNER}, or a proxy stands before it; give its own address in CAREPATH_SERVICES"
    raise Unavailable(
        f"{address} does not say what is open to caregivers (status {answer.status_code}), so nothing is shown or sent "
        f"to them: {remedy}"
    )


def _says_that_there_is_nothing(answer: httpx.Response) -> bool:
    """A 404 of its own. One of a proxy, of another service or of another path has another form or code."""
    if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return False
    try:
        said = answer.json()
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("code") == "not-found"
