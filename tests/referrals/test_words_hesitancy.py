"""Words for whoever hesitates: there for every code, in both languages and both voices, plain and without blame."""

import re
from typing import get_args

import pytest

from services.referrals.words import hesitancy as words
from services.referrals.words import reason_sentence
from shared.contracts.reading_level import is_easy
from shared.contracts.referrals import Hesitation, Language

PAIRS = {
    "undecided": (words.UNDECIDED_FOR_STAFF, words.UNDECIDED_FOR_PATIENTS),
    "contact": (words.CONTACT_FOR_STAFF, words.CONTACT_FOR_PATIENTS),
    "not now": (words.NOT_NOW_FOR_STAFF, words.NOT_NOW_FOR_PATIENTS),
    "no": (words.NO_FOR_STAFF, words.NO_FOR_PATIENTS),
}
HESITATIONS = get_args(Hesitation)
LANGUAGES: tuple[Language, ...] = get_args(Language)
FAMILIAR = r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|eres|tienes|puedes|quieres)\b"


@pytest.mark.parametrize("name", PAIRS)
def test_every_code_has_a_sentence_in_each_language_and_voice(name: str) -> None:
    tables = [table[language] for table in PAIRS[name] for language in LANGUAGES]
    assert len({tuple(table) for table in tables}) == 1
    for table in tables:
        assert len(set(table.values())) == len(table)
        assert all(re.fullmatch(r"[A-ZÁÉÍÓÚ].+\.", sentence) for sentence in table.values())


def test_every_reason_that_a_referral_may_hold_has_words() -> None:
    assert set(HESITATIONS) <= words.UNDECIDED_FOR_STAFF["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HESITATIONS)
def test_staff_read_the_same_words_everywhere(reason: str, language: Language) -> None:
    assert words.UNDECIDED_FOR_STAFF[language][reason] == reason_sentence(reason, "psychology", language)


@pytest.mark.parametrize("name", PAIRS)
def test_what_patients_read_is_easy_and_says_usted(name: str) -> None:
    _, own = PAIRS[name]
    assert is_easy(" ".join(own["en"].values()), "en", (6, 70))
    assert is_easy(" ".join(own["es"].values()), "es", (6, 70))
    assert not [sentence for sentence in own["es"].values() if re.search(FAMILIAR, sentence, re.IGNORECASE)]
