"""An event version never changes in a way that its old readers or its old events would not survive."""

import json
from copy import deepcopy
from typing import Any

import pytest

from deploy.events import DOCS, schema
from shared.contracts.catalogue import EVENT_TYPES
from tests.contracts.compatibility import Schema, breaks

REMEDY = "make a new class with the next version (v2), publish both for a while, and leave this one as it was"


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_an_event_is_compatible_with_its_published_schema(name: str) -> None:
    path = DOCS / f"{name}.json"
    assert path.exists(), "a new event: write its schema with `python -m deploy.events --write`"
    found = breaks(json.loads(path.read_text(encoding="utf-8")), json.loads(schema(EVENT_TYPES[name])))
    assert not found, f"{name}: {'; '.join(found)}. Do not write the schema anew: {REMEDY}."


PUBLISHED: Schema = {
    "$defs": {
        "Size": {"enum": ["small", "large"], "type": "string"},
        "Part": {"properties": {"n": {"type": "integer"}}, "required": ["n"], "type": "object"},
    },
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "count": {"type": "integer", "minimum": 1},
        "size": {"$ref": "#/$defs/Size"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["id", "count"],
}


def _changed(*path: str, to: Any = None) -> Schema:
    """The published schema with one place changed, or without it."""
    after = deepcopy(PUBLISHED)
    place: Any = after
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return after


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (_changed("properties", "count"), "count was removed or renamed"),
        (_changed("required", to=["id", "count", "size"]), "size became required"),
        (_changed("properties", "count", "type", to="string"), "count has another type"),
        (_changed("properties", "count", "minimum", to=2), "count is bound more tightly"),
        (_changed("properties", "id", "maxLength", to=9), "id is bound more tightly"),
        (_changed("properties", "id", "pattern", to="^x"), "id has another pattern"),
        (_changed("properties", "note", to={"type": "string"}), "note may no longer be null"),
        (_changed("$defs", "Size", "enum", to=["small"]), "size may no longer be ['large']"),
        (_changed("$defs", "Part", "properties", "n"), "parts[].n was removed or renamed"),
        (_changed("$defs", "Part", "properties", "n", "type", to="number"), "parts[].n has another type"),
    ],
)
def test_a_change_that_breaks_readers_is_found(after: Schema, said: str) -> None:
    [found] = breaks(PUBLISHED, after)
    assert found.startswith(said)


@pytest.mark.parametrize(
    "after",
    [
        PUBLISHED,
        _changed("properties", "more", to={"type": "string"}),
        _changed("required", to=["id"]),
        _changed("$defs", "Size", "enum", to=["small", "large", "huge"]),
        _changed("properties", "count", to={"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}),
        _changed("properties", "count", "minimum", to=0),
        _changed("properties", "id", "maxLength", to=20),
        _changed("properties", "id", "description", to="Only words"),
    ],
)
def test_a_change_that_every_reader_survives_is_allowed(after: Schema) -> None:
    assert breaks(PUBLISHED, after) == []
