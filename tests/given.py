"""Rules read as sentences: `given(aggregate, *events).when(command).then(*events)`, or `.refused("code")`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.runtime.aggregate import Aggregate
from tests.contracts.shelf import models_in


@dataclass(frozen=True)
class Outcome:
    """A command that meets a state; nothing is decided until the test says what it expects."""

    aggregate: Aggregate
    state: Any
    command: Command

    def events(self) -> list[Event]:
        """What was decided, for tests that look at a part of it."""
        return self.aggregate.decide(self.state, self.command)

    def then(self, *expected: Event) -> "Given":
        """Exactly these events, in this order; answers what follows, so that a story can go on."""
        assert self.events() == list(expected)
        return self.happened()

    def happened(self) -> "Given":
        """The story goes on with whatever was decided."""
        return Given(self.aggregate, _evolved(self.aggregate, self.state, self.events()))

    def refused(self, code: str, **detail: str | int) -> None:
        """A rule says no with this code and, where given, at least these details."""
        with pytest.raises(Rejected) as refusal:
            self.aggregate.decide(self.state, self.command)
        assert refusal.value.code == code
        assert {name: refusal.value.detail.get(name) for name in detail} == detail


@dataclass(frozen=True)
class Given:
    """An aggregate in some state."""

    aggregate: Aggregate
    state: Any

    def when(self, command: Command) -> Outcome:
        """Somebody wants something."""
        return Outcome(self.aggregate, self.state, command)


def given(aggregate: Aggregate, *events: Event) -> Given:
    """The aggregate after `events`."""
    return Given(aggregate, _evolved(aggregate, aggregate.state(), events))


def _evolved(aggregate: Aggregate, state: Any, events: Sequence[Event]) -> Any:
    for event in events:
        state = aggregate.evolve(state, event)
    for model in models_in(state):
        # `model_copy` takes any name: a slip in one would lose what it was to keep, without a word.
        assert vars(model).keys() == type(model).model_fields.keys(), type(model).__name__
    # A state that cannot be stored and read back is a fault that no single rule would show.
    assert aggregate.state.model_validate_json(state.model_dump_json()) == state
    return state
