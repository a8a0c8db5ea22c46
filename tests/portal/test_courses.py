"""How measures went: a table and a picture for psychology that say the same, plain sentences for the person."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.portal import courses, picture
from services.portal.dates import Dates
from services.portal.words import Language, words
from tests.interventions import example as ex
from tests.interventions.test_courses import check_in, fixed, told
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, answer_all, started, visitor

EN = words("en")
DATES = Dates("en", "Europe/London", datetime(2030, 8, 1, tzinfo=UTC))
NUMBERS = {"one": 1, "two": 2}


def peg(*totals: int, language: Language = "en") -> dict[str, Any]:
    """A start form, one after the first part, and so on, whose three answers add up to each total."""
    start, *rest = [[total // 3 + (1 if item < total % 3 else 0) for item in range(3)] for total in totals]
    moments = ["one", "two", "follow-up-3"]
    between = tuple(
        check_in(moments[place], "PEG", answers, ex.after(weeks=place + 1)) for place, answers in enumerate(rest)
    )
    found = told(fixed("start", "PEG", start, ex.T0), check_ins=between, language=language)
    return found.model_dump(mode="json")


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ((21, 15), "“Your pain this week” is better: 7 at first, 5 now, out of 10."),
        ((21, 19), "“Your pain this week” is about the same: 7 at first, 6.3 now, out of 10."),
        ((15, 21), "“Your pain this week” is harder now: 5 at first, 7 now, out of 10. Please talk with us about it."),
    ],
)
def test_the_person_reads_better_about_the_same_or_harder(totals: tuple[int, ...], sentence: str) -> None:
    assert courses.sentences(peg(*totals), EN) == [sentence]


def test_one_form_or_an_unfinished_first_one_makes_no_sentence() -> None:
    assert courses.sentences(peg(21), EN) == []
    open_first = told(fixed("start", "PEG", [7], ex.T0, done=False), fixed("end", "PEG", [1, 1, 1], ex.after(days=9)))
    assert courses.sentences(open_first.model_dump(mode="json"), EN) == []


def test_where_no_figure_is_known_the_plain_sign_speaks() -> None:
    found = told(fixed("start", "PHQ-4", [2, 2, 2, 2], ex.T0), fixed("end", "PHQ-4", [1, 1, 1, 1], ex.after(days=60)))
    [sentence] = courses.sentences(found.model_dump(mode="json"), EN)
    assert "is better: 8 at first, 4 now, out of 12" in sentence


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_a_person_reads_is_a_code(language: Language) -> None:
    for totals in ((21, 15), (21, 19), (15, 21)):
        [sentence] = courses.sentences(peg(*totals, language=language), words(language))
        assert "PEG" not in sentence
        assert "_" not in sentence


def test_the_table_has_a_row_for_each_form_and_says_what_the_change_amounts_to() -> None:
    [table] = courses.tables(peg(21, 20, 15, 24), NUMBERS, EN, DATES)
    assert [(row["moment"], row["value"], row["change"], row["mark"]) for row in table["rows"]] == [
        ("Start", "7", "", "plain"),
        ("After part 1", "6.7", "0.3 better", "plain"),
        ("After part 2", "5", "2 better", "better"),
        ("3 months after the end", "8", "1 worse", "worse"),
    ]
    assert table["rows"][2]["verdict"] == "Change that matters to people: better; 30 % less: not reached"
    assert [rule["formula"] for rule in table["rules"]] == ["first - last ≥ 1", "100 × (first - last) / first ≥ 30"]
    assert all(rule["source"] for rule in table["rules"])
    assert "has not set what counts as a trend" in table["trend"]


def test_the_picture_says_in_words_what_it_shows() -> None:
    [table] = courses.tables(peg(21, 20, 15, 24), NUMBERS, EN, DATES)
    drawn = table["picture"]
    assert drawn.description.startswith("Start, 4 March 2030: 7. After part 1, 11 March 2030: 6.7 (0.3 better).")
    assert [dot.mark for dot in drawn.dots] == ["plain", "plain", "better", "worse"]
    assert [bool(dot.path) for dot in drawn.dots] == [False, False, True, True]
    xs = [dot.x for dot in drawn.dots]
    assert xs == sorted(set(xs))
    assert drawn.dots[3].y < drawn.dots[0].y < drawn.dots[2].y


def test_one_reading_is_no_picture_and_two_at_one_moment_are_no_fault() -> None:
    assert courses.tables(peg(21), NUMBERS, EN, DATES)[0]["picture"] is None
    at = ex.T0.isoformat()
    twice = [picture.Reading(at, value, "plain", "x") for value in (1.0, 2.0)]
    assert len(picture.drawn(twice, [], 0, 10, DATES.day).dots) == 2


def test_bands_fill_the_picture_from_top_to_bottom() -> None:
    found = told(fixed("start", "PHQ-9", [2] * 9, ex.T0), fixed("end", "PHQ-9", [1] * 9, ex.after(days=60)))
    [table] = courses.tables(found.model_dump(mode="json"), NUMBERS, EN, DATES)
    stripes = table["picture"].stripes
    assert [one.name for one in stripes] == ["minimal", "mild", "moderate", "moderately severe", "severe"]
    assert stripes[0].y + stripes[0].height == table["picture"].bottom
    assert sum(one.height for one in stripes) == pytest.approx(table["picture"].bottom - stripes[-1].y)


def test_mood_is_told_in_yes_no_and_not_known() -> None:
    whole = told(
        *(fixed("start", name, [2] * items, ex.T0) for name, items in (("PHQ-9", 9), ("GAD-7", 7))),
        *(fixed("end", name, [1] * items, ex.after(days=60)) for name, items in (("PHQ-9", 9), ("GAD-7", 7))),
    )
    said = dict(courses.mood(whole.model_dump(mode="json")["mood"], EN))
    assert (said["Recovery"], said["Reliable recovery"], said["Reliable deterioration"]) == ("Yes", "Yes", "No")
    half = told(fixed("start", "PHQ-9", [0] * 9, ex.T0)).model_dump(mode="json")
    assert dict(courses.mood(half["mood"], EN))["In the range of caseness at the first form"] == "Not known"
    assert courses.mood(peg(21)["mood"], EN) == []


def mood(first: int, last: int) -> dict[str, Any]:
    """A treatment in which each of nine and seven items was answered so."""
    forms = (("PHQ-9", 9), ("GAD-7", 7))
    found = told(
        *(fixed("start", name, [first] * items, ex.T0) for name, items in forms),
        *(fixed("end", name, [last] * items, ex.after(days=60)) for name, items in forms),
    )
    return found.model_dump(mode="json")


@pytest.mark.parametrize(
    ("first", "last", "words"), [(2, 1, "much lighter now"), (3, 2, "lighter than"), (1, 2, "heavier"), (1, 1, "")]
)
def test_at_the_end_the_person_reads_what_became_of_mood_in_plain_words(first: int, last: int, words: str) -> None:
    said = courses.at_the_end(mood(first, last), EN)
    assert words in said
    assert bool(said) == bool(words)
    assert courses.at_the_end(peg(21, 3), EN) == ""


def test_the_pain_team_reads_the_outcome_in_clinical_words() -> None:
    summary: dict[str, Any] = {"contacts": 1, "finished_course": False, "mood": None}
    assert courses.outcome(summary, EN) == [
        ("No finished course of treatment", "1 part done since treatment began; two are needed")
    ]
    whole = {"contacts": 8, "finished_course": True, "mood": mood(2, 1)["mood"]}
    said = dict(courses.outcome(whole, EN))
    assert (said["Recovery"], said["Reliable recovery"]) == ("Yes", "Yes")
    assert "Finished course of treatment" in said
    # Written before any of it was kept.
    assert courses.outcome({"contacts": None, "finished_course": None, "mood": None}, EN) == []
    assert courses.outcome(None, EN) == []


@pytest.mark.parametrize(
    ("verdict", "rule", "words"),
    [
        ("improved", "important", "Change that matters to people: better"),
        ("no_change", "reliable", "Reliable change: not reached"),
        ("not_established", None, "no published figure"),
        (None, None, ""),
    ],
)
def test_a_change_in_the_outcome_names_its_rule(verdict: str | None, rule: str | None, words: str) -> None:
    assert courses.change({"verdict": verdict, "rule": rule}, EN) == words


def test_psychology_sees_it_on_the_page_of_the_treatment(system: Running) -> None:
    patient = started(system)
    for _ in range(3):
        answer_all(patient, "2", last="0")
    system.settle()
    patient.get("/programme/1")
    patient.submit("complete-module")
    system.settle()
    assert "/questions/c1-1" in patient.get("/").links
    patient.get("/questions/c1-1")
    for value in ("0", "1", "0"):
        patient.submit("answer", answer=value)
    system.settle()
    assert "is better:" in patient.get("/progress").text
    psychology = visitor(system, PSYCHOLOGY)
    home = psychology.get("/")
    links = [link for link in psychology.get("/waiting/treatment").links + home.links if link.startswith("/referrals/")]
    pages = [psychology.get(psychology_episode(psychology, link)) for link in dict.fromkeys(links)]
    [page] = [one for one in pages if "After part 1" in one.text]
    assert "Change that matters to people: better" in page.text
    assert 'role="img"' in page.html
    assert "Diamond: better" in page.text


def psychology_episode(psychology: Any, referral: str) -> str:
    """The treatment that a referral leads to."""
    found = [link for link in psychology.get(referral).links if link.startswith("/episodes/")]
    return str(found[0]) if found else "/"
