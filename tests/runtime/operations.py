"""Random operations over the whole port of a store, out of pools so small that they meet one another all the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from shared.runtime.store.port import Cursor, Hold, Json, Mark
from tests.runtime.stores import KIND, NOW, event

KINDS = (KIND, "episode")
IDS = ("a", "B", "a.b:$c")
SERVICES = ("referrals", "interventions")
UNIQUE = ("open_key", "slot")
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Call:
    """A call as one writes it. An argument `SINCE` stands for the moment of the last `pass_time`."""

    part: str
    method: str
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        named = (f"{name}={value!r}" for name, value in self.named.items())
        return f"{self.part}.{self.method}({', '.join((*map(repr, self.args), *named))})"


@dataclass(frozen=True)
class Save:
    """A save of `id` with a `rev` that is `step` above the stored one, or 1 where it is `None`."""

    kind: str
    id: str
    step: int | None
    fields: Json

    def __repr__(self) -> str:
        fields = "".join(f", {name}={value!r}" for name, value in self.fields.items())
        return f"save({self.kind!r}, {self.id!r}, step={self.step}{fields})"


class _Word:
    def __init__(self, word: str) -> None:
        self._word = word

    def __repr__(self) -> str:
        return self._word


Operation = Call | Save | _Word

SINCE = _Word("SINCE")
PASS_TIME = _Word("pass_time()")
REOPEN = _Word("reopen()")

_names = st.sampled_from(["a", "", "a.b", "$set", "$$ROOT", "_id", "id", "Zoë", "ключ", 'quo"te'])
_texts = st.sampled_from(["", "x", "$name", "a.b", "Zoë 🙂", "\\u0041", "'\"\n", "nul\0nul", "01"])
_numbers = st.sampled_from([0, 1, -1, LARGEST, -LARGEST])
_leaves = st.none() | st.booleans() | _numbers | _texts | st.sampled_from([0.1, -0.0, 1e300])
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3), max_leaves=5
)
_jsons = st.dictionaries(_names, _values, max_size=3)
_lists = st.lists(_jsons, max_size=2)
_counts = st.dictionaries(_names, _numbers, max_size=2)

_kinds = st.sampled_from([KIND, KIND, KIND, "episode"])
_ids = st.sampled_from(IDS)
_services = st.sampled_from(SERVICES)
_few = st.integers(0, 4)
_sequences = st.integers(1, 4) | st.just(LARGEST)
_times = (NOW, NOW - 1, NOW + 1, NOW + 30_000, NOW + 60_000, NOW + 60_001, 0, LARGEST)
_moments = st.sampled_from(_times)
_waits = st.sampled_from([None, *_times])
_limits = st.integers(1, 3) | st.just(100)
_looked_up = st.sampled_from(["x", "x", "x", "", "p.1|$x", 'Zoë"\\'])
_requests = st.sampled_from([None, "k", "$k", "k.\0"])
# One beginning of another, and some that bytes, code points and UTF-16 put into different orders.
_lines = st.sampled_from(["", "x", "x|", "x|1", "x|1|a", "x|2", "X|1", "xy", "é|1", "\ufb01|1", "🙂|1", "$x", "a.b|1"])
_keys = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(("status", "owner", *UNIQUE, "other"), _looked_up), "line": _lines}
)
_where = st.fixed_dictionaries({}, optional=dict.fromkeys(("status", "owner", "open_key"), _looked_up))

# What an id stands for is fixed: the number of its subject. What it says may differ, and the first filing counts.
_entries = st.builds(
    lambda subject, sequence, **fields: event(subject, sequence, **fields),
    _ids,
    _sequences,
    patient=st.none() | _ids,
    idempotencykey=_requests,
    time=st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2025-12-31T23:59:59Z"]),
    data=_jsons,
)
_batches = st.lists(_entries, max_size=4, unique_by=lambda entry: entry["id"])

_fields = st.fixed_dictionaries(
    {"relay_at": _waits, "due_at": _waits, "keys": _keys},
    optional={
        "version": _few,
        "last_event": st.none() | _texts,
        "state": _jsons,
        "outbox": _batches,
        "relayed": _few,
        "seen": _counts,
        "requests": _lists,
        "held": _counts,
    },
)
_saves = st.builds(Save, _kinds, _ids, st.sampled_from([1, 1, 1, 1, 1, 0, 2, -1, None, None]), _fields)
_marks = st.builds(Mark, _kinds, _ids, _few)
_moved = st.builds(Cursor, _ids, _services, _few | st.just(LARGEST), _texts)
_holds = st.builds(
    Hold,
    sequence=_sequences,
    reason=st.sampled_from(["unreachable", "poison", "went_back"]),
    event_id=st.none() | _texts,
    error=_texts,
    build=st.sampled_from(["1", "2"]),
    at=_moments,
)


def _call(part: str, method: str, *args: st.SearchStrategy[Any]) -> st.SearchStrategy[Call]:
    return st.tuples(*args).map(lambda given: Call(part, method, given))


_DOCUMENTS = (
    _saves,
    _call("documents", "load", _kinds, _ids),
    _call("documents", "mark_relayed", st.lists(_marks, max_size=3)),
    _call("documents", "claim_unrelayed", _kinds, _moments, _limits),
    _call("documents", "untold", _kinds, _limits),
    _call("documents", "due", _kinds, _moments, _limits),
    _call("documents", "find", _kinds, _where, _limits),
    _call("documents", "load_many", _kinds, st.lists(_ids, max_size=4)),
    st.builds(
        lambda prefix, after, limit: Call(
            "documents", "page", (KIND, "line", prefix), {"after": after, "limit": limit}
        ),
        _lines,
        st.none() | _lines,
        _limits,
    ),
    _call("documents", "count", st.just(KIND), st.just("line"), _lines, _limits),
)
_LEDGER = (
    _call("ledger", "file", _batches),
    _call("ledger", "history", _ids, _few, _limits),
    _call("ledger", "of_patient", _ids, _limits),
    _call("ledger", "with_key", _ids, _requests.filter(bool)),
    _call("ledger", "heads", st.none() | st.sampled_from([0, LARGEST, SINCE])),
    _call("ledger", "newest", st.lists(_ids, max_size=4)),
    st.just(PASS_TIME),
)
_CURSORS = (
    _call("cursors", "get", st.lists(_ids, max_size=4)),
    _call("cursors", "advance", st.lists(_moved, max_size=3, unique_by=lambda cursor: cursor.source)),
    _call("cursors", "hold", _ids, _services, _few, _holds),
    _call("cursors", "release", _ids, _few),
    _call("cursors", "holding"),
)
_SHELVES = (
    _call("cursors", "listing_mark", _services),
    _call("cursors", "set_listing_mark", _services, _moments),
    _call("cursors", "reject", _ids, _jsons),
    _call("cursors", "rejected", _limits),
    _call("keys", "get", _ids),
    _call("keys", "get_many", st.lists(_ids, max_size=4)),
    _call("keys", "put_new", _ids, _jsons),
    _call("keys", "replace", _ids, _jsons),
    _call("keys", "swap", _ids, _jsons, _jsons),
    _call("keys", "page", _ids, _limits),
    st.just(REOPEN),
)
_NOTHING = st.none()
# Drawn from a list, since `one_of` would take each kind once and forget that some are wanted more often.
_wanted = (*(_saves,) * 5, *_DOCUMENTS * 2, *_LEDGER * 2, *_LEDGER[:1] * 3, *_CURSORS * 2, *_SHELVES)
_operation = st.sampled_from([_NOTHING, *_wanted]).flatmap(lambda kind: kind)

# Long lists, since a list of any length is a short one most of the time. What a failure does not need becomes nothing.
OPERATIONS = st.lists(_operation, min_size=50, max_size=80).map(lambda drawn: [one for one in drawn if one is not None])

CONTENTS = (
    *(Call("documents", "find", (kind, {})) for kind in KINDS),
    *(Call("documents", "due", (kind, LARGEST, 2)) for kind in KINDS),
    *(Call("documents", "untold", (kind, 2)) for kind in KINDS),
    Call("documents", "page", (KIND, "line", ""), {"limit": 100}),
    Call("documents", "count", (KIND, "line", "", 2)),
    *(Call("documents", "claim_unrelayed", (kind, NOW, 2)) for kind in KINDS),
    *(Call("ledger", method, (id,)) for method in ("history", "of_patient") for id in IDS),
    Call("ledger", "between", ("", "~"), {"limit": 100}),
    *(Call("ledger", "with_key", (id, "k")) for id in IDS),
    *(Call("ledger", "heads", (since,)) for since in (None, SINCE)),
    Call("ledger", "newest", (IDS,)),
    Call("cursors", "get", (IDS,)),
    Call("cursors", "holding"),
    *(Call("cursors", "listing_mark", (service,)) for service in SERVICES),
    Call("cursors", "rejected"),
    *(Call("keys", "get", (id,)) for id in IDS),
)
"""Calls whose answers are all that a store holds."""
