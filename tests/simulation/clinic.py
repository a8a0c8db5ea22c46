"""The whole system in one thread: disks, broker, mail server, and each service's processes, kept running."""

import asyncio
from base64 import b64encode
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from random import Random
from unittest.mock import patch

import httpx

from services.interventions import main as interventions
from services.notifications import main as notifications
from services.notifications.channels.port import Email, ShortChannel, ShortMessage
from services.notifications.sender import sends
from services.notifications.texts import Texts
from services.portal.calls import Calls
from services.portal.settings import PortalSettings
from services.referrals import main as referrals
from shared.contracts.clinic_agenda import AgendaSettings, Unread
from shared.contracts.clinic_staff import StaffMember
from shared.contracts.notifications import Channel
from shared.runtime.clock import milliseconds
from shared.runtime.errors import Unavailable
from shared.runtime.service import Effects, Parts, Service
from shared.runtime.settings import Settings, load_settings
from tests.parts.trust import as_setting, trusting
from tests.referrals.holds import Clocks
from tests.simulation.broker import Broker
from tests.simulation.disk import Disk
from tests.simulation.group import Group
from tests.simulation.line import FaultyLine, Outage
from tests.simulation.loop import VirtualLoop, WorldClock, wait
from tests.simulation.mail import MailRules, Provider
from tests.simulation.network import Hosts, SimulatedNetwork, Wire
from tests.simulation.peeking import Peek
from tests.simulation.process import Crash, Process, nobodys, own_tasks
from tests.simulation.record import Record
from tests.simulation.records import simulated_store
from tests.simulation.road_rules import RoadRules
from tests.simulation.store_rules import StoreRules, Unwatched
from tests.simulation.troubles import Troubles

_SHOWN_WITHIN = 60_000
CLOCKS_DIFFER = timedelta(hours=2)
"""One process may be an hour early, and another one an hour late."""
SERVICES = ("referrals", "interventions", "notifications")
SHORT_WAYS: tuple[Channel, ...] = ("sms", "push")
WEBHOOK_SECRET = "whsec_" + b64encode(b"what the providers of a simulated clinic sign with").decode()
_REACHED: dict[str, dict[str, object]] = {
    "psy-moreno": {"called_by": ("sms", "email"), "phone": "+447700900001"},
    "lead-haddad": {"called_by": ("push", "sms"), "phone": "+447700900002", "push": "haddad-on-call"},
}
"""Staff of whom calls go by more than one way."""


@lru_cache
def _settings() -> Settings:
    """A clinic with one seat at each place: a few people must be enough for somebody to wait. And it reminds every five
    days: to live through a reminder of each day takes long and shows nothing new. It soon notices who is quiet, so that
    each step is taken in most runs.
    """
    settings = _configured()
    few = tuple(place.model_copy(update={"seats": 1}) for place in settings.clinic.places)
    clocks = settings.clinic.clocks.model_copy(update={"triage_reminder_hours": 120})
    treatment = settings.clinic.treatment.model_copy(update={"quiet_days": (3, 7, 10), "call_again_days": 6})
    groups = {"minimum": 2, "reserves": 2, "answer_days": 5, "decide_days": 2, "postpone_days": 4}
    circles = {"quiet_days": 14, "leaderless_days": 14, "supervision_days": 14, "most_people": 3}
    ours = settings.clinic.together
    parts = {"groups": ours.groups.model_copy(update=groups), "circles": ours.circles.model_copy(update=circles)}
    together = ours.model_copy(update=parts)
    change = {"places": few, "clocks": clocks, "treatment": treatment, "together": together}
    change |= {"agenda": _agenda(settings), "staff": tuple(map(_reached, settings.clinic.staff))}
    return replace(settings, clinic=settings.clinic.model_copy(update=change))


def _agenda(settings: Settings) -> AgendaSettings:
    """Said here, whatever the file of the clinic says: each of them is a rule that is checked."""
    unread = Unread(next_way_hours=24, person_hours=48)
    change = {"unread": unread, "sender_names": ("Harbour", "The Quay"), "remind_hours": 24}
    return settings.clinic.agenda.model_copy(update=change)


def _reached(member: StaffMember) -> StaffMember:
    return StaffMember.model_validate({**member.model_dump(), **_REACHED.get(member.id, {})})


_SECRET = "the secret of a simulated clinic, long enough"


