"""A name that was written is in no byte of a store or a topic."""

import os
from pathlib import Path

import pytest

from tests.runtime.stores import open_by_words
from tests.runtime.toys import NAME
from tests.runtime.world import World


def bytes_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if path.is_file()]


async def test_a_planted_name_is_nowhere_in_the_bytes_of_stores_and_topics(world: World, tmp_path: Path) -> None:
    """SQLite's files with their logs, and every message; also when an event fails."""
    for amount in (1, 2, 3):
        await world.change("tally-1", amount, note=NAME, slot="monday", remind_at=world.clock.now())
    world.builds[1].fails_on.add(3)
    await world.hear()
    await world.referrals.timers.run()
    assert (await world.referrals.state("tally-1")).note == NAME
    messages = [record.value or b"" for topic in world.broker.topics.values() for record in topic]
    files = bytes_of(tmp_path)
    assert len(files) >= 6
    assert sum(map(len, messages)) > 1000
    for part in NAME.split("-") + NAME.split():
        assert not [found for found in files + messages if part.encode() in found]


@pytest.mark.mongo
async def test_a_planted_name_is_nowhere_in_a_mongo_database(mongo_url: str, toy_events: None) -> None:
    from pymongo import MongoClient

    prefix = f"test_{os.urandom(6).hex()}"
    names = {name: f"{prefix}_{name}" for name in ("referrals", "interventions", "vault")}
    world = World({name: open_by_words(["mongo", mongo_url, database]) for name, database in names.items()})
    await world.open()
    await world.change("tally-1", 1, note=NAME)
    await world.hear()
    await world.close()
    with MongoClient[dict[str, object]](mongo_url) as client:
        databases = [client[database] for database in names.values()]
        rows = [str(row) for d in databases for table in d.list_collection_names() for row in d[table].find()]
        for database in names.values():
            client.drop_database(database)
    assert len(rows) > 5
    assert not [row for row in rows if "Quintana" in row]
