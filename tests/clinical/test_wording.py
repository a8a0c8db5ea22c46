"""What a person reads: whole in each language, in plain words, and matching what is scored."""

import re

import pytest

from shared.clinical import MEASURES, NoWording, UnknownMeasure, Wording, wording
from shared.clinical.texts import WORDINGS

SHIPPED = ("PEG", "PHQ-4", "PHQ-9", "GAD-7")
BOTH = [(measure_id, language) for measure_id in SHIPPED for language in ("en", "es")]
CLINICAL = re.compile(r"PEG|PHQ|GAD|NRS|depress|depres|anxi|ansied|disorder|trastorno|score|screen|\d", re.IGNORECASE)

every_text = pytest.mark.parametrize(("measure_id", "language"), BOTH)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_shipped_measure_is_in_both_languages(language: str) -> None:
    assert set(WORDINGS[language]) == set(SHIPPED)


@every_text
def test_a_text_is_filed_under_its_own_measure_and_language(measure_id: str, language: str) -> None:
    text = wording(measure_id, language)

    assert (text.measure, text.language) == (measure_id, language)


@every_text
def test_there_are_as_many_texts_as_scored_items(measure_id: str, language: str) -> None:
    text = wording(measure_id, language)

    assert len(text.items) == MEASURES[measure_id].item_count
    assert len(set(text.items)) == len(text.items)


@every_text
def test_the_answers_offered_cover_the_scale_exactly(measure_id: str, language: str) -> None:
    measure, text = MEASURES[measure_id], wording(measure_id, language)

    if text.options:
        assert [value for value, _ in text.options] == list(range(measure.lowest, measure.highest + 1))
        assert text.anchors == ()
    else:
        assert (measure.lowest, measure.highest) == (0, 10)
        assert len(text.anchors) == measure.item_count


@every_text
def test_nothing_a_person_reads_is_blank(measure_id: str, language: str) -> None:
    text = wording(measure_id, language)
    labels = [label for _, label in text.options] + [end for ends in text.anchors for end in ends]

    assert all(part.strip() == part != "" for part in (text.title, text.period, text.stem, *text.items, *labels))
    assert text.citation
    assert text.licence


@every_text
def test_a_title_carries_no_clinical_name_and_no_code(measure_id: str, language: str) -> None:
    assert not CLINICAL.search(wording(measure_id, language).title)


@every_text
def test_the_function_question_is_asked_exactly_where_it_is_kept(measure_id: str, language: str) -> None:
    question = wording(measure_id, language).function_question

    assert (question is not None) is MEASURES[measure_id].has_function_item
    if question is not None:
        assert [value for value, _ in question.options] == [0, 1, 2, 3]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_short_form_asks_what_the_long_forms_ask_so_answers_can_carry_over(language: str) -> None:
    short = wording("PHQ-4", language)

    assert short.items[:2] == wording("GAD-7", language).items[:2]
    assert short.items[2:] == wording("PHQ-9", language).items[:2]
    assert short.options == wording("GAD-7", language).options == wording("PHQ-9", language).options


@pytest.mark.parametrize("language", ["fr", "", "EN", "es-MX"])
@pytest.mark.parametrize("measure_id", SHIPPED)
def test_a_missing_language_falls_back_whole_to_english(measure_id: str, language: str) -> None:
    assert wording(measure_id, language) == wording(measure_id, "en")


def test_a_measure_missing_from_a_language_falls_back_whole_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    without_peg = {name: text for name, text in WORDINGS["es"].items() if name != "PEG"}
    monkeypatch.setattr("shared.clinical.texts.WORDINGS", {"en": WORDINGS["en"], "es": without_peg})

    assert wording("PEG", "es") == wording("PEG", "en")


@pytest.mark.parametrize("measure_id", sorted(set(MEASURES) - set(SHIPPED)))
def test_a_measure_without_text_says_so(measure_id: str) -> None:
    with pytest.raises(NoWording, match=measure_id):
        wording(measure_id, "en")


@pytest.mark.parametrize("measure_id", SHIPPED)
def test_only_text_that_may_ship_ships(measure_id: str) -> None:
    assert MEASURES[measure_id].text_may_ship


def test_an_unknown_measure_has_no_wording() -> None:
    with pytest.raises(UnknownMeasure):
        wording("PHQ-10", "en")


def test_a_wording_cannot_be_changed() -> None:
    text: Wording = wording("PEG", "en")
    with pytest.raises(ValueError, match="frozen"):
        text.title = "PEG"  # type: ignore[misc]
