"""A few questions after a part: on the home page while they may be answered, and gone once they are."""

from tests.portal.running import Running
from tests.portal.story import started


def test_a_few_questions_after_a_part(system: Running) -> None:
    patient = started(system)
    assert "How are you this week?" not in patient.get("/").text
    patient.get("/programme/1")
    patient.submit("complete-module")
    system.settle()
    home = patient.get("/")
    assert "How are you this week?" in home.text
    assert "/questions/c1-1" in home.links
    page = patient.get("/questions/c1-1")
    assert page.path == "/questions/c1-1/1"
    for value in ("4", "5", "6"):
        patient.submit("answer", answer=value)
    assert patient.page.path == "/questions/c1-1/sent"
    assert "How are you this week?" not in patient.get("/").text
    assert patient.get("/questions/c9-1/1").status == 404
    assert patient.get("/questions/c1-9/1").status == 404
