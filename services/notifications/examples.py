"""What a text is filled with before there is a message: everyday data, the longest there is, and the emptiest.

Of what kind a value is follows from the event that the policy takes it from.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime

from services.notifications import policy
from services.notifications.domain.commands import MEETS_AT
from services.notifications.domain.state import CONFIRM, SIGN_IN
from services.notifications.links import TAKEN_ON
from shared.contracts.envelope import Event
from shared.contracts.referrals import Appointment

Values = Mapping[str, str | int]

_ASKED_FOR: Mapping[str, Mapping[str, Any]] = {CONFIRM: {"code": int}, SIGN_IN: {"until": datetime}}
"""What no event leads to, but a person's own wish."""

_MOMENT = "2030-05-14T15:00:00+00:00"
_LONGEST_NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3
_LONGEST_ID = "x" * 128
NAMES = (_LONGEST_NAME, None, "")
"""How people are called: at great length; not any more; or not at all."""


@cache
def kinds_of(template: str) -> Mapping[str, Any]:
    """By name of the value its type, as the event says it."""
    rules = ((event, rule) for event, rules in policy.RULES.items() for rule in rules)
    found: dict[str, Any] = dict(_ASKED_FOR.get(template, {}))
    for event, rule in rules:
        if rule.template == template:
            found |= {name: _kind(event, name) for name in rule.shows}
            if rule.remind:
                found[MEETS_AT] = _kind(event, rule.remind)
    return found


def _kind(event: type[Event], name: str) -> Any:
    field = event.model_fields.get(name)
    return field.annotation if field else get_type_hints(getattr(event, name).fget)["return"]


def everyday(template: str) -> Values:
    """What a message might say on an ordinary day."""
    return {name: _example(name, kind) for name, kind in kinds_of(template).items()} | _link(template)


def extremes(template: str) -> Iterator[Values]:
    """The longest, the emptiest, and each word of a value that has but a few."""
    kinds = kinds_of(template)
    yield {name: _longest(kind) for name, kind in kinds.items()} | _link(template)
    yield {name: _emptiest(kind) for name, kind in kinds.items()}
    for name, kind in kinds.items():
        for word in _choices(kind):
            yield {**everyday(template), name: word}


def _link(template: str) -> dict[str, str | int]:
    return {"take_on": f"https://portal.example/take-on/{'x' * 200}"} if template in TAKEN_ON else {}


def _example(name: str, kind: Any) -> str | int:
    if choices := _choices(kind):
        return choices[0]
    return _moment(kind) or (3 if _is_number(kind) else "one" if name.endswith("_id") else "A quiet walk")


def _longest(kind: Any) -> str | int:
    return _moment(kind) or (10_000 if _is_number(kind) else _LONGEST_ID)


def _emptiest(kind: Any) -> str | int:
    return _moment(kind) or (0 if _is_number(kind) else "")


def _moment(kind: Any) -> str:
    plain = _plain(kind)
    if plain is date:
        return _MOMENT[:10]
    return _MOMENT if plain in (datetime, AwareDatetime, Appointment) else ""


def _is_number(kind: Any) -> bool:
    """Of several things a text says how many."""
    plain = _plain(kind)
    return plain is int or get_origin(plain) is tuple


def _choices(kind: Any) -> tuple[str, ...]:
    plain = _plain(kind)
    return get_args(plain) if get_origin(plain) is Literal else ()


def _plain(kind: Any) -> Any:
    """The type itself, where it may also be missing or stands with a limit."""
    if hasattr(kind, "__metadata__"):
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _plain(next(one for one in get_args(kind) if one is not type(None)))
    return kind
