"""Builds a service from its parts: store, vault, relay, inbound, timers and HTTP, started and stopped together."""

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

from shared.contracts.codes import RUNTIME_CODES
from shared.contracts.envelope import Event
from shared.runtime import routes
from shared.runtime.aggregate import Aggregate, Reactions
from shared.runtime.auth import service_token
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.consumer import described
from shared.runtime.core import Core, Effect
from shared.runtime.edge import Edge
from shared.runtime.errors import Unavailable
from shared.runtime.http import Caller
from shared.runtime.inbound import Inbound
from shared.runtime.logs import configure_logs, error_text
from shared.runtime.network import Network, RealNetwork
from shared.runtime.operations import Operations
from shared.runtime.permissions import Permissions
from shared.runtime.problems import problems
from shared.runtime.rates import Rates
from shared.runtime.relay import Relay
from shared.runtime.settings import Settings, SettingsFault, load_settings
from shared.runtime.sources import LedgerSources
from shared.runtime.store.port import Store
from shared.runtime.sweeps import Comparison, DueTimers, retry_held
from shared.runtime.vault import Vault

log = structlog.get_logger()

_KAFKA_AGAIN_SECONDS = 1.0
_DRAIN_SECONDS = 8.0


@dataclass(frozen=True)
class Outside:
    """What a service does in the world: calls after an event was saved, and a `look` now and then for what there is to
    do, until `stop`.
    """

    effects: Mapping[type[Event], Effect] = field(default_factory=dict)
    look: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None


Effects = Callable[[Core, Settings], Outside]
MaySeeTimeline = Callable[[Caller, str], Awaitable[bool]]


@dataclass(frozen=True)
class Parts:
    """What makes one service this service. `effects` are its outside calls."""

    name: str
    aggregates: Sequence[Aggregate]
    reactions: Reactions
    listens_to: tuple[str, ...]
    router: APIRouter
    codes: Mapping[str, str]
    timeline: MaySeeTimeline
    effects: Effects = field(default=lambda _core, _settings: Outside())


