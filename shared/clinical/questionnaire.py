"""The shape of a questionnaire as a person reads it, and whether a text that somebody supplies fits its measure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.clinical.definition import Measure

Options = tuple[tuple[int, str], ...]


class FunctionQuestion(BaseModel):
    """PHQ-9's closing question about daily life. It is asked, kept and never summed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    options: Options


class Wording(BaseModel):
    """One measure in one language.

    `title` is for the person answering and carries no clinical name. `period` is the time the answers are about.
    `options` holds value and label, the same for every item; where it is empty the scale runs from the measure's
    lowest to its highest number and `anchors` holds, for each item, the words at its two ends. `language` is the
    language of this text, which a page must declare even when the reader asked for another. `citation` is the paper to
    cite wherever the questionnaire is shown, and `licence` on what terms that is; both stand beside the text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    language: str
    title: str
    period: str
    stem: str
    items: tuple[str, ...]
    options: Options = ()
    anchors: tuple[tuple[str, str], ...] = ()
    function_question: FunctionQuestion | None = None
    citation: str
    licence: str


class Misfit(NamedTuple):
    """One thing in a supplied file that does not fit its measure: where, what, and what to do about it."""

    path: tuple[str | int, ...]
    problem: str
    remedy: str


def wording_misfits(form: Measure, text: Wording) -> list[Misfit]:
    """Where a text does not fit the measure: it must ask each item once and offer its whole scale, no more, no less."""
    found = [*_blanks(text), *_scale_misfits(form, text)]
    if len(text.items) != form.item_count:
        remedy = "Write one entry for each item, in the order of the published form"
        found.append(
            Misfit(("items",), f"{form.id} has {form.item_count} items, and here are {len(text.items)}", remedy)
        )
    if text.function_question is not None and not form.has_function_item:
        found.append(Misfit(("function_question",), f"{form.id} has no such question", "Take it out"))
    return found


def _blanks(text: Wording) -> Iterator[Misfit]:
    lines: list[tuple[tuple[str | int, ...], str]] = [
        ((name,), getattr(text, name)) for name in ("title", "period", "stem", "citation", "licence")
    ]
    lines += [(("items", place), item) for place, item in enumerate(text.items)]
    lines += [(("options", place), label) for place, (_, label) in enumerate(text.options)]
    lines += [(("anchors", place), end) for place, ends in enumerate(text.anchors) for end in ends]
    for path, words in lines:
        if not words.strip():
            yield Misfit(path, f"“{path[0]}” has an empty text", "Write the words as they are published")


def _scale_misfits(form: Measure, text: Wording) -> Iterator[Misfit]:
    if bool(text.options) == bool(text.anchors):
        problem = "there must be either “options” or “anchors”"
        remedy = "Write “options” where each answer has words, or “anchors” where only the two ends of the scale have"
        yield Misfit((), problem, remedy)
    elif text.options and [value for value, _ in text.options] != list(range(form.lowest, form.highest + 1)):
        remedy = f"Write one entry for each number from {form.lowest} to {form.highest}, in that order"
        yield Misfit(("options",), f"the answers of {form.id} run from {form.lowest} to {form.highest}", remedy)
    elif text.anchors and len(text.anchors) != form.item_count:
        remedy = f"Write {form.item_count} pairs, one for each item, even where they are all the same"
        yield Misfit(("anchors",), f"{form.id} needs the two ends of the scale for each of its items", remedy)


def table_misfits(form: Measure, rows: Sequence[tuple[int, float]]) -> list[Misfit]:
    """Where a conversion table does not fit: one T-score for each raw sum, rising with it, and on the T metric.

    0 to 100 is five standard deviations either way: beyond it a figure is a slip of the pen.
    """
    sums = list(range(form.lowest_total, form.highest_total + 1))
    found = []
    if [raw for raw, _ in rows] != sums:
        remedy = f"Write one row for each sum from {sums[0]} to {sums[-1]}, in that order"
        found.append(Misfit(("t_scores",), f"the raw sums of {form.id} run from {sums[0]} to {sums[-1]}", remedy))
    for place, (_, value) in enumerate(rows):
        if not 0 < value < 100:
            found.append(Misfit(("t_scores", place), f"{value:g} is no T-score", "Copy it again from the manual"))
        elif place and value <= rows[place - 1][1]:
            problem = f"{value:g} is not above the row before, although the raw sum is"
            found.append(Misfit(("t_scores", place), problem, "Copy both rows again from the manual"))
    return found
