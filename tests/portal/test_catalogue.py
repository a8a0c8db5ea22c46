"""The catalogue in the portal: psychology reads what people will read, in both languages, and changes nothing."""

from itertools import chain

from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor
from tests.portal.test_tidy import is_sound

CBT = "/catalogue/programmes/cbt-pain/1"


def test_a_team_looks_through_a_programme_part_by_part(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    assert "/catalogue" in psychology.page.links
    page = psychology.get("/catalogue")
    is_sound(page)
    assert CBT in page.links
    page = psychology.get(CBT)
    is_sound(page)
    assert "Version 1" in page.text
    assert "It opens when treatment begins." in page.text
    assert "days after the part before it at the earliest" in page.text
    assert {"/catalogue/questions/PEG", f"{CBT}/parts/1"} <= set(page.links)
    page = psychology.get(f"{CBT}/parts/1")
    is_sound(page)
    assert f"{CBT}/parts/2" in page.links
    assert f"{CBT}/parts/0" not in page.links


def test_each_activity_is_shown_as_it_is_filled_in_but_nothing_can_be(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    parts = [f"{CBT}/parts/{number}" for number in range(1, 9)]
    activities = list(chain(*([a for a in psychology.get(part).links if "/activities/" in a] for part in parts)))
    assert len(activities) > 8
    filled = 0
    for address in activities:
        page = psychology.get(address)
        is_sound(page)
        assert "Nothing can be filled in here." in page.text
        tags = [tag for tag, found in page.tags if tag in ("textarea", "input") and found.get("type") != "hidden"]
        filled += len(tags)
        assert not tags or any(tag == "fieldset" and "disabled" in found for tag, found in page.tags)
        assert {form.name for form in page.forms} == {"language", "sign-out"}
    assert filled


def test_questionnaires_and_the_course_are_there_too(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    links = psychology.get("/catalogue").links
    for path in (one for one in links if one.startswith(("/catalogue/questions/", "/catalogue/course/"))):
        page = psychology.get(path)
        is_sound(page)
        assert {form.name for form in page.forms} == {"language", "sign-out"}
    assert "Little interest" in psychology.get("/catalogue/questions/PHQ-9").text


def test_it_is_read_in_the_other_language_by_the_button_at_the_top(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    english = psychology.get(f"{CBT}/parts/1").text
    psychology.submit("language")
    page = psychology.get(f"{CBT}/parts/1")
    is_sound(page)
    assert page.language == "es"
    assert "Vista previa" in page.title
    assert page.text != english


def test_what_is_not_in_it_is_not_there_and_nobody_else_looks(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    for path in (
        "/catalogue/programmes/cbt-pain/99",
        "/catalogue/programmes/cbt-pain/first",
        f"{CBT}/parts/99",
        f"{CBT}/parts/1/activities/0",
        f"{CBT}/parts/1/activities/99",
        "/catalogue/course/nothing",
        "/catalogue/questions/nothing",
    ):
        page = psychology.get(path)
        assert page.status == 404, path
        is_sound(page)
    referrer = visitor(system, REFERRER)
    assert [referrer.get(path).status for path in ("/catalogue", CBT, f"{CBT}/parts/1")] == [404] * 3
