"""The sure road: reading the ledgers of the services that own the events. Our own is read directly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import httpx

from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Heads, Json, Ledger

PAGE = 200
_SUBJECTS_AT_ONCE = 100


class Sources(Protocol):
    """Ledgers, by the name of the service that owns them. Every method may raise `Unavailable`."""

    async def history(self, service: str, subject: str, above: int, limit: int = PAGE) -> list[Json]: ...

    async def heads(self, service: str, since: int | None) -> Heads: ...

    async def newest(self, service: str, subjects: Sequence[str]) -> dict[str, int]: ...


class LedgerSources:
    """Our own ledger from the store, the others' over HTTP. `token` gives a fresh credential of this service."""

    def __init__(
        self,
        own: str,
        ledger: Ledger,
        addresses: Mapping[str, str],
        client: httpx.AsyncClient,
        token: Callable[[], str],
    ) -> None:
        self._own = own
        self._ledger = ledger
        self._addresses = addresses
        self._client = client
        self._token = token

    async def history(self, service: str, subject: str, above: int, limit: int = PAGE) -> list[Json]:
        if service == self._own:
            return await self._ledger.history(subject, above, limit)
        answer = await self._get(service, f"/ledger/{subject}", {"above": str(above), "limit": str(limit)})
        with _understood(service):
            return [dict(entry) for entry in answer["events"]]

    async def heads(self, service: str, since: int | None) -> Heads:
        if service == self._own:
            return await self._ledger.heads(since)
        answer = await self._get(service, "/ledger", {} if since is None else {"since": str(since)})
        with _understood(service):
            return Heads(int(answer["now"]), tuple((str(subject), int(n)) for subject, n in answer["heads"]))

    async def newest(self, service: str, subjects: Sequence[str]) -> dict[str, int]:
        if service == self._own:
            return await self._ledger.newest(subjects)
        found: dict[str, int] = {}
        for start in range(0, len(subjects), _SUBJECTS_AT_ONCE):
            answer = await self._get(service, "/heads", {"subject": subjects[start : start + _SUBJECTS_AT_ONCE]})
            with _understood(service):
                found |= {str(subject): int(n) for subject, n in dict(answer["heads"]).items()}
        return found

    async def _get(self, service: str, path: str, query: Mapping[str, str | Sequence[str]]) -> Json:
        address = self._addresses.get(service)
        if address is None:
            raise Unavailable(f"no address is set for the service {service}; add it to CAREPATH_SERVICES")
        with _understood(service):
            headers = {"Authorization": f"Bearer {self._token()}"}
            answer = await self._client.get(f"{address}{path}", params=query, headers=headers)
            answer.raise_for_status()
            return dict(answer.json())


@contextmanager
def _understood(service: str) -> Iterator[None]:
    """What answers in another's place, such as a proxy's page, is as good as no answer."""
    try:
        yield
    except (httpx.HTTPError, ValueError, TypeError, KeyError) as fault:
        raise Unavailable(f"the ledger of {service} does not answer: {type(fault).__name__}") from fault