class Service:
    """A running service. `store` and `vault_store` are opened here and may be shared by services in one process."""

    def __init__(
        self,
        parts: Parts,
        settings: Settings,
        store: Store,
        vault_store: Store,
        clock: Clock | None = None,
        network: Network | None = None,
    ) -> None:
        network = network or RealNetwork(settings.kafka)
        self.parts = parts
        self.settings = settings
        self.clock = clock or SystemClock()
        self.store = store
        self.vault = Vault(vault_store.keys, settings.master_key, self.clock)
        self._vault_store = vault_store
        self._sender = network.sender()
        kinds = [aggregate.name for aggregate in parts.aggregates]
        self.relay = Relay(parts.name, kinds, store, self._sender, self.clock)
        self.core = Core(parts.name, parts.aggregates, store, self.vault, self.clock, self.relay.offer)
        self.outside = parts.effects(self.core, settings)
        self.core.effects = {event: self._in_background(call) for event, call in self.outside.effects.items()}
        self._client = network.client()
        token = service_token(settings.token_secret, parts.name, self.clock.now)
        self.sources = LedgerSources(parts.name, store.ledger, settings.services, self._client, token)
        self.permissions = Permissions(settings.services, self._client, token)
        self.core.permissions = self.permissions
        self.inbound = Inbound(self.core, parts.reactions, self.sources, self.clock, settings.build)
        self.timers = DueTimers(self.core, self.clock)
        self.comparison = Comparison(self.inbound, self.sources, store.cursors, parts.listens_to)
        self.operations = Operations(self.core, self.comparison, self.sources, settings, parts.listens_to)
        self._listener = network.listener(parts.name, parts.listens_to, self.inbound.handle)
        self._loops: list[asyncio.Task[None]] = []
        self._outside: set[asyncio.Task[None]] = set()
        self._consuming = False

    @property
    def idle(self) -> bool:
        """Whether nothing is under way in this process."""
        return self.relay.idle and self.inbound.in_flight == 0 and not self._outside

    def app(self) -> FastAPI:
        """The HTTP application; its lifespan starts and stops everything else."""

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await self.start()
            try:
                yield
            finally:
                await self.stop()

        app = FastAPI(
            title=f"Carepath {self.parts.name}",
            lifespan=lifespan,
            exception_handlers=problems({**RUNTIME_CODES, **self.parts.codes}),
        )
        app.state.core = self.core
        app.state.service = self
        app.state.timeline = self.parts.timeline
        app.state.token_secret = self.settings.token_secret
        app.state.rates = Rates(self.clock, self.settings.rates)
        for router in (self.parts.router, routes.router):
            _require_roles(router)
            app.include_router(router)
        app.include_router(routes.public)
        app.add_middleware(Edge, service=self.parts.name, hosts=self.settings.hosts)
        return app

    async def start(self) -> None:
        """Open the stores and set the loops going. Kafka may come later: until then, events wait in their outboxes."""
        await self.store.engine.open([aggregate.schema for aggregate in self.parts.aggregates])
        await self._vault_store.engine.open([])
        await self.vault.check()
        s = self.settings
        self._loops = [
            asyncio.create_task(self._reach_kafka()),
            self._every(s.timer_seconds, self.timers.run),
            self._every(s.leftover_seconds, self.relay.publish_left_over),
            self._every(s.leftover_seconds, self.relay.file_waiting),
            self._every(s.compare_seconds, self.comparison.look),
            self._every(s.retry_held_seconds, lambda: retry_held(self.inbound, self.store.cursors, s.build)),
        ]
        if self.outside.look is not None:
            self._loops.append(self._every(s.timer_seconds, self.outside.look))

    async def stop(self) -> None:
        """Let the work in hand end, then close. What is not published yet is in the outboxes."""
        if self._consuming:
            await self._listener.stop()
        if self.outside.stop is not None:
            await self.outside.stop()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._outside:
            await asyncio.wait(self._outside, timeout=_DRAIN_SECONDS)
        await self._sender.stop()
        await self._client.aclose()
        await self.store.engine.close()
        await self._vault_store.engine.close()

    def checks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What readiness asks, by name. Each raises `Unavailable` with what to do."""
        return {
            "store": self.store.engine.ping,
            "vault": self._vault_store.engine.ping,
            "kafka": self._kafka_answers,
            "permissions": self.permissions.check,
        }

    def asyncapi(self) -> dict[str, Any]:
        """The events that this service reads, as an AsyncAPI document."""
        return described(self.parts.name, self.parts.listens_to)

    async def _kafka_answers(self) -> None:
        if not self._consuming or not await self._listener.ping(1.0):
            raise Unavailable(f"Kafka does not answer at {self.settings.kafka}; start it or mend CAREPATH_KAFKA")

    async def _reach_kafka(self) -> None:
        while True:
            try:
                await self._sender.start()
                await self._listener.start()
                break
            except Exception as away:
                log.warning("kafka_away", service=self.parts.name, kafka=self.settings.kafka, error=error_text(away))
                await self._sender.stop()
                await asyncio.sleep(_KAFKA_AGAIN_SECONDS)
        self._consuming = True
        await self.relay.run()

    def _every(self, seconds: float, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[None]:
        async def loop() -> None:
            while True:
                try:
                    await work()
                except Unavailable as away:
                    log.warning("loop_waits", service=self.parts.name, error=str(away))
                except Exception:
                    log.exception("loop_failed", service=self.parts.name)
                await asyncio.sleep(seconds)

        return asyncio.create_task(loop())

    def _in_background(self, effect: Effect) -> Effect:
        """An outside call must not hold up the command that led to it."""

        async def start(*arguments: Any) -> None:
            work: Coroutine[Any, Any, None] = self._watched(effect, *arguments)
            task = asyncio.create_task(work)
            self._outside.add(task)
            task.add_done_callback(self._outside.discard)

        return start

    async def _watched(self, effect: Effect, *arguments: Any) -> None:
        try:
            await effect(*arguments)
        except Exception:
            log.exception("effect_failed", service=self.parts.name)


def _require_roles(router: APIRouter) -> None:
    for route in iter_route_contexts(router.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None or not any(hasattr(d.call, "roles") for d in dependant.dependencies):
            raise RuntimeError(f"{route.path} does not say who may use it; give it a caller by allow(...)")


def open_store(address: str, database: str) -> Store:
    """The store at `address`: `sqlite:<folder>` with a file per database, or MongoDB."""
    if address.startswith("sqlite:"):
        from shared.runtime.store.sqlite import sqlite_store

        return sqlite_store(Path(address.removeprefix("sqlite:")) / f"{database}.db")
    from shared.runtime.store.mongo import mongo_store

    return mongo_store(address, f"carepath_{database}")


def spare_the_collector() -> None:
    """Call once all is loaded: what is there by now stays, and is not looked through again at every collection.

    Without it, the many short-lived objects of a busy process make Python look through every loaded module, for a fifth
    of its time. And a thread that has waited for the disk gets its turn sooner than by default, since all wait for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    sys.setswitchinterval(0.0005)


def run(build: Callable[[Settings], Parts]) -> None:
    """Run one service as a process of its own, with settings from the environment."""
    try:
        settings = load_settings()
        parts = build(settings)
    except SettingsFault as fault:
        sys.exit(str(fault))
    configure_logs(settings.log_level)
    store = open_store(settings.store, parts.name)
    service = Service(parts, settings, store, open_store(settings.vault, "vault"))
    spare_the_collector()
    uvicorn.run(
        service.app(),
        host=settings.host,
        port=settings.port,
        log_config=None,
        timeout_graceful_shutdown=10,
        proxy_headers=False,
    )
