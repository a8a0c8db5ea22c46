"""The service is killed at each step of a send. The log of a mail server in a process of its own is the witness."""

import asyncio
import multiprocessing
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.notifications import dying
from tests.notifications.dying import STEPS
from tests.parts.mailbox import MailServer

RUNS = 200
MESSAGES = 5
SEEDS_AT_ONCE = 10

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.notifications.dying"])


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.close()


def in_process(work: Any, *arguments: Any) -> int | None:
    child = FORKS.Process(target=work, args=arguments)
    child.start()
    child.join(60)
    return child.exitcode


async def became(folder: Path) -> dict[str, Any]:
    """Of each message what the record says in the end."""
    store = dying.store_at(str(folder))
    await store.engine.open([])
    found = await store.documents.find("agenda", {})
    await store.engine.close()
    return {id: one for document in found for id, one in document.state["messages"].items()}


def check(id: str, critical: bool, record: Any, sent: int) -> None:
    assert record["status"] == "sent" or (record["status"] == "failed" and record["possibly_sent"]), (id, record)
    if critical:
        assert sent >= 1, f"{id} is about safety and was never sent"
        assert record["status"] == "sent", (id, record)
    else:
        assert sent <= 1, f"{id} was sent {sent} times"
        assert sent == 1 or record["possibly_sent"], f"{id} is lost: nothing was sent, and nothing says so"


@pytest.mark.parametrize("first", range(0, RUNS, SEEDS_AT_ONCE))
def test_killed_at_any_step_what_is_critical_is_sent_and_nothing_else_twice(
    first: int, mail: MailServer, tmp_path: Path
) -> None:
    for seed in range(first, first + SEEDS_AT_ONCE):
        rng = Random(seed)
        folder = tmp_path / str(seed)
        plan = {f"run-{seed}-{n}": n == 0 or rng.random() < 0.5 for n in range(MESSAGES)}
        step, nth = STEPS[seed % len(STEPS)], rng.randint(1, MESSAGES)
        assert in_process(dying.first, str(folder), mail.address, plan, step, nth) == -signal.SIGKILL
        assert in_process(dying.second, str(folder), mail.address) == 0
        sent = Counter(to.partition("@")[0] for one in mail.messages() for to in one.to)
        records = asyncio.run(became(folder))
        assert records.keys() == plan.keys()
        for id, critical in plan.items():
            check(id, critical, records[id], sent[id])
