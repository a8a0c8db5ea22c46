"""A word is found however it is written, and only as a whole."""

from pathlib import Path

import pytest

from shared.contracts.unwanted import Hit, UnwantedWords, hits
from shared.runtime.settings import SettingsFault, load_clinic

CLINIC = Path(__file__).parents[2] / "deploy" / "clinic.yaml"
TEXT = CLINIC.read_text(encoding="utf-8").replace("triage/rules-1.yaml", str(CLINIC.parent / "triage" / "rules-1.yaml"))
"""The clinic's file, as it reads from another folder."""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("She suffers from pain.", "suffers from"),
        ("She SUFFERS\n    From pain.", "suffers from"),
        ("A drug-seeking person.", "drug seeking"),
        ("Non compliant people.", "non-compliant"),
        ("It’s in your head", "it's in your head"),
        ("Una victima", "víctima"),
        ("Una VÍCTIMA", "victima"),
        ("Una vi\u0301ctima", "víctima"),
        ("El enfermo\nmental", "enfermo mental"),
    ],
)
def test_case_accents_hyphens_and_ends_of_lines_make_no_difference(text: str, word: str) -> None:
    assert [hit.word for hit in hits(text, [word])] == [word]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("An addictive game", "addict"),
        ("They refuse it", "refused"),
        ("Suffers, from time to time", "suffers from"),
        ("Cada año", "ano"),
        ("a.b", "a b"),
        ("abc", "a.c"),
    ],
)
def test_other_words_are_left_alone(text: str, word: str) -> None:
    assert hits(text, [word]) == []


def test_every_place_is_given_with_the_line_that_it_begins_on() -> None:
    text = "One addict.\nTwo\naddicts. In your\nhead. An addict."
    found = hits(text, ["in your head", "addict", "addicts", "addict"])
    assert found == [Hit("addict", 1), Hit("addicts", 3), Hit("in your head", 3), Hit("addict", 4)]


def test_a_text_without_a_language_is_searched_for_all_words() -> None:
    words = UnwantedWords(en=("addict",), es=("adicto",))
    assert (words.in_("en"), words.in_("es"), words.in_(None)) == (("addict",), ("adicto",), ("addict", "adicto"))


@pytest.mark.parametrize(
    ("line", "planted", "key"),
    [
        ("Harbour Pain Clinic", "Clinic for sufferers", "name"),
        ("sender_name: Harbour Clinic", "sender_name: Casa de adictos", "sender_name"),
        ("please call 999 now", "it may be in your head, call 999", r"crisis\.GB\.en"),
        ("llame ahora al 999", "no sea una victima, llame al 999", r"crisis\.GB\.es"),
    ],
)
def test_a_clinic_whose_own_lines_hurt_does_not_start(tmp_path: Path, line: str, planted: str, key: str) -> None:
    text = TEXT
    assert line in text
    path = tmp_path / "clinic.yaml"
    path.write_text(text.replace(line, planted, 1), encoding="utf-8")
    with pytest.raises(SettingsFault, match=rf"{key} says “.*”, which is under unwanted_words"):
        load_clinic(path)


def test_a_clinic_may_do_without_a_list(tmp_path: Path) -> None:
    text = TEXT
    begin, end = text.index("unwanted_words:"), text.index("staff:")
    path = tmp_path / "clinic.yaml"
    path.write_text(text[:begin] + text[end:], encoding="utf-8")
    assert load_clinic(path).unwanted_words == UnwantedWords()


@pytest.mark.parametrize("phrase", ["''", "'-'", "x"])
def test_a_phrase_that_would_match_anything_is_refused(tmp_path: Path, phrase: str) -> None:
    path = tmp_path / "clinic.yaml"
    path.write_text(TEXT.replace("    - suffers from\n", f"    - {phrase}\n"))
    with pytest.raises(SettingsFault, match=r"unwanted_words\.en\.0"):
        load_clinic(path)
