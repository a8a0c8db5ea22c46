"""The whole of Carepath in one process: embedded broker, SQLite, the three services and the portal.

For trying it, for a small pilot, and for the journeys. The services are the same as in a clinic's deployment and speak
to each other over the same protocols; only broker and store are smaller.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import random
import secrets
import socket
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from deploy.broker import EmbeddedBroker
from deploy.composition import BUILDERS
from services.portal.app import portal
from services.portal.settings import PortalSettings
from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.runtime.clock import Clock, SystemClock, milliseconds
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings, build_id, load_clinic

PORTS = {"portal": 8080, "referrals": 8081, "interventions": 8082, "notifications": 8083}
_START_SECONDS = 30.0
_SETTLE_SECONDS = 60.0


class CannotStart(Exception):
    """Something that the embedded system needs is not there. The message says what to do."""


class Server(uvicorn.Server):
    """A server that leaves signals to the process, and does not end it when its port is taken."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@dataclass(frozen=True)
class Secrets:
    """Made once for each data folder, and kept beside the data."""

    master_key: bytes
    token_secret: str

    @classmethod
    def of(cls, folder: Path) -> "Secrets":
        path = folder / "secrets.json"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            fresh = {
                "master_key": b64encode(secrets.token_bytes(32)).decode(),
                "token_secret": secrets.token_urlsafe(48),
            }
            path.touch(mode=0o600)
            path.write_text(json.dumps(fresh), encoding="utf-8")
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(b64decode(kept["master_key"]), kept["token_secret"])

    @property
    def webhook_secret(self) -> str:
        """With what a provider signs its calls. Made from the other, so that folders from before have one too."""
        return "whsec_" + b64encode(hmac.digest(self.token_secret.encode(), b"webhooks", hashlib.sha256)).decode()


def free_ports() -> dict[str, int]:
    """A port for each server that nobody uses now.

    Below those that the system hands out: a connection that is made a moment later could be given one of these.
    """
    found: dict[str, int] = {}
    tries = iter(random.sample(range(15_000, 32_000), 1_000))
    for name in PORTS:
        found[name] = next(port for port in tries if _is_free(port))
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Embedded:
    """One running system over the data in `folder`."""

    def __init__(
        self,
        folder: Path,
        *,
        ports: Mapping[str, int] = PORTS,
        clock: Clock | None = None,
        clinic: Path = Path("deploy/clinic.yaml"),
        smtp: str | None = None,
        quick: bool = False,
    ) -> None:
        self.folder = folder
        self.clock = clock or SystemClock()
        self.addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        self.secrets = Secrets.of(folder)
        read = load_clinic(clinic)
        self.clinic = read.model_copy(update={"portal_url": self.addresses["portal"]})
        self._broker = EmbeddedBroker()
        self._ports = ports
        self._smtp = smtp
        self._quick = quick
        self._servers: list[Server] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.services: list[Service] = []

    async def start(self) -> None:
        """Start all; returns once every page answers. Raises `CannotStart`."""
        settings = self._settings(self._broker.start())
        for name in PUBLISHERS:
            self._broker.create_topic(topic_of(name), 4)
        apps: dict[str, FastAPI] = {}
        for name, builder in BUILDERS.items():
            parts = builder(settings)
            own = replace(settings, port=self._ports[name])
            service = Service(parts, own, open_store(own.store, name), open_store(own.vault, "vault"), self.clock)
            self.services.append(service)
            apps[name] = service.app()
        apps["portal"] = portal(
            PortalSettings(
                services={name: self.addresses[name] for name in BUILDERS},
                token_secret=self.secrets.token_secret,
                clinic=self.clinic,
                development_sign_in=True,
                secure_cookies=False,
            ),
            self.clock,
        )
        for name, app in apps.items():
            await self._serve(name, app)

    async def stop(self) -> None:
        """Stop all, the portal first."""
        for server in reversed(self._servers):
            server.should_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._broker.stop()

    async def settle(self) -> None:
        """Return once everything that was said has been heard by all. Raises `TimeoutError`."""
        async with asyncio.timeout(_SETTLE_SECONDS):
            # Twice in a row: between a save and its hand-over to the relay there is a moment in which nothing shows.
            while not (await self._settled() and await self._settled()):
                await asyncio.sleep(0.02)

    async def _settled(self) -> bool:
        for service in self.services:
            if service.outside.look is not None:
                await service.outside.look()
        if not all(service.idle for service in self.services):
            return False
        now = milliseconds(self.clock.now())
        for service in self.services:
            for kind in service.core.aggregates:
                if await service.store.documents.due(kind, now, 1):
                    # Their turn comes each second by itself; a seeded clinic lives through a hundred days.
                    await service.timers.run()
                    return False
        by_name = {service.parts.name: service for service in self.services}
        for reader in self.services:
            for source in reader.parts.listens_to:
                listing = await by_name[source].store.ledger.heads(None)
                cursors = await reader.store.cursors.get([subject for subject, _ in listing.heads])
                if any(subject not in cursors or cursors[subject].n < head for subject, head in listing.heads):
                    return False
        return all(service.idle for service in self.services)

    def _settings(self, kafka: str) -> Settings:
        return Settings(
            store=f"sqlite:{self.folder}",
            vault=f"sqlite:{self.folder}",
            kafka=kafka,
            master_key=self.secrets.master_key,
            token_secret=self.secrets.token_secret,
            services={name: self.addresses[name] for name in BUILDERS},
            clinic=self.clinic,
            smtp=self._smtp,
            webhook_secret=self.secrets.webhook_secret,
            mail_folder=self.folder / "mail",
            timer_seconds=0.2 if self._quick else 1.0,
            compare_seconds=2.0 if self._quick else 20.0,
            build=build_id(),
        )

    async def _serve(self, name: str, app: FastAPI) -> None:
        port = self._ports[name]
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=5, proxy_headers=False
        )
        server = Server(config)
        self._servers.append(server)
        task = asyncio.create_task(_run(server, name, port))
        self._tasks.append(task)
        async with asyncio.timeout(_START_SECONDS):
            while not server.started:
                if task.done():
                    task.result()
                    raise CannotStart(f"the {name} service ended while starting; its log above says why")
                await asyncio.sleep(0.01)


async def _run(server: Server, name: str, port: int) -> None:
    try:
        await server.serve()
    except SystemExit as ended:
        raise CannotStart(
            f"the {name} service cannot start on port {port}: is something else using it? "
            "Stop that, or choose other ports with PORT=9080 (the services take the next three)"
        ) from ended
