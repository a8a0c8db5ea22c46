"""What a person reads: whole in each language, in plain words, and matching what is scored."""

import re
from typing import Any

import pytest

from shared.clinical import MEASURES, FunctionQuestion, NoWording, UnknownMeasure, Wording, wording
from shared.clinical.credits import CITATIONS, LICENCES
from shared.clinical.questionnaire import table_misfits, wording_misfits
from shared.clinical.texts import WORDINGS
from tests.clinical.supplied import pseq

SHIPPED = ("PEG", "NRS", "PHQ-2", "PHQ-4", "PHQ-9", "GAD-7", "PGIC")
NUMBERED = {"PEG": (0, 10), "NRS": (0, 10)}
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
        assert (measure.lowest, measure.highest) == NUMBERED[measure_id]
        assert len(text.anchors) == measure.item_count


@every_text
def test_a_shipped_text_fits_its_measure_as_a_supplied_one_must(measure_id: str, language: str) -> None:
    assert wording_misfits(MEASURES[measure_id], wording(measure_id, language)) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_shortest_form_is_the_beginning_of_the_long_one(language: str) -> None:
    short, full = wording("PHQ-2", language), wording("PHQ-9", language)

    assert (short.items, short.options, short.stem) == (full.items[:2], full.options, full.stem)


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


def test_all_text_that_may_ship_ships() -> None:
    assert {name for name, form in MEASURES.items() if form.text_may_ship} == set(SHIPPED) == set(CITATIONS)
    assert set(LICENCES) == set(SHIPPED)


MISFITS: list[tuple[dict[str, Any], tuple[str | int, ...], str, str]] = [
    ({"items": ("One",) * 9}, ("items",), "PSEQ has 10 items, and here are 9", "one entry for each item"),
    ({"anchors": (("a", "b"),)}, ("anchors",), "for each of its items", "Write 10 pairs"),
    ({"anchors": ()}, (), "either “options” or “anchors”", "two ends"),
    ({"anchors": (), "options": ((0, "a"), (1, "b"))}, ("options",), "run from 0 to 6", "each number from 0 to 6"),
    ({"options": ((0, "a"),)}, (), "either “options” or “anchors”", "Write “options”"),
    ({"title": " "}, ("title",), "“title” has an empty text", "as they are published"),
    ({"items": ("x",) * 9 + ("",)}, ("items", 9), "“items” has an empty text", "as they are published"),
    ({"anchors": (("a", "b"),) * 9 + (("a", " "),)}, ("anchors", 9), "has an empty text", "as they are published"),
    ({"licence": ""}, ("licence",), "“licence” has an empty text", "as they are published"),
    (
        {"function_question": FunctionQuestion(text="x", options=())},
        ("function_question",),
        "PSEQ has no such question",
        "Take it out",
    ),
]


@pytest.mark.parametrize(("change", "path", "problem", "remedy"), MISFITS)
def test_a_text_that_does_not_fit_is_told_where_and_what_to_do(
    change: dict[str, Any], path: tuple[str | int, ...], problem: str, remedy: str
) -> None:
    assert wording_misfits(MEASURES["PSEQ"], pseq("en")) == []
    [found] = wording_misfits(MEASURES["PSEQ"], pseq("en").model_copy(update=change))

    assert found.path == path
    assert problem in found.problem
    assert remedy in found.remedy


SOUND = [(raw, 30 + raw / 2) for raw in range(4, 21)]


@pytest.mark.parametrize(
    ("rows", "path", "problem"),
    [
        (SOUND[:-1], ("t_scores",), "run from 4 to 20"),
        ([*SOUND, (21, 60.0)], ("t_scores",), "run from 4 to 20"),
        ([(4, 40.0), *SOUND[1:]], ("t_scores", 1), "is not above the row before"),
        ([*SOUND[:-1], (20, 400.0)], ("t_scores", 16), "400 is no T-score"),
    ],
)
def test_a_table_that_does_not_fit_is_told_where(
    rows: list[tuple[int, float]], path: tuple[str | int, ...], problem: str
) -> None:
    form = MEASURES["PROMIS-PI-4a"]
    assert table_misfits(form, SOUND) == []
    [found] = table_misfits(form, rows)

    assert found.path == path
    assert problem in found.problem
    assert found.remedy


def test_an_unknown_measure_has_no_wording() -> None:
    with pytest.raises(UnknownMeasure):
        wording("PHQ-10", "en")


def test_a_wording_cannot_be_changed() -> None:
    text: Wording = wording("PEG", "en")
    with pytest.raises(ValueError, match="frozen"):
        text.title = "PEG"  # type: ignore[misc]
