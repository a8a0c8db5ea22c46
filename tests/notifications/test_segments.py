"""How many text messages a text takes."""

import pytest

from services.notifications.domain.segments import segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ñ¿é" + "a" * 157, 1),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        # 152 places are used, and a euro sign needs two: it moves whole to the next segment.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("á" * 70, 1),
        ("á" + "a" * 70, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
        ("🙂" * 67, 3),
    ],
)
def test_a_text_takes_as_many_segments_as_its_alphabet_allows(text: str, count: int) -> None:
    assert segments(text) == count
