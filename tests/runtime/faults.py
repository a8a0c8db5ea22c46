"""Faults at a chosen call: the process stops there, or the call fails, before it took effect or after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.runtime.errors import Unavailable
from shared.runtime.store.port import Store

Kind = Literal["crash", "error"]
When = Literal["before", "after"]

_READS = {
    *("load", "load_many", "untold", "due", "find", "page", "count"),
    *("history", "of_patient", "between", "with_key", "heads", "newest"),
    *("get", "get_many", "holding", "listing_mark"),
    *("chain", "of_person"),
}


class Crash(BaseException):
    """The process ends here. Nothing in it may catch this, and nothing of it may go on."""


@dataclass
class Faults:
    """Counts the calls of one process to its surroundings, and fails the one that a test chose."""

    at: int = 0
    kind: Kind = "crash"
    when: When = "before"
    only: Callable[[str], bool] = lambda _: True
    count: int = 0
    fired: str | None = None
    dead: bool = False
    calls: list[str] = field(default_factory=list)

    def plan(self, at: int, kind: Kind, when: When, only: Callable[[str], bool] = lambda _: True) -> None:
        self.at, self.kind, self.when, self.only = at, kind, when, only
        self.count, self.fired, self.dead = 0, None, False

    def fail_next(self, name: str, when: When = "before", kind: Kind = "error") -> None:
        self.plan(1, kind, when, lambda called: called == name)

    async def call(self, name: str, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.dead:
            raise Crash(name)
        self.calls.append(name)
        chosen = False
        if self.at and self.only(name):
            self.count += 1
            chosen = self.count == self.at
        if chosen and self.when == "before":
            self._fire(name)
        try:
            return await work(*arguments, **named)
        finally:
            if self.dead:
                raise Crash(name)
            if chosen and self.when == "after":
                self._fire(name)

    def _fire(self, name: str) -> None:
        self.fired = f"{self.kind} {self.when} {name}"
        if self.kind == "crash":
            self.dead = True
            raise Crash(name)
        raise Unavailable(f"no answer from {name}")


class Part:
    """One part of a store, whose calls may fail."""

    def __init__(self, name: str, part: Any, faults: Faults) -> None:
        self._name = name
        self._part = part
        self._faults = faults

    def __getattr__(self, method: str) -> Any:
        work = getattr(self._part, method)

        async def call(*arguments: Any, **named: Any) -> Any:
            return await self._faults.call(f"{self._name}.{method}", work, *arguments, **named)

        return call


def faulty(store: Store, faults: Faults) -> Store:
    parts: dict[str, Any] = {
        name: Part(name, getattr(store, name), faults) for name in ("documents", "ledger", "cursors", "keys", "audit")
    }
    return Store(**parts, engine=store.engine)


def writes(name: str) -> bool:
    """Whether a call by this name changes something: a write, or a send."""
    return name.partition(".")[2] not in _READS
