"""A form is scored whole or not at all: a partial sum looks like a low score, and a low score looks like good news."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer

from shared.clinical.answers import read_answers, read_function_answer
from shared.clinical.definition import Flag, Measure, Subscale
from shared.clinical.measures import measure

Value = TypeVar("Value")
# A frozen model still lets its dictionaries be changed, so these are sealed.
Sealed = Annotated[Mapping[str, Value], AfterValidator(MappingProxyType), PlainSerializer(dict)]


class Score(BaseModel):
    """What a set of answers says.

    `value` is the score as published: a sum, or for PEG, BRS and SCS-SF an exact mean (round only to show it). For a
    measure that is published as a T-score it is the raw sum; `t_score` has the rest.
    `total` is the integer sum behind it, reversed items counted reversed: compare two readings of one measure on
    `total`. `missing` lists unanswered items, numbered from 1; while any is missing, `value`, `total` and `band` are
    None. `bands` holds the band under every published scheme and `band_scheme` names the one in `band`.

    `subscales` and `flags` stand on their own items: a part whose items are all answered is given even on an
    unfinished form. None is "not known", never "no": a PHQ-9 that stops before item 9 has not said there is no risk.
    `risk` tells whether the item about death or self-harm was answered above its lowest, for any measure that has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    complete: bool
    missing: tuple[int, ...]
    value: int | float | None
    total: int | None
    band: str | None
    band_scheme: str | None
    bands: Sealed[str]
    subscales: Sealed[int | float | None]
    flags: Sealed[bool | None]
    risk: bool | None


def score(
    measure_id: str, answers: Mapping[int, object] | Sequence[object], *, function_answer: object = None
) -> Score:
    """Score `answers`: a list in item order, or item number to answer. None and absence both mean not answered.

    `function_answer` is PHQ-9's question on daily life, 0 to 3. It is never summed; the flag
    "function_item_missing" tells that it was left out although some problem was reported.

    Raises `UnknownMeasure`, and `AnswerRefused` for any answer that is not a whole number in range. A refusal says
    nothing about risk: to act on item 9 while another answer is refused, score `{9: answer}` alone.
    """
    form = measure(measure_id)
    given = read_answers(form, answers)
    function = read_function_answer(form, function_answer)
    missing = tuple(item for item in form.complete_when.items if item not in given)
    total = None if missing else _sum(form, given, form.items)
    bands = {} if total is None else {banding.scheme: banding.band_of(total) for banding in form.bandings}
    scheme = next(iter(bands), None)
    return Score(
        measure=form.id,
        complete=not missing,
        missing=missing,
        value=total if total is None or form.rule == "sum" else total / form.item_count,
        total=total,
        band=None if scheme is None else bands[scheme],
        band_scheme=scheme,
        bands=bands,
        subscales={part.name: _subscale(form, part, given) for part in form.subscales},
        flags=_flags(form, given, function),
        risk=given[form.risk_item] > form.lowest if form.risk_item in given else None,
    )


def _sum(form: Measure, given: Mapping[int, int], items: tuple[int, ...], *, reverse: bool = True) -> int:
    turn = form.lowest + form.highest
    return sum(turn - given[item] if reverse and item in form.reversed_items else given[item] for item in items)


def _subscale(form: Measure, part: Subscale, given: Mapping[int, int]) -> int | float | None:
    if not all(item in given for item in part.items):
        return None
    total = _sum(form, given, part.items, reverse=part.reversed_too)
    return total if part.rule == "sum" else total / len(part.items)


def _flags(form: Measure, given: Mapping[int, int], function: int | None) -> dict[str, bool | None]:
    flags = {flag.name: _raised(flag, given) for flag in form.flags}
    if form.has_function_item:
        flags["function_item_missing"] = function is None and any(given.values())
    return flags


def _raised(flag: Flag, given: Mapping[int, int]) -> bool | None:
    if not all(item in given for item in flag.items):
        return None
    return flag.lowest <= sum(given[item] for item in flag.items) <= flag.highest
