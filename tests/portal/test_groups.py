"""A group on its pages: formed from the waiting list, joined, moved, led, attended, left."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from deploy.visitor import Visitor
from services.interventions.catalogue import HouseRules, Text
from services.interventions.content import Content
from tests.portal.api import OKAFOR, TANAKA, post, referred
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor
from tests.portal.test_tidy import is_sound

NEW_RULES = HouseRules(version=2, rules=(Text(en="We begin on time.", es="Empezamos a la hora."),))
WISHES = {"format": "group", "mode": "video"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("groups")) as system:
        yield system


def waits(system: Running, **wishes: object) -> tuple[Visitor, str]:
    """Somebody who waits for a group by video: their browser, and their referral."""
    patient = register(visitor(system, REFERRER))
    referral = referred(system, patient, preferences={**WISHES, **wishes})
    post(system, TANAKA, f"/referrals/{referral}/accept", {"rationale": "Fits.", "step": 3, "departure": "Seen."})
    post(system, OKAFOR, f"/referrals/{referral}/agree")
    system.settle()
    return visitor(system, f"patient:{patient}"), referral


def _after_the_first_meeting(system: Running) -> None:
    """Noon of its day, whatever the hour is at which the tests run."""
    noon = (system.clock.now() + timedelta(days=10)).replace(hour=12)
    system.clock.offset += noon - system.clock.now()


def forms(system: Running, psychology: Visitor) -> str:
    """Psychology forms a group in ten days; its page."""
    first = (system.clock.now() + timedelta(days=10)).replace(hour=10, minute=0)
    psychology.get("/groups/new")
    page = psychology.submit(
        "plan-group",
        place_id="place-groups",
        language="en",
        mode="video",
        where="https://video.example/blue-room",
        first_at=f"{first:%Y-%m-%dT%H:%M}",
        first="psy-moreno",
        second="psy-tanaka",
    )
    assert page.query == "done=group-planned", page.text
    return page.path


def joins(system: Running, psychology: Visitor, group: str, browser: Visitor, referral: str, name: str | None) -> None:
    """They are asked, and say yes."""
    psychology.get(group)
    assert psychology.submit("invite", referrals=referral).query == "done=group-invited"
    system.settle()
    browser.get("/my-group")
    shown = {"shown": "name", "name": name} if name else {"shown": "none"}
    assert browser.submit("answer-group", **shown).query == "done=group-yes"
    system.settle()


def test_a_group_from_its_plan_to_its_first_meeting(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    rosa, rosas = waits(own)
    omar, omars = waits(own, language="es")
    is_sound(psychology.get("/groups/new"))
    group = forms(own, psychology)
    page = psychology.get(group)
    is_sound(page)
    assert page.text.index("Fits all that they wished for.") < page.text.index("They wished for another language.")

    joins(own, psychology, group, rosa, rosas, "Rosi")
    joins(own, psychology, group, omar, omars, None)
    page = psychology.get(group)
    is_sound(page)
    assert "2 of 12 seats taken." in page.text
    assert "Shown to the others as Rosi." in page.text

    page = omar.get("/my-group")
    is_sound(page)
    assert "Rosi" in page.text
    assert "https://video.example/blue-room" in page.links
    assert rosa.get("/calendar/membership-1.0123456789.ics").status == 404
    page = rosa.get("/my-group")
    assert "One more person who shows no name." in page.text
    address = own.addresses["portal"] + next(link for link in page.links if link.startswith("/calendar/"))
    calendar = Calendar.from_ical(httpx.get(address, trust_env=False).text)
    assert len(calendar.walk("VEVENT")) == 8

    assert rosa.submit("group-absence", number="1").query == "done=group-absence"
    psychology.get(group)
    assert psychology.submit("confirm").query == "done=group-confirm"
    own.settle()
    _after_the_first_meeting(own)
    own.settle()
    psychology = visitor(own, PSYCHOLOGY)
    page = psychology.get(f"{group}/meetings/1")
    is_sound(page)
    assert "Had told us before." in page.text
    there = [
        name for form in page.forms if form.name == "attendance" for name in form.fields if name.startswith("there-")
    ]
    answers = dict.fromkeys(there, "present")
    assert psychology.submit("attendance", **answers).query == "done=group-attendance"
    own.settle()
    rosa = visitor(own, f"patient:{rosa_id(psychology, rosas)}")
    assert "You were there" in rosa.get("/my-group").text

    is_sound(rosa.get("/my-group/leave"))
    assert rosa.submit("leave-group").query == "done=group-left"
    own.settle()
    assert "You have left the group." in rosa.get("/my-group").text
    assert "https://video.example/blue-room" not in rosa.get("/my-group").text
    assert "1 of 12 seats taken." in psychology.get(group).text


def rosa_id(psychology: Visitor, referral: str) -> str:
    """Whose referral it is."""
    links = psychology.get(f"/referrals/{referral}").links
    return next(link.removeprefix("/patients/").partition("/")[0] for link in links if link.startswith("/patients/"))


def test_a_meeting_with_a_new_date_and_one_that_was_not_held(own: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    rosa, referral = waits(own)
    group = forms(own, psychology)
    joins(own, psychology, group, rosa, referral, "Rosi")
    rosa.get("/my-group")
    assert rosa.submit("group-absence", number="2").query == "done=group-absence"
    psychology.get(group)
    assert psychology.submit("confirm").query == "done=group-confirm"
    later = (own.clock.now() + timedelta(days=19)).replace(hour=10, minute=0)
    psychology.get(group)
    assert psychology.submit("move", number="2", at=f"{later:%Y-%m-%dT%H:%M}").query == "done=group-move"
    own.settle()
    page = rosa.get("/my-group")
    is_sound(page)
    assert "You told us that you could not come on the old one." in page.text
    page = psychology.get(group)
    is_sound(page)
    assert "1 of the 8 people that are meant to be there have a seat." in page.text
    assert "Too few people are left" in psychology.get("/groups").text

    monkeypatch.setattr(Content, "group_rules", property(lambda _: NEW_RULES))
    page = rosa.get("/my-group")
    is_sound(page)
    assert "We begin on time." in page.text
    assert "Has not read the new rules" in psychology.get(group).text
    assert "The rules of your group have changed." in rosa.get("/").text
    rosa.get("/my-group")
    monkeypatch.undo()
    page = rosa.submit("group-rules")
    assert (page.status, "Please read how we are together first." in page.text) == (422, True)

    _after_the_first_meeting(own)
    own.settle()
    psychology = visitor(own, PSYCHOLOGY)
    is_sound(psychology.get(f"{group}/meetings/1"))
    page = psychology.submit("not-held", reason_code="no_facilitator")
    assert page.query == "done=group-not-held", page.text
    own.settle()
    assert "Not held: Nobody to lead it." in psychology.get(group).text
    is_sound(psychology.get(f"{group}/meetings/1"))
    page = visitor(own, f"patient:{rosa_id(psychology, referral)}").get("/my-group")
    is_sound(page)
    assert "It was not held" in page.text


def test_who_would_rather_not_keeps_their_place_and_who_was_not_asked_finds_nothing(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    browser, referral = waits(own)
    assert browser.get("/my-group").status == 404
    group = forms(own, psychology)
    psychology.get(group)
    psychology.submit("invite", referrals=referral)
    own.settle()
    assert "There may be a place in a group for you." in browser.get("/").text
    page = browser.get("/my-group")
    is_sound(page)
    assert "https://video.example" not in page.text
    assert browser.submit("decline-group", reason_code="too_soon").query == "done=group-no"
    own.settle()
    assert "Your place on our list stays as it was." in browser.get("/my-group").text
    assert "Said no" in psychology.get(group).text


def test_what_is_missing_is_named_and_what_was_typed_is_kept(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    psychology.get("/groups/new")
    page = psychology.submit(
        "plan-group", place_id="place-groups", where="Room 7", first="psy-moreno", second="psy-moreno"
    )
    assert page.status == 422
    is_sound(page)
    assert any(found.get("value") == "Room 7" for _, found in page.tags)
    group = forms(own, psychology)
    psychology.get(group)
    page = psychology.submit("move", number="1", at="2001-01-01T10:00")
    assert page.status == 422
    assert "A meeting stays between the one before and the one after" in page.text


@pytest.mark.parametrize("person", [REFERRER, "operator:op-byrne"])
def test_nobody_else_sees_groups(own: Running, person: str) -> None:
    browser = visitor(own, person)
    for path in ("/groups", "/groups/new", "/my-group"):
        assert browser.get(path).status == 404
