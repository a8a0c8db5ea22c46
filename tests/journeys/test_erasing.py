"""One person lives through the whole clinic and is erased. All raw bytes are looked through before and after."""

import asyncio
import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.due import due
from deploy.embedded import Embedded, free_ports
from deploy.erase import CannotErase, Order, Place, erase, hindrances, hold, of_folder
from deploy.people import Desk
from shared.contracts.catalogue import EVENT_TYPES, PUBLISHERS, topic_of
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from shared.runtime.clock import MovedClock
from shared.runtime.erasures import IN_FOLDER, ErasureList
from shared.runtime.logs import configure_logs
from shared.runtime.master_keys import IN_FOLDER as KEYS
from shared.runtime.master_keys import MasterKeys, read_master_keys
from shared.runtime.service import Service, open_store
from shared.runtime.store.port import Json
from shared.runtime.vault import Vault
from tests.journeys.clinic import RunningClinic
from tests.journeys.flow import Way
from tests.parts.server import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPERATOR = "op-byrne"
WORDS = ("Quackenbush", "Wilhelmina", "Zanzibar", "wedding", "plain-people", "1971-05-17", "flare-up plan")
"""Names, addresses, the day of birth and free texts as this person and the clinicians say them."""
MORE = ("Xylophonist", "7700900123", "Marmalade", "Figurehead", "Quixotry", "Bandersnatch")
_FORGOTTEN = timedelta(seconds=31)
"""So long a process may remember a key."""
PLANTED = tuple(word.encode() for word in WORDS + MORE)


class Lived:
    """The clinic after all of that. `backup` is a copy of its files from before the erasure."""

    def __init__(self, clinic: RunningClinic, way: Way, backup: Path, logs: io.StringIO) -> None:
        self.clinic, self.way, self.backup, self.logs = clinic, way, backup, logs

    @property
    def folder(self) -> Path:
        return self.clinic.system.folder

    @property
    def place(self) -> Place:
        address = self.clinic.system.addresses
        place = of_folder(self.folder, 8080, Path("deploy/clinic.yaml"), self.clinic.clock)
        return Place(**{**vars(place), "services": address})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lived]:
    logs, clock = io.StringIO(), MovedClock()
    configure_logs("DEBUG", logs)
    folder = tmp_path_factory.mktemp("clinic")
    system = Embedded(folder, ports=free_ports(), clock=clock, quick=True)
    await system.start()
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        desk = Desk(client, system.addresses, system.secrets.token_secret, clock)
        running = RunningClinic(system, clock, desk)
        running.to_morning()
        yield Lived(running, Way(desk, "plain-people"), tmp_path_factory.mktemp("backup"), logs)
    await system.stop()
    configure_logs()


async def test_before_it_nothing_that_is_personal_stands_in_the_clear_and_what_is_open_forbids_it(lived: Lived) -> None:
    way, place = lived.way, lived.place
    await _live_until_the_alert(lived)
    found = "\n".join(await hindrances(place, way.patient_id))
    for kind in ("referral", "treatment", "risk alert"):
        assert kind in found
    with pytest.raises(CannotErase, match="psychology must close it first"):
        await erase(place, _order(way.patient_id))
    await _live_on_to_the_end(lived)
    assert await hindrances(place, way.patient_id) == []
    _back_up(lived)
    await _sees_nothing_in_the_clear(lived, but_mail=True)
    sealed = _sealed_for(way.patient_id, lived.folder)
    assert len(sealed) > 20
    assert len(await _opened(lived.folder, sealed)) == len(sealed)


