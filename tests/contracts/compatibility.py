"""What may change in an event without a new version: a reader must still understand all that was ever said.

Allowed: a new optional field, a further value of a list of codes, a further type for a value, a looser bound.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_BOUNDS = {"minimum": min, "minLength": min, "minItems": min, "maximum": max, "maxLength": max, "maxItems": max}
_MUST_STAY = ("type", "format", "pattern", "const")


def breaks(before: Schema, after: Schema) -> list[str]:
    """Every difference that would make an old event unreadable, by field."""
    return sorted(_object(before, after, before, after, ""))


def _object(before: Schema, after: Schema, old: Schema, new: Schema, path: str) -> Iterator[str]:
    """`before` and `after` are the documents in which references are looked up; `old` and `new` what is compared."""
    has = new.get("properties", {})
    for name, field in old.get("properties", {}).items():
        where = f"{path}.{name}".lstrip(".")
        if name not in has:
            yield f"{where} was removed or renamed"
        else:
            yield from _value(before, after, field, has[name], where)
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{path}.{name}".lstrip(".") + " became required"


def _value(before: Schema, after: Schema, old: Schema, new: Schema, path: str) -> Iterator[str]:
    old, new = _resolved(before, old), _resolved(after, new)
    kinds, may_be = _kinds(before, old), _kinds(after, new)
    if len(kinds) > 1 or len(may_be) > 1:
        for kind in kinds:
            if not any(not list(_value(before, after, kind, other, path)) for other in may_be):
                yield f"{path} may no longer be {kind.get('format') or kind.get('type')}, or is bound more tightly"
        return
    for key in _MUST_STAY:
        if key in new and new[key] != old.get(key):
            yield f"{path} has another {key}: {old.get(key)} became {new[key]}"
        elif key in ("type", "const") and key in old and key not in new:
            yield f"{path} lost its {key}"
    if "enum" in new and not set(old.get("enum", [None])) <= set(new["enum"]):
        yield f"{path} may no longer be {sorted(set(old.get('enum', ['anything'])) - set(new['enum']))}"
    for key, looser in _BOUNDS.items():
        if key in new and (key not in old or looser(old[key], new[key]) != new[key]):
            yield f"{path} is bound more tightly: {key} is {new[key]}"
    yield from _object(before, after, old, new, path)
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            yield from _value(before, after, old[key], new[key], f"{path}[]")


def _kinds(document: Schema, value: Schema) -> list[Schema]:
    return [_resolved(document, kind) for kind in value.get("anyOf", [value])]


def _resolved(document: Schema, value: Schema) -> Schema:
    if "$ref" not in value:
        return value
    found: Schema = document["$defs"][value["$ref"].removeprefix("#/$defs/")]
    return found
