"""Every text is there in both languages, short, easy to read, and free of words that hurt.

The scores are an alarm and no proof of good writing: a person has to read the pages too.
"""

import re

import pytest

from services.interventions.catalogue import Text
from shared.contracts.reading_level import english_grade, is_easy, spanish_ease
from tests.interventions.catalogue.shelf import CATALOGUE, CBT, texts

PROGRAMMES = {f"{programme.id}/v{programme.version}": programme for programme in CATALOGUE.programmes}
WORKSHEETS = {f"{sheet.id}/v{sheet.version}": sheet for sheet in CATALOGUE.worksheets}
TEXTS = {f"{name}: {place}": text for name, part in (PROGRAMMES | WORKSHEETS).items() for place, text in texts(part)}
MODULES = [(f"{name}: {module.id}", module) for name, one in PROGRAMMES.items() for module in one.modules]
PAGES = {f"{name}, page {n}": page.body for name, module in MODULES for n, page in enumerate(module.pages, start=1)}
STORIES = {
    f"{name}, {session.id}": session.example
    for name, module in MODULES
    for session in module.sessions
    if session.example
}

FORBIDDEN: dict[str, str] = {
    "en": r"catastroph|mentally ill|mental illness|mental patient|in your head|in your mind|all in the mind|imaginary"
    r"|suffer|victim|lazy|complain|complian|proxy|malinger|exaggerat|disorder|just relax"
    r"|merely|get over it|drug-seek",
    "es": r"catastrof|enferm[oa]s? mental|enfermedad mental|en (su|la) cabeza|imaginari|sufr|v[ií]ctima|quej[aáoó]"
    r"|flojer|vag[oa]\b|hist[eé]ric|simula|exager|trastorno|paciente difícil|padece",
}
# The reader is "usted" throughout. "Te", "tu" and the rest would slip in when somebody edits in a hurry.
FAMILIAR = r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|vosotr[oa]s|vuestr[oa]s?|os|eres|tienes|puedes|quieres)\b"

PLAIN = {"mini-practices"}


def words(text: str) -> int:
    return len(text.split())


def found(pattern: str, language: str) -> dict[str, list[str]]:
    """Where a pattern stands in the texts of one language."""
    hits = {place: re.findall(pattern, text.in_(language), re.IGNORECASE) for place, text in TEXTS.items()}
    return {place: hit for place, hit in hits.items() if hit}


def test_every_text_is_there_in_both_languages() -> None:
    assert all(any(place.startswith(name) for place in TEXTS) for name in PROGRAMMES | WORKSHEETS)
    assert not [place for place, text in TEXTS.items() if not text.en or not text.es or text.en == text.es]


def test_spanish_is_about_as_long_as_english() -> None:
    # A text cut short or pasted into the wrong place shows in its length first.
    ratios = {place: (len(text.es) + 20) / (len(text.en) + 20) for place, text in TEXTS.items()}
    assert not {place: ratio for place, ratio in ratios.items() if not 0.6 <= ratio <= 1.6}


@pytest.mark.parametrize("sign", ["\n\n", "\n- "])
def test_both_languages_have_the_same_blocks_and_list_items(sign: str) -> None:
    assert not [place for place, text in TEXTS.items() if text.en.count(sign) != text.es.count(sign)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_has_80_to_160_words_in_short_paragraphs(language: str) -> None:
    for place, body in PAGES.items():
        text = body.in_(language)
        assert 80 <= words(text) <= 160, place
        assert max(words(block) for block in text.split("\n\n") if not block.startswith("- ")) <= 70, place


def test_every_page_and_story_is_easy_to_read() -> None:
    for place, text in (PAGES | STORIES).items():
        assert is_easy(text.en, "en"), place
        assert is_easy(text.es, "es"), place


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_as_a_whole_is_easier_still(name: str) -> None:
    said: list[Text] = [text for _, text in texts(PROGRAMMES[name])]
    assert english_grade("\n\n".join(text.en for text in said)) <= 6
    assert spanish_ease("\n\n".join(text.es for text in said)) >= 70


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_blames_or_doubts_the_reader(language: str) -> None:
    assert found(FORBIDDEN[language], language) == {}


def test_spanish_speaks_to_the_reader_as_usted() -> None:
    assert found(FAMILIAR, "es") == {}


def test_signs_come_in_pairs_and_accents_are_written() -> None:
    for left, right in ("¿?", "¡!", "«»"):
        assert not [place for place, text in TEXTS.items() if text.es.count(left) != text.es.count(right)]
    assert not [place for place, text in TEXTS.items() if text.en.count("“") != text.en.count("”")]
    assert found(r"\b(despues|tambien|asi|facil|dificil|musculos?|relajacion|atencion|algun|segun)\b", "es") == {}


@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_reads_a_code(language: str) -> None:
    ids = {module.id for _, module in MODULES} | {practice.id for _, module in MODULES for practice in module.practices}
    # Of one word, or plain English as well: what looks like a code is more than that.
    codes = "|".join(sorted(one for one in ids if "-" in one and one not in PLAIN))
    assert found(rf"{codes}|PHQ|\bGAD\b|\bPEG\b|\bCBT\b|\bTCC\b|https?:|[{{}}<>_*#]", language) == {}


def test_the_first_page_of_the_first_programme_says_that_the_pain_is_real_and_believed() -> None:
    first = CBT.modules[0].pages[0].body
    assert first.en.startswith("Your pain is real. We believe you.")
    assert first.es.startswith("Su dolor es real. Le creemos.")


@pytest.mark.parametrize(("module_id", "page"), [("understanding-pain", 2), ("keeping-it-going", 3)])
def test_warning_signs_send_the_reader_to_medical_help(module_id: str, page: int) -> None:
    body = CBT.module(module_id).pages[page - 1].body
    assert "medical help right away" in body.en
    assert "ayuda médica enseguida" in body.es


@pytest.mark.parametrize(("module_id", "page"), [("good-moments", 4), ("keeping-it-going", 3)])
def test_thoughts_of_self_harm_send_the_reader_to_the_emergency_number(module_id: str, page: int) -> None:
    body = CBT.module(module_id).pages[page - 1].body
    assert "emergency number now" in body.en
    assert "llame ya a emergencias" in body.es
