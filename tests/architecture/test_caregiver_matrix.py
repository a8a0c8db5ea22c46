"""What a caregiver reaches: every route of the table, in every way in which they can stand to a patient.

Messages are tried the same way in tests/notifications/test_caregiver_messages.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.visitor import Visitor
from shared.runtime.auth import User
from tests.architecture import caregiver_world as world_of
from tests.architecture.caregiver_routes import SCOPES, TABLE, Way, reached, scoped, table, ways
from tests.architecture.caregiver_world import STANDINGS, WRITTEN, Standing, World, standing
from tests.portal import sharing_story as sharing
from tests.portal.acting import TANAKA
from tests.portal.story import visitor

DENIED = (401, 403, 404)
REACHING = ("everything open", "not answered", "left", "no longer named", "consent withdrawn", "another's")
"""Ways in which somebody might come furthest, where no scope opens a route."""
OPENED = {"plan": (sharing.GOAL, sharing.OWN_STEP), "scores": ("is better:", '"readings"'), "progress": ("1 of 8",)}
"""What nobody reads without that scope."""
SECTION = re.compile(r'<section aria-labelledby="(\w+)">')


def test_every_route_has_one_entry_and_every_entry_a_route(tmp_path: Path) -> None:
    there, said = ways(tmp_path), Counter(way for way, _ in table())
    missing = [str(way) for way in there if way not in said]
    assert not missing, f"say in {TABLE.name} what a caregiver reaches by each: {missing}"
    assert not [str(way) for way in said if way not in there], f"{TABLE.name} has entries of routes that are gone"
    assert not [str(way) for way, times in said.items() if times > 1], f"{TABLE.name} has two entries for one route"


def test_every_scope_opens_a_page_and_a_route() -> None:
    for application in (("portal",), ("referrals", "interventions")):
        opened = [scopes for way, scopes in scoped().items() if way.application in application]
        assert set().union(*opened) == set(SCOPES)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world_of.made(tmp_path_factory.mktemp("matrix")) as world:
        yield world


def test_all_that_is_kept_from_them_is_there(world: World) -> None:
    assert set(world.ids) == set(world_of.IDS.values())
    read = [
        world.ask(TANAKA, Way("referrals", "GET", path), world.treated).text
        for path in ("/referrals/{referral_id}", "/patients/{patient_id}/care-plan")
    ]
    posts = world.ask(TANAKA, Way("interventions", "GET", "/circle-posts/{post_id}"), world.treated).text
    assert not [words for words in WRITTEN if words not in "".join([*read, posts])]


@pytest.mark.parametrize("how", STANDINGS, ids=str)
def test_what_a_scope_opens_is_shown_while_it_is_open_and_nothing_else(world: World, how: Standing) -> None:
    for patient in (world.treated, world.met):
        with world.trusting(patient, how) as luis:
            for way, scopes in scoped().items():
                wanted = None if how.denied else how.open & scopes
                shown, text = _shown(world, luis, way, patient)
                assert shown == wanted, f"{way} shows {shown} to somebody with {how}"
                closed = [one for scope in set(SCOPES) - how.open for one in OPENED.get(scope, ())]
                assert not [one for one in closed if one in text], str(way)
                assert not [one for one in (sharing.TEAM_STEP, sharing.REASON, world_of.POST) if one in text], str(way)
            if not how.denied:
                _is_what_the_patient_sees(world, luis, patient)


def test_each_scope_shows_what_it_says(world: World) -> None:
    with world.trusting(world.treated, standing("everything open")) as luis:
        page = world.sees(luis, Way("portal", "GET", "/shared/{patient_id}"), world.treated).text
        assert not [one for one in (sharing.GOAL, sharing.OWN_STEP, "is better:", "1 of 8") if one not in page]
        assert "Treatment has started." in page
    with world.trusting(world.met, standing("everything open")) as luis:
        page = world.sees(luis, Way("portal", "GET", "/shared/{patient_id}"), world.met).text
        assert "No meeting is planned" not in page


@pytest.mark.parametrize("how", [standing(name) for name in REACHING], ids=str)
def test_what_is_never_theirs_is_denied_and_what_is_theirs_shows_nothing_written(world: World, how: Standing) -> None:
    with world.trusting(world.treated, how) as luis:
        pages = world.browser(luis)
        for way in reached("never"):
            answer = _asked(world, pages, luis, way)
            assert answer.status_code in DENIED, f"{way} answers {answer.status_code} to somebody with {how}"
            assert not [words for words in WRITTEN if words in answer.text], str(way)
        for way in [*reached("own"), *reached("open")]:
            if way.method == "GET":
                text = _asked(world, pages, luis, way).text
                assert not [words for words in WRITTEN if words in text], str(way)


def _asked(world: World, pages: Visitor, luis: User, way: Way) -> httpx.Response:
    """The call, or the page or form in their own browser."""
    if way.application != "portal":
        return world.ask(luis, way, world.treated)
    path = world.path(way, luis, world.treated)
    return pages.client.get(path) if way.method == "GET" else world.tries(pages, path)


def _shown(world: World, luis: User, way: Way, patient: str) -> tuple[frozenset[str] | None, str]:
    """The scopes of which something is shown; None where all is denied."""
    if way.application == "portal":
        page = world.sees(luis, way, patient)
        return (None if page.status in DENIED else frozenset(SECTION.findall(page.html))), page.text
    answer: httpx.Response = world.ask(luis, way, patient)
    if answer.status_code in DENIED:
        return None, answer.text
    assert answer.status_code == 200, answer.text
    return frozenset(answer.json()) & frozenset(SCOPES), answer.text


def _is_what_the_patient_sees(world: World, luis: User, patient: str) -> None:
    shared = world.sees(luis, Way("portal", "GET", "/shared/{patient_id}"), patient)
    preview = visitor(world.system, f"patient:{patient}").get(f"/privacy/people/{luis.id}/view")
    assert _below_the_heading(preview.html) == _below_the_heading(shared.html)


def _below_the_heading(html: str) -> str:
    """What the page shows, without the note that says that it is a preview."""
    main = html.partition("</h1>")[2].partition("</main>")[0]
    return re.sub(r'<p class="note">This is exactly.*?</p>', "", main).strip()
