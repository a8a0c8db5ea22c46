"""Freezes, when a release is made, the schemas of all that it says and stores; `docs/releasing.md` says why."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from deploy.events import all_parts
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Envelope

RELEASED = Path("tests/contracts/released")


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema, by file name, of the envelope, of every event's data and of every aggregate's stored state."""
    events = {f"events/{name}.json": event.model_json_schema() for name, event in EVENT_TYPES.items()}
    states = {
        f"states/{service}.{aggregate.name}.json": aggregate.state.model_json_schema()
        for service, parts in all_parts().items()
        for aggregate in parts.aggregates
    }
    return {"envelope.json": Envelope.model_json_schema(), **events, **states}


def freeze(folder: Path) -> int:
    """Write them into `folder`, and answer how many. Raises `FileExistsError`: a release is never written anew."""
    folder.mkdir(parents=True)
    for name, schema in schemas().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(schemas())


def main() -> None:
    folder = RELEASED / tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    try:
        print(f"{freeze(folder)} schemas are frozen in {folder}")
    except FileExistsError:
        sys.exit(f"{folder} is frozen already. Raise the version in pyproject.toml, then run this again.")


if __name__ == "__main__":
    main()
