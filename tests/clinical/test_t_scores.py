"""A raw sum is known to everybody; a T-score only to who has the table. The tables here are invented."""

import pytest

from shared.clinical import score
from shared.clinical.t_scores import ConversionTable, t_score

INVENTED = ConversionTable(
    measure="PROMIS-PI-4a",
    source="Invented for this test",
    t_scores=tuple((raw, 30 + raw / 2) for raw in range(4, 21)),
)


@pytest.mark.parametrize(("name", "items"), [("PROMIS-PI-4a", 4), ("PROMIS-PI-6a", 6), ("PROMIS-PI-8a", 8)])
def test_the_raw_sum_runs_from_one_to_five_for_each_item(name: str, items: int) -> None:
    """NINDS Common Data Elements, PROMIS Pain Interference Short Form."""
    assert [score(name, [answer] * items).total for answer in (1, 5)] == [items, 5 * items]


def test_without_a_table_the_t_score_is_unknown_and_says_why() -> None:
    found = t_score(score("PROMIS-PI-4a", [2, 3, 1, 5]), None)

    assert (found.raw, found.value, found.unknown_because) == (11, None, "no_conversion_table")


def test_a_table_gives_the_t_score_of_a_raw_sum() -> None:
    found = t_score(score("PROMIS-PI-4a", [2, 3, 1, 5]), INVENTED)

    assert (found.raw, found.value, found.unknown_because) == (11, 35.5, None)


def test_an_unfinished_form_has_no_t_score_even_with_a_table() -> None:
    found = t_score(score("PROMIS-PI-4a", [2, 3, 1]), INVENTED)

    assert (found.raw, found.value, found.unknown_because) == (None, None, "incomplete")


def test_a_sum_that_the_table_lacks_is_not_guessed() -> None:
    short = INVENTED.model_copy(update={"t_scores": INVENTED.t_scores[:3]})

    assert t_score(score("PROMIS-PI-4a", [5, 5, 5, 5]), short).unknown_because == "not_in_table"


def test_a_table_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^this is the table of PROMIS-PI-4a, not of PROMIS-PI-6a$"):
        t_score(score("PROMIS-PI-6a", [1] * 6), INVENTED)


def test_a_measure_without_t_scores_is_refused() -> None:
    with pytest.raises(ValueError, match="PHQ-9 is not published as a T-score"):
        t_score(score("PHQ-9", [0] * 9), None)
