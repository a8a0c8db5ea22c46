"""The pages of places; on a system of its own, since seats are everybody's."""

from collections.abc import Iterator

import pytest

from deploy.visitor import Visitor
from tests.portal.api import OKAFOR, TANAKA, post, referred
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor
from tests.portal.test_tidy import is_sound

PLACE = "/places/place-video-sessions"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("places")) as system:
        yield system


def wait(system: Running, priority: str = "urgent") -> str:
    """Somebody who said yes to sessions by video."""
    referral = referred(system, register(visitor(system, REFERRER)), preferences={"mode": "video"})
    said = {"rationale": "Fits.", "step": 3, "priority": priority, "departure": "Cannot sleep."}
    post(system, TANAKA, f"/referrals/{referral}/accept", said)
    post(system, OKAFOR, f"/referrals/{referral}/agree")
    system.settle()
    return f"/referrals/{referral}"


def seats(psychology: Visitor, number: str) -> None:
    psychology.get(PLACE)
    assert psychology.submit("change-seats", seats=number).query == "done=seats-changed"


def test_a_line_is_shown_in_order_with_reasons_and_moves_when_there_are_more_seats(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    page = psychology.get("/places")
    is_sound(page)
    assert "Online course with a guide" in page.text
    assert PLACE in page.links
    assert "Nobody waits here." in psychology.get(PLACE).text
    seats(psychology, "0")
    first, second, soonest = wait(own), wait(own), wait(own, "very_urgent")
    page = psychology.get(PLACE)
    is_sound(page)
    assert [link for link in page.links if link.startswith("/referrals/")] == [soonest, first, second]
    for said in ("Next in line.", "1 person before them in line, more urgent."):
        assert said in page.text
    assert "1 more urgent, 1 just as urgent" in page.text
    assert "Who waits, in order" in page.text

    seats(psychology, "1")
    own.settle()
    page = psychology.get(PLACE)
    is_sound(page)
    held = page.text.partition("Seats that are held")[2]
    assert "A seat is held until they answer." in held
    assert [link for link in page.links if link.startswith("/referrals/")] == [first, second, soonest]
    assert PLACE in psychology.get(soonest).links


def test_who_is_paused_is_passed_over(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    seats(psychology, "0")
    referral = wait(own)
    psychology.get(referral)
    psychology.submit("pause", reason_code="patient_unavailable")
    own.settle()
    resting = psychology.get(PLACE).text.partition("Passed over for now")[2]
    assert "Passed over until the pause ends." in resting


def test_a_number_of_seats_that_cannot_be_is_said_beside_its_field(own: Running) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    psychology.get(PLACE)
    page = psychology.submit("change-seats", seats="many")
    assert page.status == 422
    assert "Please write a whole number of seats" in page.text
    assert "#change-seats-seats" in page.links
    is_sound(page)


def test_a_long_line_is_turned_page_by_page(own: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    psychology = visitor(own, PSYCHOLOGY)
    seats(psychology, "0")
    wait(own)
    wait(own)
    everybody = [link for link in psychology.get(PLACE).links if link.startswith("/referrals/")]
    monkeypatch.setattr("services.portal.routes.places._A_PAGE", 1)
    found, page = [], psychology.get(PLACE)
    while True:
        found += [link for link in page.links if link.startswith("/referrals/")]
        more = [link for link in page.links if "skip=" in link]
        if not more:
            break
        page = psychology.get(more[0])
    assert found == everybody
    assert len(found) > 1


def test_places_are_for_psychology_only(own: Running) -> None:
    for path in ("/places", PLACE, "/triage-rules"):
        assert visitor(own, REFERRER).get(path).status == 404
    psychology = visitor(own, PSYCHOLOGY, "es")
    assert psychology.get("/places/nowhere").status == 404
    page = psychology.get(PLACE)
    is_sound(page)
    assert "Cambiar el número de plazas" in page.text
