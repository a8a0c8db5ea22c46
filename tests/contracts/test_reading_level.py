"""Our own scorer and another one agree on every text of ours: it counts syllables by rule, that one by dictionary."""

from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest
import textstat

from deploy.words import pieces
from shared.contracts.reading_level import english_grade, spanish_ease
from shared.contracts.referrals import Language

LONG = 40
"""Words from which on one word that is counted otherwise hardly moves the score."""


def other_score(text: str, language: Language) -> float:
    textstat.set_lang(language)
    return float(textstat.fernandez_huerta(text) if language == "es" else textstat.flesch_kincaid_grade(text))


@pytest.mark.parametrize(
    ("language", "score", "apart", "most"), [("en", english_grade, 0.1, 1.0), ("es", spanish_ease, 0.6, 7.5)]
)
def test_the_scores_are_those_of_the_dictionary(
    language: Language, score: Callable[[str], float], apart: float, most: float
) -> None:
    texts = [
        one.text
        for path, one in pieces(Path())
        if one.language == language and path.suffix != ".py" and len(one.text.split()) >= LONG and "<" not in one.text
    ]
    assert len(texts) > 100
    off = [score(text) - other_score(text, language) for text in texts]
    assert abs(mean(off)) < apart
    assert max(map(abs, off)) < most
