"""Circles on psychology's pages: started, joined, led, looked at, supervised, closed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.portal.circle_story import LINK, asks, joins, leads, named, psychologist, starts, treated
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, visitor
from tests.portal.test_tidy import is_sound


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("circles")) as system:
        yield system


def test_a_circle_from_its_start_to_its_end(own: Running) -> None:
    psychology = psychologist(own)
    is_sound(psychology.get("/circles/new"))
    circle = starts(psychology, "Thursday circle")
    assert "Nobody leads it" in psychology.get("/").text
    leads(own, circle, psychology, "Rosi")
    omar, patient = joins(own, circle, psychology, None)
    assert "joined a circle" in psychology.get(f"/patients/{patient}").text
    assert "circle" not in visitor(own, REFERRER).get(f"/patients/{patient}").text
    page = psychology.get(circle)
    is_sound(page)
    assert "Shown to the others as Rosi." in page.text
    assert "Nobody leads it" not in page.text

    later = (own.clock.now() + timedelta(days=1)).replace(hour=10, minute=0)
    page = psychology.submit("plan-meeting", at=f"{later:%Y-%m-%dT%H:%M}", topic="welcome")
    assert page.query == "done=circle-meetings", page.text
    own.settle()
    page = psychology.submit("move-1", at="2001-01-01T10:00")
    assert page.status == 422
    is_sound(page)
    assert "Please choose a time to come." in page.text
    assert "Welcome, and what we hope for" in omar.get("/my-circle").text

    psychology.get(circle)
    much_later = later + timedelta(days=6)
    psychology.submit("plan-meeting", at=f"{much_later:%Y-%m-%dT%H:%M}", topic="pacing")
    page = psychology.submit("cancel-2")
    assert page.query == "done=circle-cancel", page.text
    assert not page.has_form("cancel-2")
    own.settle()
    assert "A meeting of your circle is cancelled" in omar.get("/inbox").text

    own.clock.offset += timedelta(days=2)
    own.settle()
    psychology = psychologist(own)
    page = psychology.get(circle)
    is_sound(page)
    present = [found["value"] for tag, found in page.tags if tag == "input" and found.get("name") == "present"]
    page = psychology.submit("held-1", present=[str(value) for value in present])
    assert page.query == "done=circle-held", page.text
    assert "2 people were there" in page.text

    form = named(psychology, "contact-")
    page = psychology.submit(form, kind="phone", reached="no", minutes="5", note="Rang twice.")
    assert page.query == "done=circle-contact", page.text
    assert "Rang twice." in page.text
    page = psychology.submit(named(psychology, "contact-"), minutes="5")
    assert page.status == 422
    is_sound(page)

    psychology.get(circle)
    assert psychology.submit("close-circle", reason_code="wish_of_members").query == "done=circle-close"
    own.settle()
    assert "Closed" in psychology.get(circle).text


def test_a_message_is_looked_at_and_why_it_is_not_shown_is_told(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Friday circle")
    lia, _ = joins(own, circle, psychology, "Lia")
    tom, _ = joins(own, circle, psychology, "Tom")
    lia.get("/my-circle")
    lia.submit("write-message", text="Buy my miracle tea.")
    lia.submit("write-message", text="Sometimes I think of suicide.")
    own.settle()
    assert "2 messages to look at" in psychology.get("/").text
    page = psychology.get("/circles/to-check")
    is_sound(page)
    assert page.text.index("suicide") < page.text.index("miracle tea")
    alert = next(link for link in page.links if link.startswith("/alerts/"))
    assert "Sometimes I think of suicide." in psychology.get(alert).text

    page = psychology.get("/circles/to-check")
    tea = [form for form in page.forms if form.name.startswith("remove-")][-1]
    page = psychology.submit(tea)
    assert page.status == 422
    is_sound(page)
    tea = [form for form in page.forms if form.name.startswith("remove-")][-1]
    assert psychology.submit(tea, reason="advertising").query == "done=circle-not-shown"
    own.settle()
    assert "miracle tea" not in psychology.get("/circles/to-check").text
    page = lia.get("/my-circle")
    is_sound(page)
    assert "speaks for something that is sold" in page.text
    assert "miracle tea" not in tom.get("/my-circle").html


def test_whoever_leads_is_supervised_and_may_stand_down(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Monday circle")
    leads(own, circle, psychology, "Ines")
    page = psychology.get("/peer-leaders")
    is_sound(page)
    page = psychology.submit(named(psychology, "supervise-"), minutes="40", note="Going well.")
    assert page.query == "done=leader-supervised", page.text
    assert "Going well." in page.text
    page = psychology.submit("stand-down")
    assert page.query == "done=leader-stood-down"
    own.settle()
    page = psychology.get("/circles")
    is_sound(page)
    assert "Nobody leads it" in page.text


def test_an_invitation_is_taken_back(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Sunday circle")
    browser, patient = treated(own)
    asks(own, circle, psychology, patient)
    assert "1 person has not answered yet." in psychology.get(circle).text
    assert LINK not in browser.get("/my-circle").html
    psychology.get(circle)
    assert psychology.submit("remove-member").query == "done=circle-removed"
    own.settle()
    assert not browser.get("/my-circle").has_form("answer-circle")


def test_what_is_missing_is_named_and_what_was_typed_is_kept(own: Running) -> None:
    psychology = psychologist(own)
    psychology.get("/circles/new")
    page = psychology.submit("start-circle", where="Room 7")
    assert page.status == 422
    is_sound(page)
    assert any(found.get("value") == "Room 7" for _, found in page.tags)
    circle = starts(psychology, "Empty circle")
    treated(own)
    psychology.get(circle)
    page = psychology.submit("invite-circle")
    assert page.status == 422
    assert "Please choose at least one person." in page.text


@pytest.mark.parametrize("person", [REFERRER, "operator:op-byrne"])
def test_nobody_else_sees_circles(own: Running, person: str) -> None:
    browser = visitor(own, person)
    for path in ("/circles", "/circles/new", "/circles/to-check", "/peer-leaders", "/my-circle"):
        assert browser.get(path).status == 404
