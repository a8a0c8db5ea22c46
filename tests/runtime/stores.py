"""What the store tests are made of: a schema, documents and events, and a process that writes until it is killed."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from shared.runtime.store.port import Document, Hold, Json, Schema, Stale, Store, Taken
from tests.simulation.disk import Disk
from tests.simulation.records import simulated_store

T = TypeVar("T")

KIND = "referral"
SCHEMAS = (
    Schema(KIND, ("status", "owner", "open_key"), unique=("open_key", "slot"), ordered=("line",)),
    Schema("episode"),
)
NOW = 1_800_000_000_000

OUTLIVING = ["sqlite", pytest.param("mongo", marks=pytest.mark.mongo)]
"""Stores whose data outlives the process that wrote it."""

EVERY = [*OUTLIVING, "simulated"]

DISKS: dict[str, Disk] = {}


def new(id: str = "referral-1", **fields: Any) -> Document:
    """A document that is to be saved for the first time."""
    return Document(**{"id": id, "kind": KIND, "version": 1, "rev": 1, **fields})


def later(document: Document, **fields: Any) -> Document:
    """The same document, to be saved once more."""
    return replace(document, rev=document.rev + 1, **fields)


def event(subject: str, sequence: int, **fields: Any) -> Json:
    return {
        "id": f"{subject}/{sequence}",
        "subject": subject,
        "sequence": sequence,
        "patient": None,
        "idempotencykey": None,
        "time": f"2026-01-01T00:00:{sequence:02}Z",
        "data": {"text": "Zoë, $currentDate.x", "$set": 1},
        **fields,
    }


def hold(sequence: int, **fields: Any) -> Hold:
    return Hold(
        **{"sequence": sequence, "reason": "poison", "event_id": "e", "error": "$no", "build": "b", "at": NOW, **fields}
    )


async def loaded(store: Store, id: str = "referral-1") -> Document:
    document = await store.documents.load(KIND, id)
    assert document is not None
    return document


async def outcome(work: Awaitable[None]) -> str:
    """What became of a save: `kept`, `stale`, or the key that is taken."""
    try:
        await work
    except Stale:
        return "stale"
    except Taken as taken:
        return taken.key
    return "kept"


async def race(works: Iterable[Awaitable[T]]) -> list[T]:
    return list(await asyncio.gather(*works))


def open_by_words(words: list[str]) -> Store:
    match words:
        case ["sqlite", path]:
            from shared.runtime.store.sqlite import sqlite_store

            return sqlite_store(Path(path))
        case ["mongo", url, database]:
            from shared.runtime.store.mongo import mongo_store

            return mongo_store(url, database)
        case ["simulated", name]:
            return simulated_store(DISKS.setdefault(name, Disk(lambda: time.time_ns() // 1_000_000)))
    raise ValueError(words)


async def write_for_ever(words: list[str]) -> None:
    """Eight at once write documents and events, and print each id once both are acknowledged."""
    store = open_by_words(words)
    await store.engine.open(SCHEMAS)

    async def write(worker: int) -> None:
        n = 0
        while True:
            n += 1
            id = f"referral-{worker}.{n}"
            await store.documents.save(new(id, state={"text": "x" * 2000}))
            await store.ledger.file([event(id, 1)])
            print(id, flush=True)

    await race(write(worker) for worker in range(8))


if __name__ == "__main__":
    asyncio.run(write_for_ever(sys.argv[1:]))
