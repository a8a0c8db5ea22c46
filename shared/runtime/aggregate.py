"""What a service tells the runtime about its aggregates, and what its reactions answer. Functions and data only."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope, Event
from shared.runtime.store.port import Schema


class State(BaseModel):
    """Base of every aggregate's state. `State()` is the empty one, before the first event."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reads(Protocol):
    """What a command may be made ready with: other aggregates of the same service."""

    async def load_many(self, name: str, ids: Sequence[str]) -> Sequence[Any]: ...


async def as_it_is(_: Reads, command: Command) -> Command:
    """A command that needs to know nothing of other aggregates."""
    return command


@dataclass(frozen=True)
class Aggregate:
    """`decide` and `evolve` are the domain; `timers` names each wait in the state and when it ends; `keys` are the
    fields that queries use (never personal); `unique` names those of them that no two documents may share; `ordered`
    those that lists are read by, page after page, and so end with the id. Timers whose names begin with one of `paced`
    are not rung by the sweep: the service itself runs them, when it has room. `ready` gives a command what it must know
    of other aggregates, as they stand right before it is decided.
    """

    name: str
    state: type[BaseModel]
    decide: Callable[[Any, Command], list[Event]]
    evolve: Callable[[Any, Event], Any]
    events: tuple[type[Event], ...]
    person: Callable[[Any], str | None]
    timers: Callable[[Any], Mapping[str, datetime]] = lambda _: {}
    keys: Callable[[Any], Mapping[str, str | None]] = lambda _: {}
    queried: tuple[str, ...] = ()
    unique: Mapping[str, str] = field(default_factory=dict)
    ordered: tuple[str, ...] = ()
    paced: tuple[str, ...] = ()
    ready: Callable[[Reads, Command], Awaitable[Command]] = as_it_is

    def swept(self, state: Any) -> dict[str, datetime]:
        """The timers that the sweep rings."""
        return {name: due for name, due in self.timers(state).items() if not name.startswith(self.paced)}

    @property
    def schema(self) -> Schema:
        """What a store is told of it."""
        return Schema(self.name, self.queried, tuple(self.unique), self.ordered)


@dataclass(frozen=True)
class Target:
    """One command for one aggregate: what a reaction answers."""

    aggregate: str
    id: str
    command: Command


@dataclass(frozen=True)
class Cause:
    """What a reaction knows beside the event: the clock, who acts (`system:<service>`), and the event's envelope."""

    now: datetime
    actor: str
    envelope: Envelope


Reaction = Callable[[Any, Cause], Iterable[Target]]
Reactions = Mapping[type[Event], Reaction]


def derived_id(prefix: str, *parts: str) -> str:
    """The id of what follows from `parts`: the same parts always make the same thing."""
    return f"{prefix}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}"
