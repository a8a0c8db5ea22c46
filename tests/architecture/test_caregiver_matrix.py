"""What a caregiver reaches, route by route: each has one entry in the table, and what it denies is denied."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from deploy.visitor import Visitor
from services.notifications.policy import RULES
from shared.runtime.auth import User, issue
from tests.architecture.caregiver_routes import TABLE, Way, reached, table, ways
from tests.portal.acting import act, read
from tests.portal.api import OKAFOR, TANAKA, referred
from tests.portal.running import Running, running
from tests.portal.story import REFERRER, register, visitor

GOAL, REASON = "zebra-goal-4711", "zebra-reason-4712"
MARKERS = (GOAL, REASON)
STATES = ("trusted", "without consent", "no longer named", "another's")
DENIED = (401, 403, 404)
MESSAGES = {"caregiver_started": "news", "caregiver_finished": "news"}
"""The scope that each message to caregivers belongs to."""


def test_every_route_has_one_entry_and_every_entry_a_route(tmp_path: Path) -> None:
    there, said = ways(tmp_path), Counter(way for way, _ in table())
    missing = [str(way) for way in there if way not in said]
    assert not missing, f"say in {TABLE.name} what a caregiver reaches by each: {missing}"
    assert not [str(way) for way in said if way not in there], f"{TABLE.name} has entries of routes that are gone"
    assert not [str(way) for way, times in said.items() if times > 1], f"{TABLE.name} has two entries for one route"


def test_every_message_to_caregivers_has_a_scope() -> None:
    sent = {rule.template for rules in RULES.values() for rule in rules if rule.to == "caregivers"}
    assert sent == set(MESSAGES), "say in MESSAGES which scope each message to caregivers belongs to"


@dataclass(frozen=True)
class World:
    """A patient with a request and goal, and four people who are, or are not, trusted by somebody."""

    system: Running
    patient: str
    referral: str
    caregivers: dict[str, User]
    browsers: dict[str, Visitor]
    """In which they signed in before anything was taken back."""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def ask(self, who: User, way: Way) -> httpx.Response:
        """The real call, with the ids of this patient wherever the path has room for them."""
        known = {"patient_id": self.patient, "referral_id": self.referral, "subject": self.referral}
        known |= {"recipient_id": self.patient}
        path = "/".join(known.get(part[1:-1], "x") if part[:1] == "{" else part for part in way.path.split("/"))
        token = issue(self.system.secret, who, self.system.clock.now(), timedelta(hours=1))
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"m-{who.id}-{way}".replace(" ", "")[:120]}
        address = f"{self.system.addresses[way.application]}{path}"
        return self.client.request(way.method, address, headers={**sent, "If-Match": "*"})


def _filled(path: str, world: World, who: User) -> str:
    """A page of the caregiver's own, about this patient wherever the path has room for one."""
    known = {"recipient_id": who.id, "caregiver_id": who.id, "patient_id": world.patient}
    return path.format(**known, part="session-1", page="overview", name="x")


def _linked(system: Running, patient: str, email: str) -> User:
    body = {"name": "Luis", "email": email, "relationship": "partner", "language": "en"}
    before = {one["caregiver_id"] for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"]}
    act(system, OKAFOR, f"/patients/{patient}/caregivers", **body)
    after = {one["caregiver_id"] for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"]}
    [new] = after - before
    return User(new, "caregiver")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("matrix")) as system:
        referrer = visitor(system, REFERRER)
        patient, other, shut = register(referrer), register(referrer), register(referrer)
        referral = referred(system, patient, goal=GOAL, reason=REASON)
        people = {
            "trusted": _linked(system, patient, "one@people.example"),
            "no longer named": _linked(system, patient, "two@people.example"),
            "another's": _linked(system, other, "three@people.example"),
            "without consent": _linked(system, shut, "four@people.example"),
        }
        browsers = {state: visitor(system, f"caregiver:{who.id}") for state, who in people.items()}
        act(system, OKAFOR, f"/patients/{patient}/caregivers/{people['no longer named'].id}/remove")
        act(system, OKAFOR, f"/patients/{shut}/consents", scope="caregiver", granted=False)
        world = World(system, patient, referral, people, browsers)
        with world.client:
            yield world


def test_the_planted_words_are_there_for_those_who_treat(world: World) -> None:
    found = world.ask(TANAKA, Way("referrals", "GET", "/referrals/{referral_id}"))
    assert found.status_code == 200
    assert all(marker in found.text for marker in MARKERS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("application", ["referrals", "interventions", "notifications"])
def test_what_is_never_theirs_is_denied_and_shows_nothing(world: World, application: str, state: str) -> None:
    for way in reached("never"):
        if way.application == application:
            answer = world.ask(world.caregivers[state], way)
            assert answer.status_code in DENIED, f"{way} answers {answer.status_code} to somebody {state}"
            assert not [marker for marker in MARKERS if marker in answer.text], str(way)


@pytest.mark.parametrize("state", STATES)
def test_their_own_pages_and_routes_show_nothing_of_what_was_written(world: World, state: str) -> None:
    who, browser = world.caregivers[state], world.browsers[state]
    for way in [*reached("own"), *reached("open")]:
        if way.method == "GET":
            mine = Way(way.application, "GET", _filled(way.path, world, who))
            portal = way.application == "portal"
            text = browser.get(mine.path).text if portal else world.ask(who, mine).text
            assert not [marker for marker in MARKERS if marker in text], str(way)


@pytest.mark.parametrize("state", STATES)
def test_pages_that_are_never_theirs_are_not_there(world: World, state: str) -> None:
    known = {"{patient_id}": world.patient, "{referral_id}": world.referral, "{number}": "1", "{place}": "1"}
    for way in reached("never"):
        if way.application == "portal" and way.method == "GET":
            path = "/".join(known.get(part, "x" if part[:1] == "{" else part) for part in way.path.split("/"))
            page = world.browsers[state].get(path)
            assert page.status in DENIED, f"{way} answers {page.status} to somebody {state}"
            assert not [marker for marker in MARKERS if marker in page.text], str(way)
