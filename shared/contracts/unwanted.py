"""Words that a clinic does not want its patients and caregivers to meet, and how a text is searched for them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.contracts.referrals import Language

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80, pattern=r"\w")]

_GAP = r"[\s\-\u2010-\u2013]+"
"""Between two words of a phrase: spaces, the end of a line, or a hyphen."""


@dataclass(frozen=True)
class Hit:
    """A word that was found, as it stands on the list, and the line of the text that it begins on, from 1."""

    word: str
    line: int


class UnwantedWords(BaseModel):
    """Words and phrases by language. Whole words count: "addict" does not forbid "addictive"; list each form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: tuple[Phrase, ...] = ()
    es: tuple[Phrase, ...] = ()

    def in_(self, language: Language | None) -> tuple[str, ...]:
        """The list of a language; both lists for a text of which nobody knows the language."""
        return {"en": self.en, "es": self.es, None: self.en + self.es}[language]


def hits(text: str, words: Iterable[str]) -> list[Hit]:
    """Every place where one of the words stands, in order; case, accents and ends of lines make no difference."""
    plain = _plain(text)
    places = [(found.start(), word) for word in dict.fromkeys(words) for found in _pattern(word).finditer(plain)]
    return [Hit(word, plain.count("\n", 0, start) + 1) for start, word in sorted(places)]


@cache
def _pattern(word: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(_GAP, _plain(word)) if part)
    return re.compile(rf"(?<!\w){_GAP.join(parts)}(?!\w)")


def _plain(text: str) -> str:
    return "".join(_plain_letter(letter) for letter in unicodedata.normalize("NFC", text))


@cache
def _plain_letter(letter: str) -> str:
    # "ñ" is a letter of its own and no "n" with an accent; without it, other words would be meant.
    if letter in "ñÑ":
        return "ñ"
    if letter in "‘’":
        return "'"
    return unicodedata.normalize("NFD", letter)[0].lower()
