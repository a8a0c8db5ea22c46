"""What the journey takes for a step that its patient can go on with."""

import httpx
import pytest

from deploy.journey import _has_a_step
from deploy.visitor import PageSeen


@pytest.mark.parametrize(
    ("main", "is_step"),
    [
        ("<h2>Time to practise</h2>", True),
        ("<h2>We are getting your next step ready</h2>", False),
        ('<form data-form="agree"></form>', False),
    ],
)
def test_the_patient_goes_on_once_the_page_shows_a_step_and_not_that_one_is_coming(main: str, is_step: bool) -> None:
    request = httpx.Request("GET", "http://portal/")
    assert _has_a_step(PageSeen(httpx.Response(200, html=f"<main>{main}</main>", request=request))) is is_step
