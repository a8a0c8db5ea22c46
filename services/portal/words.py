"""The words of every page, from `texts/<language>/*.yaml`. A text that one language lacks is a fault at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Words:
    """The texts of one language by dotted name, such as `home.title`."""

    language: Language
    texts: Mapping[str, str]

    def __call__(self, name: str, /, **values: object) -> str:
        """The text called `name`, with `{placeholders}` filled."""
        return self.texts[name].format(**values)

    def has(self, name: str) -> bool:
        return name in self.texts

    def count(self, name: str, number: int, /, **values: object) -> str:
        """`<name>.one` for one, else `<name>.other`."""
        return self(f"{name}.{'one' if number == 1 else 'other'}", count=number, **values)

    def first(self, *names: str, **values: object) -> str | None:
        """The first of these texts that there is."""
        return next((self(name, **values) for name in names if name in self.texts), None)


@cache
def words(language: Language) -> Words:
    """All texts of a language."""
    texts: dict[str, str] = {}
    for path in sorted((_FOLDER / language).glob("*.yaml")):
        for name, text in _flat(yaml.safe_load(path.read_text(encoding="utf-8")), ""):
            if name in texts:
                raise ValueError(f"{path}: {name} stands in another file already; remove one of the two")
            texts[name] = text
    return Words(language, texts)


def check() -> None:
    """Raise `ValueError` for a text that one language lacks."""
    names = {language: words(language).texts.keys() for language in LANGUAGES}
    for language, known in names.items():
        missing = sorted(set().union(*names.values()) - known)
        if missing:
            raise ValueError(f"{_FOLDER / language} lacks {', '.join(missing)}; translate them there")


def read_in(wanted: str | None, accepted: str) -> Language:
    """The reader's choice, else what their browser prefers, else English."""
    if wanted in LANGUAGES:
        return wanted
    for part in accepted.split(","):
        language = part.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"


def _flat(node: Any, prefix: str) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        # An unquoted "no" or a number is a key of another type in YAML.
        return [pair for key, value in node.items() for pair in _flat(value, f"{prefix}{key}.")]
    if not isinstance(node, str):
        # An unquoted "No" would be shown as "False".
        raise ValueError(f"{prefix[:-1]} is {node!r}, which is no text; write it between quotes")
    return [(prefix[:-1], node.strip())]
