"""Lists that staff work from: longer than a page, chosen and sorted by their address, kept as views."""

import re
from datetime import timedelta

import httpx
import pytest

from deploy.visitor import PageSeen
from shared.runtime.auth import User, issue
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound

OTHER = "referrer:dr-lindqvist"
A_PAGE = 50


def _draft(system: Running, patient: str, numbers: range) -> None:
    token = issue(system.secret, User("dr-lindqvist", "referrer"), system.clock.now(), timedelta(hours=1))
    for n in numbers:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"draft-{n}"}
        url = f"{system.addresses['referrals']}/referrals"
        assert httpx.post(url, json={"patient_id": patient}, headers=headers).status_code == 201


def test_a_referrer_with_more_than_a_page_goes_on_to_the_rest(system: Running) -> None:
    referrer = visitor(system, OTHER)
    patient = register(referrer)
    _draft(system, patient, range(A_PAGE))
    assert "/mine/drafts" in referrer.get("/").links
    whole = referrer.get("/mine/drafts")
    assert not [link for link in whole.links if "after=" in link]
    _draft(system, patient, range(A_PAGE, A_PAGE + 1))
    first = referrer.get("/mine/drafts")
    assert "Show more" in first.text
    shown = {link for link in first.links if link.startswith("/referrals/")}
    rest = referrer.get(next(link for link in first.links if "after=" in link))
    more = {link for link in rest.links if link.startswith("/referrals/")}
    assert (len(shown), len(more)) == (A_PAGE, 1)
    assert not shown & more
    assert "Show more" not in rest.text


def test_psychology_opens_a_group_by_itself(system: Running) -> None:
    referral = refer(referrer := visitor(system, REFERRER), register(referrer))
    psychology = visitor(system, PSYCHOLOGY)
    page = psychology.get("/waiting/triage")
    assert page.title.startswith("To decide")
    assert f"/referrals/{referral}" in page.links
    assert psychology.get("/waiting/nothing").status == 404
    assert psychology.get("/waiting/triage?after=nowhere").status == 422
    assert referrer.get("/waiting/triage").status == 404


@pytest.fixture
def waiting(system: Running) -> tuple[str, str]:
    """Two whom triage decides about: one urgent, one routine that somebody has taken on."""
    referrer, psychology = visitor(system, REFERRER), visitor(system, "psychology:psy-moreno")
    urgent = refer(referrer, register(referrer, name="Ursula Ågren"), priority="urgent")
    routine = refer(referrer, register(referrer, name="Rosa Núñez"), priority="routine")
    psychology.get(f"/referrals/{routine}")
    psychology.submit("take-on")
    return urgent, routine


def _rows(page: PageSeen) -> set[str]:
    return {link.removeprefix("/referrals/") for link in page.links if link.startswith("/referrals/")}


def _count(page: PageSeen) -> int:
    counted = re.search(r'<h1>.*<span class="count">(\d+)</span></h1>', page.html)
    assert counted is not None
    return int(counted[1])


def test_a_list_shows_whom_its_address_asks_for_and_counts_those(system: Running, waiting: tuple[str, str]) -> None:
    urgent, routine = waiting
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get("/waiting/triage")
    page = psychology.submit("filter", priority="urgent", contains="")
    assert page.path == "/waiting/triage"
    assert "priority=urgent" in page.query
    assert urgent in _rows(page)
    assert routine not in _rows(page)
    assert _count(page) == len(_rows(page))
    assert page.form("filter").values["priority"] == ["urgent"]
    found = psychology.submit("filter", priority="", contains="nunez", responsible="psy-moreno", sort="due")
    assert routine in _rows(found)
    assert urgent not in _rows(found)
    assert _count(found) == len(_rows(found))
    assert "Looked after by" in found.text
    assert "We looked through" in found.text
    none = psychology.submit("filter", contains="nobody at all")
    assert (_rows(none), _count(none)) == (set(), 0)
    assert "0 of them fit" in none.text
    assert "Nobody in this list fits." in psychology.submit("filter", sort="name").text
    assert _rows(psychology.get("/waiting/triage")) >= {urgent, routine}
    assert psychology.get("/waiting/triage?sort=colour").status == 422


