"""What the releases said and stored, and what a change since then would break for whom, with what to do instead."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.freeze import RELEASED
from tests.contracts.compatibility import Schema, backward, forward

REMEDIES = {
    "events": (
        "Leave this version as it was. Add a class with the next version (v2), say both until every reader knows the "
        "new one, and let evolve and reactions take both for ever: the old one stands in ledgers."
    ),
    "states": (
        "Stored documents must load. Give a new field a default, keep a field that nothing sets any more, and put "
        "a value of another form into a new field beside the old one, read by an upcaster: `model_validator` "
        'with mode="before".'
    ),
    "envelope.json": "Every event, of every version, travels in it. Add an optional attribute, and leave the others.",
}


def releases() -> list[Path]:
    """The frozen releases, the oldest first."""
    return sorted(RELEASED.iterdir(), key=lambda folder: [int(part) for part in folder.name.split(".")])


def frozen(folder: Path) -> dict[str, Schema]:
    """The schemas of one release, by the names that `deploy.freeze` gives them."""
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.json")
    }


def unreadable_now(then: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """What today's code could not read of a release."""
    return [
        _complaint(name, f"today's code must read what was written: {problem}")
        for name, schema in sorted(then.items())
        for problem in (backward(schema, now[name]) if name in now else ["it is gone"])
    ]


def unreadable_then(then: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """What a reader who knows only that release could not read of today's. Only its own service reads a state."""
    return [
        _complaint(name, f"readers of the last release must read what is said now: {problem}")
        for name, schema in sorted(then.items())
        if name in now and not name.startswith("states/")
        for problem in forward(schema, now[name])
    ]


def _complaint(name: str, problem: str) -> str:
    return f"{name.removesuffix('.json')}: {problem}. {REMEDIES[name.partition('/')[0]]}"


def words(schema: object) -> Iterator[str]:
    """The words of JSON Schema that a schema uses, not the names of its fields."""
    if isinstance(schema, list):
        for one in schema:
            yield from words(one)
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            named = key in ("properties", "$defs")
            # A default is a value, whose words are those of the fields.
            yield from words(list(value.values()) if named else [] if key == "default" else value)
