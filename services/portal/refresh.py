"""Pages of staff look again by themselves, and say how much is new. Nothing is moved that somebody reads meanwhile.

A page carries a mark of each of its rows. Every minute htmx sends them back to the page's own address, with what was
said last, and is answered by nothing, or by how many rows are new or changed. What is about safety is shown at once.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from fastapi.responses import Response

from services.portal.calls import Json
from services.portal.forms import Problem
from services.portal.visit import Visit, looks_again

_WHO, _HOW = 4, 3
"""Letters of a mark: which row it is, and how it stands. Of 262,144 changes one goes unseen, by chance."""
_APART = "."
"""No letter of a mark."""
_MOST = 800
"""Rows that are followed: with the marks of more, an address is longer than proxies let through."""
_IDS = ("id", "discussion_id", "source", "name")
_STANDING = ("version", "status", "overdue", "level", "sequence", "missing", "failures")
"""What of a row is a change. How long somebody waits is none: it grows every day."""


def page(
    visit: Visit,
    template: str,
    follow: Any,
    *,
    beyond: Iterable[int | None] = (),
    at_once: tuple[str, Any] = ("", ()),
    problem: Problem | None = None,
    **values: Any,
) -> Response:
    """The page; or, where it looks again, what is new.

    `follow` holds its rows, however deep; `None` is a part that is not known now. `beyond` says of each list that only
    begins here how many there are in all: what is not among the rows is counted by it. `at_once` is a template, and the
    rows whose change shows it anew.
    """
    query, (part, urgent) = visit.request.query_params, at_once
    shown = _letters("".join(_mark(row) if row else "?" for row in _rows(urgent)), _WHO + _HOW)
    values |= {"at_once_mark": shown, "here": visit.address}
    rows, numbers = list(_rows(follow)), ",".join(str(total) for total in beyond)
    if not looks_again(visit.request):
        if visit.request.method == "GET":
            values["seen"] = f"{_marks(rows)}{_APART}{numbers}"
        return visit.page(template, problem=problem, **values)
    before = query.get("said", "")
    said = int(before) if _is_number(before) else 0
    seen, _, numbers_before = query["seen"].partition(_APART)
    count = said if None in rows else max(_changed(seen, _marks(rows)), _moved(numbers_before, numbers))
    is_new = bool(part) and shown != query.get("at_once")
    if count == said and not is_new:
        return Response(status_code=204)
    return visit.page("_news.html", count=count, part=part if is_new else "", **values)


def _rows(value: Any) -> Iterator[Json | None]:
    """The rows wherever they stand in it: in lists, in named groups of them, in pages of a worklist."""
    if value is None:
        yield None
    elif isinstance(value, Mapping):
        if any(name in value for name in _IDS):
            yield dict(value)
        else:
            yield from _rows(value["rows"])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _rows(one)


def _marks(rows: Iterable[Json | None]) -> str:
    return "".join([_mark(row) for row in rows if row][:_MOST])


def _mark(row: Json) -> str:
    who = next(str(row[name]) for name in _IDS if name in row)
    return _letters(who, _WHO) + _letters(str([row.get(name) for name in _STANDING]), _HOW)


def _letters(text: str, number: int) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()).decode()[:number]


def _changed(seen: str, marks: str) -> int:
    """How many rows are new or stand otherwise; if none is, how many are gone. One that leaves a page to make room for
    another is not counted twice.
    """
    before, after = _standings(seen), _standings(marks)
    news = [who for who, how in after.items() if before.get(who) != how]
    return len(news) or len(before.keys() - after.keys())


def _moved(before: str, after: str) -> int:
    """How many have come to lists or left them; who went from one to another is counted once."""
    pairs = [pair for pair in zip(before.split(","), after.split(","), strict=False) if all(map(_is_number, pair))]
    steps = [int(now) - int(then) for then, now in pairs]
    return max(sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


def _standings(marks: str) -> dict[str, frozenset[str]]:
    """How each row stands; somebody may be on two lists of a page."""
    found: dict[str, frozenset[str]] = {}
    for start in range(0, len(marks), _WHO + _HOW):
        who, how = marks[start : start + _WHO], marks[start + _WHO : start + _WHO + _HOW]
        found[who] = found.get(who, frozenset()) | {how}
    return found
