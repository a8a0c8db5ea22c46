"""Every route of the three services with something valid to send, made from what each says of itself (OpenAPI)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings, load_clinic
from tests.architecture.caregiver_routes import Way
from tests.architecture.system import SERVICES, parts

Json = dict[str, Any]
_WORDS = (
    "en",
    "x" * 8,
    "a@people.example",
    "09:00",
    "+12025550123",
    "123456",
    "Rosa",
    "2026-05-03",
    "module-1",
    "2026-03",
    "1",
)


@dataclass(frozen=True)
class Call:
    """One route, and what it takes."""

    way: Way
    path: tuple[Json, ...]
    query: tuple[Json, ...]
    body: Json | None
    document: Json
    named: bool
    """Whether its answer is made of fields with names."""

    def sent(self, known: Mapping[str, str], now: datetime) -> tuple[str, dict[str, Any], Any]:
        """Path, query and body that are valid. `known` are ids by their names."""
        sampler = _Sampler(self.document, known, now)
        path = self.way.path
        for one in self.path:
            value = known.get(one["name"]) or sampler.of(one["schema"], one["name"])
            path = path.replace(f"{{{one['name']}}}", str(value))
        wanted = [one for one in self.query if one.get("required")]
        query = {one["name"]: sampler.of(one["schema"], one["name"]) for one in wanted}
        return path, query, None if self.body is None else sampler.of(self.body, "")


def calls(folder: Path) -> list[Call]:
    """All there are. `folder` is where the services would keep data; none is started."""
    return sorted((call for name in SERVICES for call in _of(name, folder)), key=lambda call: call.way)


def _of(name: str, folder: Path) -> Iterator[Call]:
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), "s" * 40, {}, load_clinic(Path("deploy/clinic.yaml")))
    app = Service(parts()[name], settings, open_store(place, name), open_store(place, "vault")).app()
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            given = said.get("parameters", ())
            place, query = (tuple(one for one in given if one["in"] == where) for where in ("path", "query"))
            content = said.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            answers = [
                answer.get("content", {}) for code, answer in said["responses"].items() if code in ("200", "201")
            ]
            named = any("$ref" in str(answer.get("application/json")) for answer in answers)
            yield Call(Way(name, method.upper(), path), place, query, body, document, named)


def bodies(folder: Path) -> Iterator[tuple[str, Json]]:
    """The schema of every object that a route takes, with all that is in it."""
    for call in calls(folder):
        if call.body is not None:
            for schema in _objects(call.body, call.document, ()):
                yield str(call.way), schema


def _objects(schema: Json, document: Json, seen: tuple[str, ...]) -> Iterator[Json]:
    if reference := schema.get("$ref"):
        if reference not in seen:
            yield from _objects(_resolved(reference, document), document, (*seen, reference))
        return
    if schema.get("type") == "object" and "properties" in schema:
        yield schema
    nested = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    nested += [*schema.get("properties", {}).values(), *schema.get("prefixItems", ())]
    nested += [one for one in (schema.get("items"), schema.get("additionalProperties")) if isinstance(one, dict)]
    for one in nested:
        yield from _objects(one, document, seen)


def _resolved(reference: str, document: Json) -> Json:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


class _Sampler:
    def __init__(self, document: Json, known: Mapping[str, str], now: datetime) -> None:
        self._document = document
        self._known = known
        self._now = now

    def of(self, schema: Json, name: str) -> Any:
        """Something that the schema takes."""
        if "$ref" in schema:
            return self.of(_resolved(schema["$ref"], self._document), name)
        if "const" in schema or "enum" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.of(schema[several][0], name)
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                items = schema.get("prefixItems") or [schema.get("items", {})] * int(schema.get("minItems", 0))
                return [self.of(one, name) for one in items]
            case "integer" | "number":
                return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            case "boolean":
                return True
            case "null":
                return None
        return self._text(schema, name)

    def _object(self, schema: Json) -> Json:
        wanted = schema.get("required", ())
        found = {name: self.of(schema["properties"][name], name) for name in wanted}
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and schema.get("minProperties"):
            found["1"] = self.of(more, "1")
        return found

    def _text(self, schema: Json, name: str) -> str:
        if name in self._known:
            return self._known[name]
        match schema.get("format"):
            case "date":
                return (self._now + timedelta(days=9)).date().isoformat()
            case "date-time":
                return (self._now + timedelta(days=9)).isoformat()
            case "time":
                return "09:00"
        pattern, least = schema.get("pattern", ""), int(schema.get("minLength", 0))
        most = int(schema.get("maxLength", 10_000))
        return next(one for one in _WORDS if re.search(pattern, one) and least <= len(one) <= most)
