"""The golden samples: what was once said must parse for ever. A sample gains new optional fields, and loses none."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"


def sample(name: str, size: str) -> dict[str, Any]:
    """The `full` or the `minimal` sample of an event's wire name, or of `envelope`."""
    data = json.loads((SAMPLES / f"{name}.{size}.json").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def models_in(value: Any) -> list[BaseModel]:
    """`value` and every model within it."""
    if isinstance(value, BaseModel):
        inner = [part for name in type(value).model_fields for part in models_in(getattr(value, name))]
        return [value, *inner]
    if isinstance(value, dict):
        return [part for one in value.values() for part in models_in(one)]
    if isinstance(value, tuple | list):
        return [part for one in value for part in models_in(one)]
    return []
