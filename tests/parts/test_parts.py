"""Each part really starts, answers, goes away and comes back."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import aiosmtplib
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from playwright.sync_api import Browser

from tests.parts.mailbox import MailServer
from tests.parts.server import ROOT, Server, listening
from tests.parts.wait import until


async def make_topic(address: str) -> str:
    name = f"parts-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()
    return name


async def send(address: str, topic: str, *values: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all", enable_idempotence=True) as producer:
        for value in values:
            await producer.send_and_wait(topic, value, key=b"one")


async def receive(address: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=address, group_id="parts", auto_offset_reset="earliest")
    async with consumer, asyncio.timeout(30):
        values = [(await consumer.getone()).value for _ in range(count)]
        await consumer.commit()
    return values


@pytest.mark.kafka
async def test_kafka_carries_a_message(kafka: Server) -> None:
    topic = await make_topic(kafka.address)
    await send(kafka.address, topic, b"first", b"second")
    assert await receive(kafka.address, topic, 2) == [b"first", b"second"]


@pytest.mark.kafka
async def test_kafka_keeps_messages_and_offsets_through_a_kill_at_the_same_address(kafka: Server) -> None:
    topic = await make_topic(kafka.address)
    await send(kafka.address, topic, b"before", b"unread")
    assert await receive(kafka.address, topic, 1) == [b"before"]
    async with kafka.away():
        assert not listening(int(kafka.address.rpartition(":")[2]))
    assert await receive(kafka.address, topic, 1) == [b"unread"]


@pytest.mark.kafka
async def test_kafka_comes_back_empty_when_told(kafka: Server) -> None:
    topic = await make_topic(kafka.address)
    await asyncio.to_thread(lambda: kafka.restart(emptied=True))
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.address)
    await admin.start()
    assert topic not in await admin.list_topics()
    await admin.close()


@pytest.fixture
async def collection(mongo_url: str) -> "AsyncIterator[AsyncIOMotorCollection[dict[str, Any]]]":
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo_url, serverSelectionTimeoutMS=10_000)
    database = f"parts-{uuid4().hex[:8]}"
    yield client[database]["things"]
    await client.drop_database(database)
    client.close()


@pytest.mark.mongo
async def test_of_twenty_racing_callers_one_wins(collection: Any) -> None:
    await collection.insert_one({"_id": "thing", "version": 0})
    answers = await asyncio.gather(
        *(
            collection.find_one_and_update(
                {"_id": "thing", "version": 0}, {"$set": {"by": caller}, "$inc": {"version": 1}}
            )
            for caller in range(20)
        )
    )
    assert sum(answer is not None for answer in answers) == 1
    assert (await collection.find_one({"_id": "thing"}))["version"] == 1


@pytest.mark.mongo
async def test_mongo_keeps_what_it_acknowledged_through_a_kill(mongo: Server, collection: Any) -> None:
    await collection.insert_many({"_id": number} for number in range(50))
    await asyncio.to_thread(mongo.restart)
    assert await collection.count_documents({}) == 50


@pytest.mark.mongo
async def test_mongo_comes_back_empty_when_told(mongo: Server, collection: Any) -> None:
    await collection.insert_one({})
    await asyncio.to_thread(lambda: mongo.restart(emptied=True))
    assert await collection.count_documents({}) == 0


def letter(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "clinic@example.org", to, "Su cita, mañana"
    message["Message-ID"] = "<one@example.org>"
    message.set_content("Le esperamos a las diez — gracias.")
    return message


async def post(server: MailServer, to: str) -> None:
    await aiosmtplib.send(letter(to), hostname=server.host, port=server.port, timeout=10)


async def test_accepted_mail_is_in_the_log_and_stays_there(mail_server: MailServer) -> None:
    await post(mail_server, "ana@example.org")
    (mail,) = await mail_server.arrived(to="ana@example.org")
    assert (mail.message_id, mail.sender, mail.subject) == (
        "<one@example.org>",
        "clinic@example.org",
        "Su cita, mañana",
    )
    assert mail.text.strip() == "Le esperamos a las diez — gracias."
    await asyncio.to_thread(mail_server.restart)
    assert mail_server.messages() == [mail]


@pytest.mark.parametrize(("word", "code"), [("tempfail", 451), ("permfail", 550)])
async def test_mail_server_refuses_whom_it_is_told_to(mail_server: MailServer, word: str, code: int) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refusal:
        await post(mail_server, f"ana.{word}@example.org")
    assert refusal.value.recipients[0].code == code
    assert mail_server.messages() == []


async def test_mail_without_an_answer_was_taken_all_the_same(mail_server: MailServer) -> None:
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await post(mail_server, "noanswer@example.org")
    assert len(mail_server.messages()) == 1


@pytest.mark.browser
def test_browser_opens_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("data:text/html,<title>open</title><h1>Hello</h1>")
    assert page.title() == "open"
    assert page.get_by_role("heading").inner_text() == "Hello"
    page.close()


KILLED_RUN = f"""
import signal, sys, types
# As pytest sees the tests: this folder, before any package of that name that a dependency brings.
sys.modules["tests"] = types.ModuleType("tests")
sys.modules["tests"].__path__ = [{str(ROOT / "tests")!r}]
from tests.parts.mailbox import MailServer
server = MailServer()
server.start()
print(server.port, server.folder, flush=True)
signal.pause()
"""


def test_a_server_does_not_outlive_a_killed_test_run() -> None:
    run = subprocess.Popen([sys.executable, "-c", KILLED_RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    port, folder = run.stdout.readline().split()
    assert listening(int(port))
    run.kill()
    run.communicate()
    until(lambda: not listening(int(port)), "the server ends after the run that started it")
    shutil.rmtree(folder)