def _configured() -> Settings:
    return load_settings(
        {
            "CAREPATH_STORE": "sqlite:none",
            "CAREPATH_VAULT": "sqlite:none",
            "CAREPATH_KAFKA": "broker:9092",
            "CAREPATH_MASTER_KEY": b64encode(bytes(range(32))).decode(),
            "CAREPATH_TOKEN_SECRET": _SECRET,
            "CAREPATH_TRUSTED_KEYS": as_setting(trusting(_SECRET)),
            "CAREPATH_SERVICES": ",".join(f"{name}=http://{name}" for name in SERVICES),
            "CAREPATH_BUILD": "simulated",
            "CAREPATH_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }
    )


@lru_cache
def _parts() -> dict[str, Parts]:
    with patch.object(notifications, "Texts", lambda _: _texts()):
        made = [module.parts(_settings()) for module in (referrals, interventions, notifications)]
    return {parts.name: parts for parts in made}


@lru_cache
def _texts() -> Texts:
    return Texts(_settings().clinic)


def _own_texts() -> Texts:
    """As a process has them that has just begun: it knows the shipped words alone."""
    own = copy(_texts())
    own._published = {}
    return own


class Clinic:
    """`instances` processes of each service. `restart` is how long one that ended stays away, in seconds."""

    def __init__(self, seed: int, loop: VirtualLoop, instances: int) -> None:
        own_tasks(loop)
        # What was published in the run before was never published in this one.
        _texts()._published.clear()
        self.settings = _settings()
        self.rng = Random(f"{seed} clinic")
        self.troubles = Troubles()
        self.store_clock = WorldClock(loop)
        self.loop = loop
        self.disks = {name: Disk(lambda: milliseconds(self.store_clock.now()), _SHOWN_WITHIN) for name in SERVICES}
        self.vault = Disk(lambda: milliseconds(self.store_clock.now()))
        self.outages = {name: Outage() for name in SERVICES}
        self.parts = dict(_parts())
        self.record = Record(self.disks, self.parts)
        self.clocks = Clocks(CLOCKS_DIFFER)
        self.troubles.heard = self.record.tell
        self.rules = {name: StoreRules(name, self.record, self.troubles) for name in SERVICES}
        self.road = RoadRules(self.record)
        self.broker = Broker(self.troubles, self.road.sent)
        self.groups = {name: self._group(name) for name in SERVICES}
        self.hosts = Hosts(self.troubles, self.record.blame)
        peek = Peek(self.vault, self.settings.master_key, self.store_clock)
        self.mail = MailRules(self.record, self.settings.clinic, self.troubles, peek)
        effects = self._sends()
        self.parts["notifications"] = replace(self.parts["notifications"], effects=effects)
        self.slots = [Slot(self, name, number) for name in SERVICES for number in range(instances)]

    def _sends(self) -> Effects:
        by_email: Provider[Email] = Provider("email", self.troubles, self.mail)
        short: dict[Channel, ShortChannel] = {
            way: Provider[ShortMessage](way, self.troubles, self.mail) for way in SHORT_WAYS
        }
        return lambda core, settings: sends(self.settings.clinic, _own_texts(), by_email, short)(core, settings)

    def _group(self, name: str) -> Group:
        topics = [f"carepath.{source}" for source in self.parts[name].listens_to]
        return Group(self.broker, topics, self.rng, self.road.committed)

    def start(self) -> None:
        for group in self.groups.values():
            nobodys(group.watch_members())
        for slot in self.slots:
            nobodys(slot.keep_running())

    def calls(self, rng: Random) -> Calls:
        """How a portal reaches the services for the people in front of it."""
        settings = PortalSettings(self.settings.services, self.settings.token_secret, self.settings.clinic)
        client = httpx.AsyncClient(transport=Wire(self.hosts, rng))
        return Calls(settings, WorldClock(self.loop), client)

    def of(self, service: str) -> list["Slot"]:
        return [slot for slot in self.slots if slot.service == service]


class Slot:
    """The place of one process: when it ends, another one takes it."""

    def __init__(self, clinic: Clinic, service: str, number: int) -> None:
        self.service = service
        self.restart = 2.0
        self.process: Process | None = None
        self.running: Service | None = None
        self._clinic = clinic
        self._number = number
        self._times = 0

    async def keep_running(self) -> None:
        while True:
            self._times += 1
            name = f"{self.service}-{self._number}.{self._times}"
            process = Process(self.service, name, WorldClock(self._clinic.loop), Random(f"{self._clinic.rng.random()}"))
            service = self._build(process)
            self.process = process
            with suppress(Crash, asyncio.CancelledError, Unavailable):
                await process.spawn(service.start())
                self._clinic.hosts.enter(self.service, process, service.app())
                self.running = service
                await process.ended.wait()
            self.running = None
            self._clinic.hosts.leave(process)
            process.die()
            await wait(self.restart)

    async def stop(self) -> None:
        """As an operator does who puts a new version in its place."""
        process, service = self.process, self.running
        if process is None or service is None:
            return
        self._clinic.hosts.leave(process)
        with suppress(Crash, asyncio.CancelledError):
            await process.spawn(service.stop())
        process.die()

    def _build(self, process: Process) -> Service:
        clinic = self._clinic
        line = FaultyLine(process, clinic.outages[self.service], clinic.troubles, clinic.rules[self.service])
        vault_line = FaultyLine(process, Outage(), clinic.troubles, Unwatched())
        network = SimulatedNetwork(
            process, clinic.broker, clinic.groups[self.service], clinic.hosts, clinic.road.acknowledged
        )
        return Service(
            clinic.parts[self.service],
            clinic.settings,
            simulated_store(clinic.disks[self.service], line),
            simulated_store(clinic.vault, vault_line),
            process.clock,
            network,
        )
