"""Whose patients are whose: psychology sees whom its own team treats, where the clinic has several teams.

The service that owns referrals knows, and is asked at that moment. Where it does not answer, nothing is shown.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.runtime.auth import User
from shared.runtime.errors import Unavailable

_OWNER = "referrals"
_AT_ONCE = 50
OUTSIDE = "outside"
"""What somebody of psychology is to a patient of another team: a stranger, whom no right names."""
TOGETHER = frozenset(
    {"group", "membership", "circle", "circle_member", "circle_post", "peer_leader", "risk_alert", "glass"}
)
"""What is not kept by team: groups and circles are for people of several, whoever is on duty answers an alert of
anybody, and a safety lead looks at all openings.
"""


class Treating(Protocol):
    """Whoever knows which team treats whom."""

    async def treated(self, user: User, patient_ids: Collection[str]) -> frozenset[str]:
        """Those of them whom `user`'s team treats, or whose record `user` has opened. Raises `Unavailable`."""


def patient_of(state: Any) -> str | None:
    """Whom something is about; `None` where it is about no one patient."""
    if getattr(state, "kind", None) == "patient":
        return getattr(state, "recipient_id", None) or None
    return getattr(state, "patient_id", None) or None


class AsksWhoTreats:
    """Asks the service that owns referrals. `token` gives a fresh credential of this service."""

    def __init__(self, addresses: Mapping[str, str], client: httpx.AsyncClient, token: Callable[[], str]) -> None:
        self._addresses = addresses
        self._client = client
        self._token = token

    async def treated(self, user: User, patient_ids: Collection[str]) -> frozenset[str]:
        """Those of them whom `user`'s team treats, or whose record `user` has opened. Raises `Unavailable`."""
        wanted, found = sorted(patient_ids), set[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            found |= await self._ask(user, wanted[start : start + _AT_ONCE])
        return frozenset(found)

    async def _ask(self, user: User, patient_ids: list[str]) -> frozenset[str]:
        address = self._addresses.get(_OWNER)
        if address is None:
            raise Unavailable(f"no address is set for the service {_OWNER}; add it to CAREPATH_SERVICES")
        try:
            answer = await self._client.get(
                f"{address}/treated",
                params={"staff_id": user.id, "team": list(user.teams), "patient": patient_ids},
                headers={"Authorization": f"Bearer {self._token()}"},
            )
            answer.raise_for_status()
            return frozenset(_Said.model_validate_json(answer.content).treated) & frozenset(patient_ids)
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError) as fault:
            raise Unavailable(
                f"{_OWNER} does not say at {address} which team treats whom ({type(fault).__name__}), so nothing of "
                f"patients is shown to psychology; start it, or mend its address in CAREPATH_SERVICES"
            ) from fault


class _Said(BaseModel):
    model_config = ConfigDict(strict=True)

    treated: list[str]
