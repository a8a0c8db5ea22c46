"""Everything that can go wrong, as data; and who asks at each call whether it goes wrong now."""

from collections import Counter
from collections.abc import Callable, Set
from dataclasses import dataclass

CALLS = {
    "save": ("documents.save",),
    "mark": ("documents.mark_relayed",),
    "claim": ("documents.claim_unrelayed",),
    "file": ("ledger.file",),
    "advance": ("cursors.advance",),
    "hold": ("cursors.hold", "cursors.release"),
    "reject": ("cursors.reject",),
    "listing": ("cursors.set_listing_mark",),
    "key": ("keys.put_new", "keys.replace"),
    "send": ("producer.send",),
    "commit": ("group.commit",),
    "mail": ("email.send",),
    "short": ("sms.send", "push.send"),
    "request": ("request", "history"),
    "history": ("history",),
    "read": (
        *("documents.load", "documents.load_many", "documents.find", "documents.page", "documents.due"),
        *("cursors.get", "ledger.history", "ledger.heads"),
    ),
}
"""Calls that one trouble may meet, by the name that stories use."""

WRITES = frozenset(
    name for kind, names in CALLS.items() if kind not in ("read", "send", "commit", "mail", "short") for name in names
)
_COUNTED = WRITES | {"producer.send", "group.commit", "email.send", "sms.send", "push.send"}


@dataclass(frozen=True)
class Trouble:
    """`kind` happens to `service` at `at` seconds, or at its next call of the kind `call` after that.

    `amount` is how much of it: seconds for what lasts, a number of records for what is lost. A crash without a `call`
    happens at the write whose number in the whole run is `amount`.
    """

    at: float
    kind: str
    service: str
    call: str = ""
    amount: float = 0.0


class Troubles:
    """What is armed. Each trouble happens once, to the first call that it fits."""

    def __init__(self) -> None:
        self._armed: list[Trouble] = []
        self.happened: Counter[str] = Counter()
        self.heard: Callable[[str], None] = lambda _: None
        self.writes = 0
        self._numbered: dict[int, str] = {}
        self._spans: list[tuple[float, float, str]] = []

    def arm(self, trouble: Trouble) -> None:
        self._armed.append(trouble)

    def arm_number(self, number: int, kind: str) -> None:
        """The `number`th write of the whole run, counted from 1, meets `kind`."""
        self._numbered[number] = kind

    def disarm(self) -> None:
        """From now on nothing goes wrong."""
        self._armed.clear()
        self._numbered.clear()

    def take(self, service: str, call: str, kinds: tuple[str, ...], now: float) -> Trouble | None:
        """The trouble of one of `kinds` that this call of `service` meets, if there is one. It is spent by that."""
        if call in _COUNTED and "crash_before" in kinds:
            self.writes += 1
        if call in _COUNTED and self._numbered.get(self.writes) in kinds:
            kind = self._numbered.pop(self.writes)
            self.note(kind, now, "numbered")
            return Trouble(now, kind, service)
        for place, trouble in enumerate(self._armed):
            if trouble.service == service and trouble.kind in kinds and call in CALLS[trouble.call]:
                self.note(trouble.kind, now, f"{trouble.call} of {service}", trouble.amount)
                return self._armed.pop(place)
        return None

    def note(self, kind: str, now: float, call: str = "", lasts: float = 0.0) -> None:
        name = f"{kind} {call}".strip()
        self.happened[name] += 1
        self.heard(f"  ** {name}")
        self._spans.append((now, now + lasts, kind))

    def calm(self, start: float, end: float, after: float = 600.0, of: Set[str] | None = None) -> bool:
        """Whether nothing (or nothing `of` those kinds) went wrong from `after` seconds before `start` until `end`."""
        return not any(
            begin <= end and start <= stop + after and (of is None or kind in of) for begin, stop, kind in self._spans
        )
