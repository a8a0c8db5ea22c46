"""Where psychology sees who waits, the page says by what rule, and of each row why it stands there."""

from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound


def test_a_waiting_list_says_its_rule_and_of_each_row_why_it_stands_there(system: Running) -> None:
    refer(referrer := visitor(system, REFERRER), register(referrer))
    page = visitor(system, PSYCHOLOGY).get("/waiting/triage")
    is_sound(page)
    assert "How this list is in order: First what is very urgent" in page.text
    assert "Urgent. Sent on" in page.text
    assert "waiting for 0 days. To be decided by" in page.text
    spanish = visitor(system, PSYCHOLOGY, "es").get("/waiting/triage")
    assert "El orden de esta lista: Primero lo muy urgente" in spanish.text
    assert "Sent on" not in spanish.text


def test_an_empty_list_has_no_rule(system: Running) -> None:
    assert "How this list" not in visitor(system, PSYCHOLOGY).get("/waiting/cancellations").text