async def test_who_is_held_who_was_not_told_and_whose_identity_is_not_known_stays(lived: Lived) -> None:
    person, place = lived.way.patient_id, lived.place
    held = await _run("deploy.erase", person, "--folder", str(lived.folder), "--by", OPERATOR, "--hold", "court")
    assert "cannot be erased" in held
    with pytest.raises(CannotErase, match="a hold stands"):
        await erase(place, _order(person))
    assert "may be erased" in hold(place, person, OPERATOR, "court", release=True)
    for order, why in (
        (_order(person, told=False), "tell the person"),
        (_order(person, identity="not_needed"), "how you know"),
        (_order(person, by="psy-moreno"), "no operator"),
        (_order("patient-nobody"), "nothing personal is kept"),
    ):
        with pytest.raises(CannotErase, match=why):
            await erase(place, order)
    assert await _opened(lived.folder, _sealed_for(person, lived.folder))


async def test_by_the_clinics_rule_whoever_ended_long_ago_is_due_and_nobody_who_is_held(lived: Lived) -> None:
    person = lived.way.patient_id
    with pytest.raises(CannotErase, match="keep_years"):
        await due(lived.place)
    clinic = lived.place.clinic.model_copy(update={"keep_years": 10})
    assert await due(Place(**{**vars(lived.place), "clinic": clinic})) == []
    later = MovedClock()
    later.offset = lived.clinic.clock.offset + timedelta(days=3654)
    # Their token is of today; only how late it is counts.
    place = Place(**{**vars(lived.place), "clinic": clinic, "clock": later})
    assert [id for id, _ in await due(place)] == [person]
    hold(place, person, OPERATOR, "complaint", release=False)
    assert await due(place) == []
    hold(place, person, OPERATOR, "complaint", release=True)


async def test_a_new_master_key_is_taken_up_while_all_runs(lived: Lived) -> None:
    assert "none is left" in await _run("deploy.rotate_keys", "--folder", str(lived.folder), "--new")
    [newest, _] = read_master_keys((lived.folder / KEYS).read_text("utf-8"))
    # So late that no process has a key at hand any more.
    lived.clinic.clock.offset += _FORGOTTEN
    patient = await lived.way.psychology.get("referrals", f"/patients/{lived.way.patient_id}")
    assert "Wilhelmina" in patient["name"]
    assert await lived.way.inbox(lived.way.patient_id, "patient")
    store = open_store(f"sqlite:{lived.folder}", "vault")
    await store.engine.open([])
    entries = await store.keys.page("", 1000)
    await store.engine.close()
    assert entries
    assert all(MasterKeys([newest]).is_current(entry) for entry in entries.values() if "key" in entry)


async def _run(module: str, *arguments: str) -> str:
    """What the command prints, as an operator runs it."""
    command = [sys.executable, "-m", module, *arguments]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


async def test_afterwards_no_byte_anywhere_can_be_read_and_all_else_is_as_it_was(lived: Lived) -> None:
    before = await _counts(lived)
    people = (lived.way.patient_id, lived.way.caregiver_id)
    said = [await erase(lived.place, _order(person)) for person in people]
    assert all("is erased" in one for one in said)
    lived.clinic.clock.offset += _FORGOTTEN
    await lived.clinic.system.settle()
    await _sees_nothing_in_the_clear(lived, but_mail=False)
    for person in people:
        sealed = _sealed_for(person, lived.folder)
        assert sealed
        assert await _opened(lived.folder, sealed) == []
        with pytest.raises(CannotErase, match="nothing personal is kept"):
            await erase(lived.place, _order(person))
    assert await _counts(lived) == before
    patient = await lived.way.psychology.get("referrals", f"/patients/{lived.way.patient_id}")
    assert (patient["name"], patient["email"]) == (None, None)
    for service in lived.clinic.system.services:
        await _replays(service)


async def test_an_older_backup_opens_until_the_list_of_erasures_is_applied_and_then_never(lived: Lived) -> None:
    people = (lived.way.patient_id, lived.way.caregiver_id)
    sealed = [entry for person in people for entry in _sealed_for(person, lived.backup)]
    assert len(await _opened(lived.backup, sealed)) == len(sealed), "so such a backup must not be served as it is"
    await _opened(lived.backup, [], erasures=ErasureList(lived.folder / IN_FOLDER))
    assert await _opened(lived.backup, sealed) == []
    assert [orjson.loads(line)["person"] for line in _list_of(lived) if b"erased" in line] == list(people)


