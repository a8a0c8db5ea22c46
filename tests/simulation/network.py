"""A process's way to the broker and to the other services, whose code answers in the same thread as their own."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import httpx

from shared.runtime.consumer import Member
from shared.runtime.network import Handle
from tests.simulation.broker import Broker, SimulatedSender, now
from tests.simulation.group import Group, Reader
from tests.simulation.loop import wait
from tests.simulation.process import Crash, Process
from tests.simulation.troubles import Troubles

_PATIENCE = 5.0
Running = tuple[Process, Any]


class Hosts:
    """Who answers under which name. `broke` is told of an answer that shows a bug."""

    def __init__(self, troubles: Troubles, broke: Callable[[str], Any]) -> None:
        self.troubles = troubles
        self.broke = broke
        self.away_until: dict[str, float] = {}
        self.flaky_until: dict[str, float] = {}
        self._running: dict[str, list[Running]] = {}

    def enter(self, host: str, process: Process, app: Any) -> None:
        self._running.setdefault(host, []).append((process, app))

    def leave(self, process: Process) -> None:
        for host, running in self._running.items():
            self._running[host] = [one for one in running if one[0] is not process]

    def one(self, host: str, rng: Random) -> Running | None:
        if self.away_until.get(host, 0.0) > now():
            return None
        running = [one for one in self._running.get(host, ()) if one[0].alive]
        return rng.choice(running) if running else None


class Wire(httpx.AsyncBaseTransport):
    """HTTP that may not arrive, or whose answer may not. A request runs as the task of the process that answers it."""

    def __init__(self, hosts: Hosts, rng: Random) -> None:
        self._hosts = hosts
        self._rng = rng

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await wait(self._rng.expovariate(200))
        host = request.url.host
        # Read only to catch up: what goes wrong then has gone wrong twice.
        call = "history" if request.url.path.startswith("/ledger/") else "request"
        running = self._hosts.one(host, self._rng)
        flaky = call == "history" and now() < self._hosts.flaky_until.get(host, 0.0) and self._rng.random() < 0.5
        if running is None or flaky or self._meet(host, call, "refused"):
            raise httpx.ConnectError(f"nobody answers at {host}", request=request)
        process, app = running
        work = process.spawn(_answer(process, app, request))
        done, _ = await asyncio.wait({work}, timeout=_PATIENCE)
        if not done or self._meet(host, call, "answer_lost"):
            raise httpx.ReadTimeout("no answer came", request=request)
        if work.cancelled() or isinstance(work.exception(), Crash):
            raise httpx.ReadError("the line went dead", request=request)
        answer: httpx.Response = work.result()
        if answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            self._hosts.broke(f"{request.method} {request.url.path} was answered by 500")
        return answer

    def _meet(self, host: str, call: str, kind: str) -> bool:
        return self._hosts.troubles.take(host, call, (kind,), now()) is not None


async def _answer(process: Process, app: Any, request: httpx.Request) -> httpx.Response:
    await process.pause(0)
    answer = await httpx.ASGITransport(app=app).handle_async_request(request)
    await answer.aread()
    return answer


class SimulatedNetwork:
    """The network of one process, as `Service` takes it."""

    def __init__(
        self,
        process: Process,
        broker: Broker,
        group: Group,
        hosts: Hosts,
        acknowledged: Callable[[Process, bytes], Any],
    ) -> None:
        self._process = process
        self._broker = broker
        self._group = group
        self._hosts = hosts
        self._acknowledged = acknowledged

    def sender(self) -> SimulatedSender:
        return SimulatedSender(self._process, self._broker, self._acknowledged)

    def listener(self, group: str, services: Sequence[str], handle: Handle) -> Reader:
        return Reader(self._process, self._group, Member(handle))

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=Wire(self._hosts, self._process.rng))
