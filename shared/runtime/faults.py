"""Faults in words for the person who edits the files: where, what, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.runtime.marked import Marked, Path


@dataclass(frozen=True)
class Fault:
    """One thing to mend. `place` names the keys that lead to it; `line` is None where no line can be named."""

    file: str
    line: int | None
    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}{f' ({self.place})' if self.place else ''}: {self.problem}. {self.remedy}."


def in_words(path: Path) -> str:
    """`("pages", 0, "body")` as `pages > 1 > body`: people count from one."""
    return " > ".join(str(step + 1) if isinstance(step, int) else step for step in path)


def faults_of(error: ValidationError, file: str, marked: Marked) -> list[Fault]:
    """Each of pydantic's errors with the line it comes from."""
    details = error.errors(include_url=False)
    # pydantic counts only sound entries, so a list with one wrong entry is called too short as well.
    echoes = {
        d["loc"] for d in details if d["type"] == "too_short" and any(_inside(o["loc"], d["loc"]) for o in details)
    }
    return [_fault(dict(detail), file, marked) for detail in details if detail["loc"] not in echoes]


def _inside(inner: Path, outer: Path) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _fault(detail: dict[str, Any], file: str, marked: Marked) -> Fault:
    path: Path = detail["loc"]
    explain = _EXPLAIN.get(detail["type"], _unexplained)
    problem, remedy = explain(f"“{path[-1]}”" if path else "the file", detail)
    return Fault(file, marked.line(path), in_words(path), problem, remedy)


Explain = Callable[[str, dict[str, Any]], tuple[str, str]]
_COMPARE = "Look at the same place in another file of this kind and write it likewise"
_LANGUAGES = {"en": "the English words", "es": "the Spanish words"}
_SHOWN = 60


def _shown(value: object) -> str:
    """As it stands in the file, or its beginning: one slip of the indentation can make a page of it."""
    words = repr(value)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _missing(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    key = detail["loc"][-1]
    return f"{name} is missing", f"Add “{key}:” here with {_LANGUAGES.get(key, 'its value')}"


def _unknown(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is not a known key", "Correct its spelling or take it out; the documentation lists the keys"


def _not_words(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    if detail["input"] is None:
        return _empty(name, detail)
    return f"{name} must be words, and this is read as something else", "Put the words in quotation marks"


def _empty(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    key = detail["loc"][-1]
    return f"{name} is empty", f"Write {_LANGUAGES.get(key, 'something')} here"


def _not_a_number(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    problem = f"{name} must be a whole number, not {_shown(detail['input'])}"
    return problem, "Write it in digits, without quotation marks"


def _too_small(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is {_shown(detail['input'])}, which is too small", f"Write {detail['ctx']['ge']} or more"


def _too_large(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is {_shown(detail['input'])}, which is too large", f"Write {detail['ctx']['le']} or less"


def _not_a_choice(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} cannot be {_shown(detail['input'])}", f"Write {detail['ctx']['expected']}"


def _not_a_slug(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    remedy = "Use small letters, digits and hyphens, such as activity-and-rest"
    return f"{_shown(detail['input'])} cannot be an id", remedy


def _too_long(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is too long", f"Use {detail['ctx']['max_length']} characters at most"


def _not_yes_or_no(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} cannot be {_shown(detail['input'])}", "Write yes or no"


def _too_few(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} has too few entries", f"Give at least {detail['ctx']['min_length']}, each beginning with “- ”"


def _not_a_list(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} must be a list", "Write one entry to a line, each beginning with “- ”"


def _not_keys(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} must have keys of its own under it", _COMPARE


def _unexplained(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is not right: {detail['msg']}", _COMPARE


def _not_sound(name: str, detail: dict[str, Any]) -> tuple[str, str]:
    return f"{name} is not right: {detail['ctx']['error']}", _COMPARE


_EXPLAIN: dict[str, Explain] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "string_type": _not_words,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "bool_type": _not_yes_or_no,
    "bool_parsing": _not_yes_or_no,
    "int_type": _not_a_number,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "literal_error": _not_a_choice,
    "string_pattern_mismatch": _not_a_slug,
    "too_short": _too_few,
    "tuple_type": _not_a_list,
    "model_type": _not_keys,
    "value_error": _not_sound,
}