async def _live_until_the_alert(lived: Lived) -> None:
    way = lived.way
    await way.refer()
    patient, referrer = f"/patients/{way.patient_id}", way.referrer
    question = {"patient_id": way.patient_id, "question": "Would Xylophonist help?", "topic": "other"}
    await way.act(referrer, "referrals", "/advice", question)
    await way.act(way.patient, "referrals", f"{patient}/care-plan/goals", {"goal": "Play Marmalade again"})
    reach = {"channels": ["sms", "email"], "phone": "+447700900123"}
    await lived.clinic.system.settle()
    await way.act(way.patient, "notifications", f"/agendas/{way.patient_id}/reach", reach)
    await way.accept()
    await way.agree()
    await lived.clinic.system.settle()
    while (step := await way.next_step("questionnaire"))["measure"] != "PHQ-9":
        await way.answer(step)
    await way.answer(step, harm=1)
    await lived.clinic.system.settle()


async def _live_on_to_the_end(lived: Lived) -> None:
    way = lived.way
    rows = await way.psychology.get("interventions", "/risk-alerts", list="open")
    (alert,) = (row["id"] for row in rows if row["patient_id"] == way.patient_id)
    talk = {**dict.fromkeys(ASSESSMENT_QUESTIONS, "no"), "concern": "low", "note": "Says Figurehead."}
    for step, body in (("acknowledge", None), ("assess", talk), ("close", {"plan": "Quixotry on Friday."})):
        await way.act(way.psychology, "interventions", f"/risk-alerts/{alert}/{step}", body)
    note = {"note": "Bandersnatch seen.", "occasion": "note"}
    await way.act(way.psychology, "referrals", f"/referrals/{way.referral_id}/note-progress", note)
    await way.treat()
    await way.finish()
    await way.acknowledge()
    await way.status("loop_closed")
    await lived.clinic.system.settle()


def _order(person: str, *, by: str = OPERATOR, identity: str = "in_person", told: bool = True) -> Order:
    return Order(person, by, "asked", identity, told)


async def _sees_nothing_in_the_clear(lived: Lived, *, but_mail: bool) -> None:
    """In no file of the clinic or of the backup, in no topic, in no line of the log. Before an erasure, messages that
    no mail server took lie in a folder as they would have gone.
    """
    places = {str(path): path.read_bytes() for path in _files(lived, but_mail)}
    places |= dict(await _topics(lived))
    places["the log"] = lived.logs.getvalue().encode()
    assert places["the log"]
    assert any(path.endswith("-wal") for path in places)
    told = [(place, word) for place, content in places.items() for word in PLANTED if word in content]
    assert not told, told


def _files(lived: Lived, but_mail: bool) -> Iterator[Path]:
    for folder in (lived.folder, lived.backup):
        for path in folder.rglob("*"):
            if path.is_file() and not (but_mail and "mail" in path.parts):
                yield path


async def _topics(lived: Lived) -> list[tuple[str, bytes]]:
    """All that the broker keeps."""
    broker = lived.clinic.system.services[0].settings.kafka
    found = []
    async with AIOKafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False) as consumer:
        for topic in map(topic_of, PUBLISHERS):
            partitions = [TopicPartition(topic, number) for number in range(4)]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            begins = await consumer.beginning_offsets(partitions)
            await consumer.seek_to_beginning(*partitions)
            left = sum(ends.values()) - sum(begins.values())
            content = b""
            while left > 0:
                got = [one for part in (await consumer.getmany(timeout_ms=500)).values() for one in part]
                content += b"\n".join(repr((one.key, one.value, one.headers)).encode() for one in got)
                left -= len(got)
            found.append((topic, content))
    assert all(content for _, content in found)
    return found


