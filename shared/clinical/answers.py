"""Answers are taken exactly as given or refused by name. A cast would turn an empty box into 0 and hide distress."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar

from shared.clinical.definition import Measure

RefusalCode = Literal["invalid_type", "out_of_range", "unknown_item", "duplicate_item"]
ItemName = int | str
Item = TypeVar("Item", int, str)


class AnswerRefused(ValueError):
    """Answers that cannot be scored as given.

    `code` says why: "invalid_type" (not a whole number), "out_of_range", "unknown_item" (the measure has no such
    item) or "duplicate_item". `items` names every item with that fault and `item` the first of them; `item` is None
    when the answers as a whole are of the wrong type. PHQ-9's unscored question is called "function".
    """

    def __init__(self, code: RefusalCode, items: Sequence[ItemName], hint: str) -> None:
        self.code: RefusalCode = code
        self.items: tuple[ItemName, ...] = tuple(items)
        self.item: ItemName | None = self.items[0] if self.items else None
        where = f"item {', '.join(str(item) for item in self.items)}: " if self.items else ""
        super().__init__(f"{code}: {where}{hint}")


def answers_from_pairs(pairs: Iterable[tuple[int, object]]) -> dict[int, object]:
    """Answers by item, from a form that may send an item twice.

    Raises `AnswerRefused` "duplicate_item": taking the first, the last or the sum would each be a guess.
    """
    answers: dict[int, object] = {}
    twice: list[int] = []
    for item, answer in pairs:
        if item in answers:
            twice.append(item)
        answers[item] = answer
    if twice:
        raise AnswerRefused("duplicate_item", _named(set(twice)), "answered more than once")
    return answers


def read_answers(measure: Measure, answers: Mapping[int, object] | Sequence[object]) -> dict[int, int]:
    """The whole numbers that were answered, by item in item order. None and absence both mean not answered.

    Raises `AnswerRefused`.
    """
    given = _by_item(answers)
    unknown = [item for item in given if type(item) is not int or item not in measure.items]
    if unknown:
        raise AnswerRefused("unknown_item", _named(unknown), f"{measure.id} has items 1 to {measure.item_count}")
    answered = {item: given[item] for item in measure.items if given.get(item) is not None}
    return _whole_numbers(answered, measure.lowest, measure.highest)


def read_function_answer(measure: Measure, answer: object) -> int | None:
    """The answer, 0 to 3, to how hard the problems made daily life; None if not answered. Raises `AnswerRefused`."""
    if answer is None:
        return None
    if not measure.has_function_item:
        raise AnswerRefused("unknown_item", ("function",), f"{measure.id} has no function item")
    return _whole_numbers({"function": answer}, 0, 3)["function"]


def _by_item(answers: object) -> dict[object, object]:
    if isinstance(answers, Mapping):
        return dict(answers)
    # Bytes are a sequence of whole numbers to Python, and would score.
    if isinstance(answers, Sequence) and not isinstance(answers, str | bytes | bytearray | memoryview):
        return dict(enumerate(answers, start=1))
    raise AnswerRefused("invalid_type", (), "answers must be a list or a mapping from item to answer")


def _whole_numbers(answers: Mapping[Item, object], lowest: int, highest: int) -> dict[Item, int]:
    # `type`, not `isinstance`: True is an int to Python, and would count as 1.
    whole = {item: answer for item, answer in answers.items() if type(answer) is int}
    if len(whole) < len(answers):
        mistyped = [item for item in answers if item not in whole]
        raise AnswerRefused("invalid_type", mistyped, "an answer is a whole number")
    outside = [item for item, answer in whole.items() if not lowest <= answer <= highest]
    if outside:
        raise AnswerRefused("out_of_range", outside, f"an answer is from {lowest} to {highest}")
    return whole


def _named(items: Iterable[object]) -> list[ItemName]:
    numbers = sorted(item for item in items if type(item) is int)
    others = sorted(item if isinstance(item, str) else repr(item) for item in items if type(item) is not int)
    return [*numbers, *others]
