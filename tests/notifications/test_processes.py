"""Several processes, each with its own pump, share one store. A mail server in a further process is the witness."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from email import message_from_string, policy
from pathlib import Path
from random import Random

import pytest

from tests.notifications import dying
from tests.notifications.test_kill import FORKS, became, in_process
from tests.parts.mailbox import Mail, MailServer

NAMES = ("first", "second", "third")
MESSAGES = 300


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.close()


def sender_of(mail: Mail) -> str:
    """Which process sent it: each sends under a name of its own."""
    found = message_from_string(mail.raw, policy=policy.default)
    return str(found["From"].addresses[0].display_name)


def test_three_processes_that_share_a_store_send_each_message_once_and_each_of_them_some(
    mail: MailServer, tmp_path: Path
) -> None:
    rng = Random(1)
    plan = {f"message-{n}": rng.random() < 0.1 for n in range(MESSAGES)}
    assert in_process(dying.fills, str(tmp_path), plan) == 0
    work = [(str(tmp_path), mail.address, name, len(NAMES)) for name in NAMES]
    children = [FORKS.Process(target=dying.shares, args=arguments) for arguments in work]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * len(NAMES)
    sent = Counter(to.partition("@")[0] for one in mail.messages() for to in one.to)
    assert sent == dict.fromkeys(plan, 1)
    assert {sender_of(one) for one in mail.messages()} == set(NAMES)
    records = asyncio.run(became(tmp_path))
    assert {id: one["status"] for id, one in records.items()} == dict.fromkeys(plan, "sent")
