"""Prints the catalogue of events from the code, or writes it with a JSON Schema for each into docs/events."""

import argparse
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from deploy.composition import BUILDERS
from shared.contracts.catalogue import PUBLISHERS, topic_of
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Reaction
from shared.runtime.service import Parts
from shared.runtime.settings import Settings, load_clinic

DOCS = Path("docs/events")


def all_parts(clinic: Path = Path("deploy/clinic.yaml")) -> dict[str, Parts]:
    """The parts of every service, built as for a run but without any connection."""
    settings = Settings("", "", "", b"", "", {}, load_clinic(clinic))
    return {name: build(settings) for name, build in BUILDERS.items()}


def commands_of(reaction: Reaction) -> list[str]:
    """Names of the commands that a reaction makes, read from what its code, and its service's helpers, refer to."""
    waiting: list[Any] = [getattr(reaction, "func", reaction)]
    service = waiting[0].__module__.rpartition(".")[0]
    visited: set[Any] = set()
    commands: set[str] = set()
    while waiting:
        function = waiting.pop()
        visited.add(function)
        for value in [function.__globals__.get(name) for name in _names(function.__code__)]:
            if isinstance(value, type) and issubclass(value, Command):
                commands.add(value.__name__)
            elif inspect.isfunction(value) and value.__module__.rpartition(".")[0] == service and value not in visited:
                waiting.append(value)
    return sorted(commands)


def _names(code: CodeType) -> Iterator[str]:
    """What a function refers to, also within its comprehensions, which are code of their own."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    """Event class, wire name, publisher, topic, and who reacts with which command."""
    parts = all_parts()
    for service, events in PUBLISHERS.items():
        for event in events:
            reactions = [
                f"{reader}: {', '.join(commands_of(part.reactions[event]))}"
                for reader, part in parts.items()
                if event in part.reactions
            ]
            yield event.__name__, event.TYPE, service, topic_of(service), "; ".join(reactions)


def catalogue() -> str:
    """The catalogue as a Markdown table."""
    lines = ["# Events", "", "Written by `python -m deploy.events --write`; a test keeps it true.", ""]
    lines += ["| Event | Type | Published by | Topic | Who reacts |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows()]
    return "\n".join(lines) + "\n"


def schema(event: type[Event]) -> str:
    """JSON Schema of the envelope with this event's data."""
    document = Envelope.model_json_schema()
    data = event.model_json_schema()
    document["title"] = event.__name__
    document["$defs"] = {**document.get("$defs", {}), **data.pop("$defs", {})}
    document["properties"]["type"] = {"const": event.TYPE}
    document["properties"]["data"] = data
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def documents() -> dict[Path, str]:
    """What docs/events must hold."""
    schemas = {DOCS / f"{event.TYPE}.json": schema(event) for events in PUBLISHERS.values() for event in events}
    return {DOCS / "README.md": catalogue(), **schemas}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/events instead of printing")
    if not parser.parse_args().write:
        for name, wire, service, topic, reactions in rows():
            print(f"{name:24} {wire:48} {service} -> {topic}\n{'':24} {reactions or 'nobody reacts yet'}")
        return
    DOCS.mkdir(parents=True, exist_ok=True)
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
