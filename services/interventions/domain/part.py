"""The base of all that the aggregates remember. All of it comes from their own events."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of all state: frozen, and a field that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")