def _back_up(lived: Lived) -> None:
    for path in lived.folder.glob("*.db"):
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(lived.backup / path.name)) as copy:
            source.backup(copy)
    shutil.copy(lived.folder / KEYS, lived.backup)


Sealed = tuple[str, Any]
"""The place that something sealed is bound to, and what holds it."""


def _sealed_for(person: str, folder: Path) -> list[Sealed]:
    """Every event in a ledger, and every document, that holds something sealed for the person."""
    found = []
    mine = f'"1:{person}:'.encode()
    for name in PUBLISHERS:
        with closing(sqlite3.connect(folder / f"{name}.db")) as store:
            tables = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for (body,) in store.execute("SELECT body FROM ledger"):
                entry = orjson.loads(body)
                if mine in body:
                    found.append((f"{entry['subject']}:{entry['sequence']}", entry["data"]))
            for table in (one for one in tables if one.startswith("docs_")):
                for id, rev, body in store.execute(f"SELECT id, rev, body FROM {table}"):
                    if mine in body:
                        found.append((f"{id}@{rev}", orjson.loads(body)["state"]))
    return found


async def _opened(folder: Path, sealed: list[Sealed], erasures: ErasureList | None = None) -> list[Any]:
    """Those of which anything can be read, by whoever has the files and the master key."""
    master = MasterKeys(read_master_keys((folder / KEYS).read_text("utf-8")))
    store = open_store(f"sqlite:{folder}", "vault")
    await store.engine.open([])
    try:
        vault = Vault(store.keys, master, MovedClock(), erasures=erasures)
        await vault.check()
        read = [(data, await vault.open(data, bound)) for bound, data in sealed]
    finally:
        await store.engine.close()
    return [opened for data, opened in read if _says_anything(data, opened)]


def _says_anything(sealed: Any, opened: Any) -> bool:
    """Whether anything that was sealed reads as something."""
    if isinstance(sealed, dict):
        if sealed.keys() == {"sealed"}:
            return opened is not None
        return any(_says_anything(inner, opened[name]) for name, inner in sealed.items())
    if isinstance(sealed, list):
        return any(_says_anything(inner, opened[number]) for number, inner in enumerate(sealed))
    return False


async def _counts(lived: Lived) -> Json:
    """How much there is of everything, and what clinicians count with."""
    found: Json = {}
    for service in lived.clinic.system.services:
        listing = await service.store.ledger.heads(None)
        found[service.parts.name] = sorted(listing.heads)
    psychology = lived.way.psychology
    referral = await psychology.get("referrals", f"/referrals/{lived.way.referral_id}")
    found["outcome"] = {name: referral[name] for name in ("status", "number", "priority")}
    return found


async def _replays(service: Service) -> None:
    """What the events of every aggregate make of it, read anew, is what is stored."""
    listing = await service.store.ledger.heads(None)
    documents = {}
    for name, aggregate in service.core.aggregates.items():
        for subject, _ in listing.heads:
            if (await service.store.documents.load(name, subject)) is not None:
                documents[subject] = (name, aggregate)
    assert documents.keys() == {subject for subject, _ in listing.heads}
    for subject, (name, aggregate) in documents.items():
        history = await service.store.ledger.history(subject, limit=500)
        events = []
        for entry in history:
            opened = await service.vault.open(entry["data"], f"{subject}:{entry['sequence']}")
            events.append(EVENT_TYPES[entry["type"]].model_validate(opened))
        folded = reduce(aggregate.evolve, events, aggregate.state())
        stored = (await service.core.load(name, subject)).state
        assert type(folded) is type(stored)
        assert _codes(folded) == _codes(stored), subject


def _codes(state: Any) -> Any:
    return state.model_dump(mode="json", include={"status", "patient_id", "referral_id", "recipient_id", "consents"})


def _list_of(lived: Lived) -> list[bytes]:
    return (lived.folder / IN_FOLDER).read_bytes().splitlines()
