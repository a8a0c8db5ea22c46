"""The services as processes of their own, on a real Kafka, a real MongoDB-wire server and a real mail server."""

import asyncio
import base64
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.people import Desk
from shared.contracts.catalogue import PUBLISHERS
from shared.runtime.clock import SystemClock
from shared.runtime.store.mongo import MongoEngine, mongo_store
from shared.runtime.store.port import Store
from tests.parts.child import Child
from tests.parts.mailbox import MailServer
from tests.parts.server import ROOT, free_port
from tests.parts.wait import eventually

SERVICES = tuple(PUBLISHERS)
PORTAL = "portal"
SECRET = "a-token-secret-that-is-only-for-tests-0123456789"


class Cluster:
    """Three services that can be killed and started one by one. Each may be told to die at a moment (`arm`)."""

    def __init__(self, folder: Path, kafka: str, mongo: str, mail: MailServer) -> None:
        self.folder = folder
        self.mail = mail
        self._mongo = mongo
        ports = {name: free_port() for name in (*SERVICES, PORTAL)}
        self.addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        self._ports = ports
        self._children: dict[str, Child] = {}
        self._reviving = asyncio.Lock()
        self.deaths: list[str] = []
        self.client = httpx.AsyncClient(timeout=10.0)
        self.desk = Desk(self.client, self.addresses, SECRET, SystemClock())
        self._environment = {
            "CAREPATH_STORE": mongo,
            "CAREPATH_VAULT": mongo,
            "CAREPATH_KAFKA": kafka,
            "CAREPATH_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
            "CAREPATH_TOKEN_SECRET": SECRET,
            "CAREPATH_SERVICES": ",".join(f"{name}={self.addresses[name]}" for name in SERVICES),
            "CAREPATH_CLINIC": str(self._clinic()),
            "CAREPATH_SMTP": f"smtp://{mail.address}",
            "CAREPATH_COMPARE_SECONDS": "3",
            "CAREPATH_RETRY_HELD_SECONDS": "3",
            "CAREPATH_LEFTOVER_SECONDS": "1",
            "CAREPATH_TIMER_SECONDS": "0.3",
        }

    def _clinic(self) -> Path:
        """The shipped configuration without quiet hours and parts of the day: what is sent must not depend on when the
        tests run.
        """
        clinic = yaml.safe_load((ROOT / "deploy" / "clinic.yaml").read_text(encoding="utf-8"))
        clinic["hours"] = {"quiet_from": "00:00", "quiet_to": "00:00"}
        clinic["agenda"] = {}
        clinic["triage_rules"] = str(ROOT / "deploy" / clinic["triage_rules"])
        path = self.folder / "clinic.yaml"
        path.write_text(yaml.safe_dump(clinic, allow_unicode=True), encoding="utf-8")
        return path

    async def start(self, *names: str) -> None:
        """Start these services (all, without a name) and wait until they are ready."""
        for name in names or SERVICES:
            environment = {**self._environment, "CAREPATH_PORT": str(self._ports[name])}
            command = ["env", *(f"{key}={value}" for key, value in environment.items())]
            program = ["tests.live.portal"] if name == PORTAL else ["tests.live.crashing", name, str(self.folder)]
            command += [sys.executable, "-m", *program]
            self._children[name] = Child(command, ROOT, self.folder / f"{name}.log")
        for name in names or SERVICES:
            await eventually(lambda name=name: self._ready(name), f"{name} ready", 60, 0.1)

    async def _ready(self, name: str) -> bool:
        if not self._children[name].alive:
            raise RuntimeError(f"{name} ended; see {self.folder / name}.log")
        try:
            return (await self.client.get(f"{self.addresses[name]}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    def alive(self, name: str) -> bool:
        return self._children[name].alive

    def kill(self, name: str) -> None:
        self._children[name].kill()

    def arm(self, name: str, moment: str) -> None:
        (self.folder / f"{name}.crash").write_text(moment)

    def armed(self, name: str) -> bool:
        return (self.folder / f"{name}.crash").exists()

    async def revive(self) -> None:
        """Start again what has died, and count it."""
        async with self._reviving:
            dead = [name for name in SERVICES if not self.alive(name)]
            self.deaths += dead
            if dead:
                await self.start(*dead)

    def store(self, name: str) -> Store:
        """A look into one service's store."""
        return mongo_store(self._mongo, f"carepath_{name}")

    async def settled(self, timeout: float = 90) -> None:  # noqa: ASYNC109 - a failed wait must say what it waited for
        """Once every service has told all that it stored, and applied all that the others told."""
        await eventually(self._is_settled, "nothing untold, and every cursor at its head", timeout, 0.5)

    async def _is_settled(self) -> bool:
        await self.revive()
        if any([await self._has_untold(name) for name in SERVICES]):
            return False
        heads = await self._all_heads()
        for reader, sources in LISTENS.items():
            store = self.store(reader)
            await store.engine.open([])
            try:
                for source in sources:
                    cursors = await store.cursors.get(list(heads[source]))
                    if any(subject not in cursors or cursors[subject].n < n for subject, n in heads[source].items()):
                        return False
            finally:
                await store.engine.close()
        # What was applied between the two looks may have filed something that nobody has applied yet.
        return await self._all_heads() == heads

    async def _has_untold(self, name: str) -> bool:
        """What a process that was killed was about to tell, another takes on after half a minute."""
        engine = MongoEngine(self._mongo, f"carepath_{name}")
        await engine.open([])
        try:
            with engine.reached() as database:
                kinds = [kind for kind in await database.list_collection_names() if kind.startswith("docs_")]
            return any([await engine.find(kind, {"relay_at": {"$exists": True}}, None, 1) for kind in kinds])
        finally:
            await engine.close()

    async def _all_heads(self) -> dict[str, Mapping[str, int]]:
        return {name: await self._heads(name) for name in SERVICES}

    async def _heads(self, name: str) -> Mapping[str, int]:
        answer = await self.desk.person("tests", "service").get(name, "/ledger")
        return dict(answer["heads"])

    async def histories(self, name: str) -> dict[str, list[dict[str, Any]]]:
        """Every event of every aggregate of one service."""
        reader = self.desk.person("tests", "service")
        return {
            subject: (await reader.get(name, f"/ledger/{subject}", limit="500"))["events"]
            for subject in await self._heads(name)
        }

    async def close(self) -> None:
        for child in self._children.values():
            await asyncio.to_thread(child.kill)
        await self.client.aclose()


LISTENS = {
    "referrals": ("interventions",),
    "interventions": ("referrals", "interventions"),
    "notifications": ("referrals", "interventions", "notifications"),
}
