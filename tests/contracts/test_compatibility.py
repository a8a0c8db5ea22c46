"""A schema never changes in a way that its old readers, or what was written by it, would not survive."""

import json
from copy import deepcopy
from typing import Any

import pytest

from deploy.events import DOCS, schema
from shared.contracts.catalogue import EVENT_TYPES
from tests.contracts.compatibility import Schema, backward, forward

REMEDY = "make a new class with the next version (v2), publish both for a while, and leave this one as it was"


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_an_event_is_compatible_with_its_published_schema(name: str) -> None:
    path = DOCS / f"{name}.json"
    assert path.exists(), "a new event: write its schema with `python -m deploy.events --write`"
    found = backward(json.loads(path.read_text(encoding="utf-8")), json.loads(schema(EVENT_TYPES[name])))
    assert not found, f"{name}: {'; '.join(found)}. Do not write the schema anew: {REMEDY}."


NOTHING: Schema = {"type": "null"}
OPTIONAL_COUNT: Schema = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
PUBLISHED: Schema = {
    "$defs": {
        "Size": {"enum": ["small", "large"], "type": "string"},
        "Part": {"properties": {"n": {"type": "integer"}}, "required": ["n"], "type": "object"},
        "Whole": {"properties": {"m": {"type": "integer"}}, "required": ["m"], "type": "object"},
    },
    "properties": {
        "id": {"type": "string", "maxLength": 10, "pattern": "^[a-z]"},
        "count": {"type": "integer", "minimum": 1},
        "size": {"$ref": "#/$defs/Size"},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "day": {"type": "string", "format": "date"},
        "whole": {"anyOf": [{"$ref": "#/$defs/Whole"}, {"type": "null"}]},
        "scores": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "propertyNames": {"enum": ["start", "end"], "type": "string"},
        },
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
def test_a_change_that_old_data_does_not_survive_is_found(after: Schema, said: str) -> None:
    [found] = backward(PUBLISHED, after)
    assert found.startswith(said)


@pytest.mark.parametrize(
    "after",
    [
        PUBLISHED,
        _changed("properties", "more", to={"type": "string"}),
        _changed("required", to=["id"]),
        _changed("$defs", "Size", "enum", to=["small", "large", "huge"]),
        _changed("properties", "count", to=OPTIONAL_COUNT),
        _changed("properties", "count", "minimum", to=0),
        _changed("properties", "id", "maxLength", to=20),
        _changed("properties", "id", "description", to="Only words"),
    ],
)
def test_a_change_that_all_old_data_survives_is_allowed(after: Schema) -> None:
    assert backward(PUBLISHED, after) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (_changed("required", to=["id"]), "count may now be missing"),
        (_changed("properties", "count", "type", to="string"), "count has another type: integer became string"),
        (_changed("properties", "count", "type"), "count has another type: integer became None"),
        (_changed("properties", "count", "minimum", to=0), "count is bound more loosely: minimum 1 became 0"),
        (_changed("properties", "count", "minimum"), "count is bound more loosely: minimum 1 became None"),
        (_changed("properties", "id", "maxLength", to=20), "id is bound more loosely: maxLength 10 became 20"),
        (_changed("properties", "id", "pattern"), "id has another pattern: ^[a-z] became None"),
        (_changed("properties", "count", to=OPTIONAL_COUNT), "count may now be null"),
        (_changed("properties", "day", "format"), "day has another format: date became None"),
        (_changed("$defs", "Size", "enum", to=["small", "large", "huge"]), "size may now be ['huge']"),
        (_changed("$defs", "Size", "enum"), "size may now be ['anything']"),
        (_changed("$defs", "Part", "required"), "parts[].n may now be missing"),
        (_changed("$defs", "Whole", "properties", "m", "type", to="string"), "whole.m has another type"),
        (_changed("properties", "whole", "anyOf", to=[{"type": "string"}, NOTHING]), "whole may now be string"),
        (_changed("properties", "scores", "additionalProperties", "type", to="number"), "scores[] has another type"),
        (_changed("properties", "scores", "additionalProperties", to=True), "scores[] has another type"),
        (_changed("properties", "scores", "propertyNames"), "scores as a key may now be ['anything']"),
    ],
)
def test_a_change_that_old_readers_do_not_survive_is_found(after: Schema, said: str) -> None:
    assert [one for one in forward(PUBLISHED, after) if one.startswith(said)]


@pytest.mark.parametrize(
    "after",
    [
        PUBLISHED,
        _changed("properties", "more", to={"type": "string"}),
        _changed("$defs", "Part", "properties", "more", to={"type": "string"}),
        _changed("$defs", "Whole", "properties", "more", to={"type": "string"}),
        _changed("required", to=["id", "count", "more"]),
        _changed("$defs", "Size", "enum", to=["small"]),
        _changed("properties", "count", "minimum", to=2),
        _changed("properties", "id", "maxLength", to=9),
        _changed("properties", "note", to={"type": "string"}),
        _changed("properties", "id", "description", to="Only words"),
    ],
)
def test_a_change_that_old_readers_survive_is_allowed(after: Schema) -> None:
    assert forward(PUBLISHED, after) == []


def test_a_reader_that_refuses_unknown_fields_does_not_survive_a_new_one() -> None:
    closed = {**PUBLISHED, "additionalProperties": False}
    after = {**closed, "properties": {**closed["properties"], "more": {"type": "string"}}}
    assert backward(closed, after) == []
    assert forward(closed, after) == ["more is new, and an old reader refuses fields that it does not know"]
