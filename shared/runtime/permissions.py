"""What a patient has opened to somebody whom they trust, asked at the moment at which it matters.

Events tell other services of it too, but an event may be on its way still. Whoever shows or sends something to such a
person asks here first, and shows and sends nothing where there is no answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

from shared.runtime.errors import Unavailable

_OWNER = "referrals"


@dataclass(frozen=True)
class Opened:
    """What is open now. `named` says whether the patient names them and they take part; `email` is their own wish."""

    named: bool = False
    scopes: frozenset[str] = frozenset()
    email: bool = False


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

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        """What `patient_id` has opened to `caregiver_id` at this moment. Raises `Unavailable`."""
        address = self._addresses.get(_OWNER)
        if address is None:
            raise Unavailable(f"no address is set for the service {_OWNER}; add it to CAREPATH_SERVICES")
        try:
            answer = await self._client.get(
                f"{address}/patients/{patient_id}/caregivers/{caregiver_id}/scopes",
                headers={"Authorization": f"Bearer {self._token()}"},
            )
            if answer.status_code == httpx.codes.NOT_FOUND:
                return Opened()
            answer.raise_for_status()
            said = answer.json()
            return Opened(bool(said["named"]), frozenset(map(str, said["scopes"])), bool(said["email"]))
        except (httpx.HTTPError, ValueError, TypeError, KeyError) as fault:
            raise Unavailable(f"{_OWNER} does not say what is open: {type(fault).__name__}") from fault
