"""What may change in a schema without a new version: whoever reads must understand all that was, or will be, written.

One comparison serves both directions: between those who write by one schema and those who read by another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Schema = dict[str, Any]

UNDERSTOOD = {
    *("$defs", "$ref", "additionalProperties", "anyOf", "const", "enum", "format", "items", "pattern", "properties"),
    *("propertyNames", "required", "type", "minimum", "minLength", "minItems", "maximum", "maxLength", "maxItems"),
    *("default", "description", "title"),
}
"""The words of JSON Schema that the comparison knows. The last three bind nobody."""

BACKWARD = {
    "forgotten": "{path} was removed or renamed",
    "refused": "{path} was removed or renamed",
    "missing": "{path} became required",
    "form": "{path} has another {key}: {written} became {reader}",
    "value": "{path} may no longer be {written}",
    "bound": "{path} is bound more tightly: {key} {written} became {reader}",
}
FORWARD = {
    "refused": "{path} is new, and an old reader refuses fields that it does not know",
    "missing": "{path} may now be missing",
    "form": "{path} has another {key}: {reader} became {written}",
    "value": "{path} may now be {written}",
    "bound": "{path} is bound more loosely: {key} {reader} became {written}",
}

_FORMS = ("type", "format", "pattern")
_BOUNDS = {"minimum": min, "minLength": min, "minItems": min, "maximum": max, "maxLength": max, "maxItems": max}
_PARTS = {"items": "[]", "additionalProperties": "[]", "propertyNames": " as a key"}


def backward(before: Schema, after: Schema) -> list[str]:
    """Every change that makes old data unreadable, or loses a part of it, by field."""
    return _told(before, after, BACKWARD)


def forward(before: Schema, after: Schema) -> list[str]:
    """Every change that makes new data unreadable to whoever knows only `before`, by field."""
    return _told(after, before, FORWARD)


@dataclass(frozen=True)
class Difference:
    """Something that may be `written` at `path` and that the `reader` does not expect there."""

    path: str
    kind: str
    key: str = ""
    written: Any = None
    reader: Any = None


def _told(written: Schema, reader: Schema, words: Mapping[str, str]) -> list[str]:
    found = _Comparison(written, reader).objects(written, reader, "")
    return sorted(words[one.kind].format(**asdict(one)) for one in found if one.kind in words)


@dataclass(frozen=True)
class _Comparison:
    """Of two documents, in which references are looked up."""

    written: Schema
    reader: Schema

    def objects(self, written: Schema, reader: Schema, path: str) -> Iterator[Difference]:
        fields = reader.get("properties", {})
        for name, field in written.get("properties", {}).items():
            place = f"{path}.{name}".lstrip(".")
            if name in fields:
                yield from self.values(field, fields[name], place)
            else:
                yield Difference(place, "refused" if reader.get("additionalProperties") is False else "forgotten")
        for name in set(reader.get("required", ())) - set(written.get("required", ())):
            yield Difference(f"{path}.{name}".lstrip("."), "missing")

    def values(self, written: Schema, reader: Schema, path: str) -> Iterator[Difference]:
        kinds, readable = _kinds(self.written, written), _kinds(self.reader, reader)
        if len(kinds) == len(readable) == 1:
            yield from self._one(kinds[0], readable[0], path)
            return
        for kind in kinds:
            same = [list(self._one(kind, other, path)) for other in readable if other.get("type") == kind.get("type")]
            yield from min(same, key=len, default=[Difference(path, "value", written=_name(kind))])

    def _one(self, written: Schema, reader: Schema, path: str) -> Iterator[Difference]:
        for key in _FORMS:
            if key in reader and reader[key] != written.get(key):
                yield Difference(path, "form", key, written.get(key), reader[key])
        allowed, possible = _constants(reader), _constants(written) or ["anything"]
        if allowed and not set(possible) <= set(allowed):
            yield Difference(path, "value", written=sorted(set(possible) - set(allowed)))
        for key, looser in _BOUNDS.items():
            if key in reader and (key not in written or looser(written[key], reader[key]) != reader[key]):
                yield Difference(path, "bound", key, written.get(key), reader[key])
        yield from self.objects(written, reader, path)
        for key, suffix in _PARTS.items():
            if isinstance(reader.get(key), dict):
                part = written.get(key)
                yield from self.values(part if isinstance(part, dict) else {}, reader[key], path + suffix)


def _kinds(document: Schema, value: Schema) -> list[Schema]:
    value = _resolved(document, value)
    return [_resolved(document, kind) for kind in value.get("anyOf", [value])]


def _name(kind: Schema) -> str:
    return str(kind.get("format") or kind.get("type") or "anything")


def _constants(value: Schema) -> list[Any]:
    return [value["const"]] if "const" in value else list(value.get("enum", ()))


def _resolved(document: Schema, value: Schema) -> Schema:
    if "$ref" not in value:
        return value
    found: Schema = document["$defs"][value["$ref"].removeprefix("#/$defs/")]
    return found