def test_a_referrer_chooses_in_their_own_lists(system: Running, waiting: tuple[str, str]) -> None:
    referrer = visitor(system, REFERRER)
    assert "/mine/open" in referrer.page.links
    page = referrer.get("/mine/open?contains=ursula&sort=due")
    assert waiting[0] in _rows(page)
    assert waiting[1] not in _rows(page)
    assert "responsible" not in page.form("filter").fields


def test_the_next_page_is_chosen_by_the_same(system: Running) -> None:
    referrer = visitor(system, OTHER)
    patient = register(referrer, name="Many Drafts")
    _draft(system, patient, range(1000, 1120))
    first = referrer.get("/mine/drafts?contains=drafts")
    following = next(link for link in first.links if "after=" in link)
    assert following.startswith("/mine/drafts?contains=drafts&after=")
    assert "There are more in this list." in first.text
    shown, page = [_rows(first)], first
    while "after=" in following:
        page = referrer.get(following)
        shown.append(_rows(page))
        following = next((link for link in page.links if "after=" in link), "")
    assert sum(len(rows) for rows in shown) == len(set().union(*shown)) == 120


def test_a_view_is_kept_by_name_for_whoever_keeps_it(system: Running, waiting: tuple[str, str]) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get("/waiting/triage?priority=urgent&contains=ursula&sort=name")
    page = psychology.submit("keep-view", name="Urgent, by name")
    assert (page.path, "The view is kept." in page.text) == ("/waiting/triage", True)
    assert page.form("filter").values["contains"] == ["ursula"]
    kept = "/waiting/triage?priority=urgent&sort=name"
    assert kept in page.links
    assert kept in psychology.get("/").links
    psychology.get("/waiting/treatment")
    psychology.submit("keep-view", name="Urgent, by name")
    assert kept not in psychology.get("/").links
    assert "/waiting/treatment" in psychology.page.links

    psychology.submit("sign-out")
    psychology.sign_in("psychology:psy-moreno")
    assert "Urgent, by name" not in psychology.page.text
    psychology.submit("sign-out")
    psychology.sign_in(PSYCHOLOGY)
    assert "Urgent, by name" in psychology.page.text
    psychology.get("/waiting/triage?due=week")
    gone = psychology.submit("remove-view")
    assert (gone.path, "due=week" in gone.query, "Urgent, by name" in gone.text) == ("/waiting/triage", True, False)


def test_a_view_needs_a_name_and_room(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get("/waiting/triage?due=week")
    for name in ("", "x" * 31):
        page = psychology.submit("keep-view", name=name)
        assert page.title.startswith("Error:")
        assert "up to 30 letters" in page.text
        assert page.form("filter").values["due"] == ["week"]
    for number in range(10):
        page = psychology.submit("keep-view", name=f"{number} {'ü' * 28}")
        assert page.query.endswith("done=view-kept"), page.text
    full = psychology.submit("keep-view", name="One more")
    assert (full.status, "no more room" in full.text) == (422, True)
    assert psychology.submit("remove-view").query.endswith("done=view-removed")
    assert psychology.submit("keep-view", name="One more").status == 200


def test_views_that_were_tampered_with_are_not_there(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get("/waiting/triage")
    psychology.submit("keep-view", name="Mine alone")
    name, value = next((one.name, one.value) for one in psychology.client.cookies.jar if "views" in one.name)
    assert value
    for other in (value[:-1] + ("0" if value[-1] != "0" else "1"), "x" + value, "nonsense", "."):
        psychology.client.cookies.clear()
        psychology.sign_in(PSYCHOLOGY)
        psychology.client.cookies.set(name, other)
        assert "Mine alone" not in psychology.get("/").text
    assert visitor(system, "operator:op-byrne").client.post("/waiting/triage/views").status_code in (403, 404)


def test_the_list_can_be_reached_past_its_form(system: Running, waiting: tuple[str, str]) -> None:
    page = visitor(system, PSYCHOLOGY).get("/waiting/triage")
    is_sound(page)
    order = [found for tag, found in page.tags if tag in ("a", "form", "div")]
    skip = next(n for n, found in enumerate(order) if found.get("href") == "#list")
    form = next(n for n, found in enumerate(order) if found.get("data-form") == "filter")
    rows = next(n for n, found in enumerate(order) if found.get("id") == "list")
    assert skip < form < rows
