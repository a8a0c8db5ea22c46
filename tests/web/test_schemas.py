"""Requests of every kind that each service's own OpenAPI allows, and some that it does not, with tokens of people who
have no business there: nothing breaks, and nobody reads what is another's. Schemathesis makes them, the same ones each
time; the services are real, over HTTP.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from shared.runtime.auth import User, issue
from tests.architecture import caregiver_world as world_of
from tests.architecture.caregiver_world import WRITTEN
from tests.architecture.system import SERVICES
from tests.portal import sharing_story as sharing
from tests.portal.acting import read
from tests.portal.api import OKAFOR
from tests.portal.running import Running
from tests.portal.story import register, visitor

# Schemathesis chooses between its strategies by chance; hypothesis, which seeds it, would like it to ask.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")

LINDQVIST = User("dr-lindqvist", "referrer")
OPEN = ("/health/live", "/health/ready", "/asyncapi.json", "/metrics")
OTHER_SECRET = "another secret that is long enough to sign with"
FEW = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Town:
    """`ids` are of what belongs to somebody in treatment, `theirs` what nobody else may read; the rest are tokens."""

    system: Running
    patient: str
    ids: Mapping[str, str]
    theirs: tuple[str, ...]
    strangers: Mapping[str, str]
    useless: Mapping[str, str]
    insiders: Mapping[str, str]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with world_of.made(tmp_path_factory.mktemp("schemas")) as world:
        system, patient = world.system, world.treated
        record = read(system, OKAFOR, f"/patients/{patient}")
        luis = sharing.named(system, patient, "luis.schemas@people.example")
        sharing.takes_part(system, patient, luis)
        ids = {**world.ids, "patient_id": patient, "recipient_id": patient, "caregiver_id": luis.id}
        strangers = _strangers(system)
        insiders = (User(patient, "patient"), OKAFOR, User("psy-tanaka", "psychology"), User("op-byrne", "operator"))

        def token(user: User, secret: str = system.secret, ago: timedelta = timedelta()) -> str:
            return issue(secret, user, system.clock.now() - ago, timedelta(hours=1))

        useless = {
            "expired": token(insiders[0], ago=timedelta(hours=2)),
            "expired, of the staff": token(insiders[2], ago=timedelta(days=9)),
            "by another secret": token(insiders[2], OTHER_SECRET),
            "cut short": token(insiders[2])[:-3],
            "none at all": "",
        }
        yield Town(
            system=system,
            patient=patient,
            ids=ids,
            theirs=(*WRITTEN, record["name"], record["email"]),
            strangers={user.actor: token(user) for user in strangers},
            useless=useless,
            insiders={user.actor: token(user) for user in insiders},
        )


def _strangers(system: Running) -> tuple[User, ...]:
    """Another referrer, a patient of theirs, and somebody whom that patient trusts."""
    trusted = {
        "caregiver_name": "Noa Quill",
        "caregiver_email": "noa@people.example",
        "caregiver_relationship": "partner",
    }
    other = register(visitor(system, LINDQVIST.actor), name="Zoe Quill", email="zoe@people.example", **trusted)
    system.settle()
    [noa] = read(system, LINDQVIST, f"/patients/{other}")["caregivers"]
    return LINDQVIST, User(other, "patient"), User(noa["caregiver_id"], "caregiver")


def operations(town: Town, service: str) -> list[Any]:
    """All that the service says it offers, but for what is open to everybody."""
    schema = schemathesis.openapi.from_url(f"{town.system.addresses[service]}/openapi.json")
    found = [one.ok() for one in schema.get_all_operations()]
    assert len(found) > 20
    return [one for one in found if one.path not in OPEN]


def cases(town: Town, operation: Any, *modes: GenerationMode) -> st.SearchStrategy[Case]:
    """Requests to the operation; wherever an id is asked for, of what exists, where there is one."""
    known = {one.name: town.ids[one.name] for one in operation.path_parameters if one.name in town.ids}
    found = [operation.as_strategy(mode, path_parameters=known or None) for mode in modes]
    return st.one_of(found)


def sent(town: Town, service: str, case: Case, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, "If-Match": "*"}
    return case.call(base_url=town.system.addresses[service], headers=headers, session=town_session())


@cache
def town_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def tried(strategy: st.SearchStrategy[Case], do: Callable[[Case], None]) -> None:
    """A few of them, the same each time."""

    @FEW
    @given(strategy)
    def each(case: Case) -> None:
        do(case)

    each()


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_has_no_business_there_reads_and_changes_nothing_of_anothers(town: Town, service: str) -> None:
    before = _told_of(town)
    answered: Counter[int] = Counter()

    def ask(case: Case) -> None:
        for who, token in town.strangers.items():
            answer = sent(town, service, case, token)
            answered[answer.status_code] += 1
            assert answer.status_code < 500, f"{case.method} {case.path} breaks for {who}: {answer.text}"
            found = [words for words in town.theirs if words in answer.text]
            assert not found, f"{case.method} {case.path} shows {found} to {who}"

    for operation in operations(town, service):
        tried(cases(town, operation, GenerationMode.POSITIVE), ask)
    assert answered[403] + answered[404] > 100
    # Of messages all belongs to the one person whom the addresses name here.
    assert service == "notifications" or answered[200] > 10, "what is their own they read"
    town.system.settle()
    assert _told_of(town) == before, "a stranger changed something"


def test_what_strangers_were_told_themselves_they_read(town: Town) -> None:
    for who, token in town.strangers.items():
        address = f"{town.system.addresses['notifications']}/agendas/{who.partition(':')[2]}/inbox"
        answer = town_session().get(address, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, who


@pytest.mark.parametrize("service", SERVICES)
def test_a_token_that_is_none_opens_nothing(town: Town, service: str) -> None:
    def ask(case: Case) -> None:
        for what, token in town.useless.items():
            answer = sent(town, service, case, token)
            assert answer.status_code == 401, f"{case.method} {case.path} answers {answer.status_code} to one {what}"

    for operation in operations(town, service):
        tried(cases(town, operation, GenerationMode.POSITIVE), ask)


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_that_somebody_sends_breaks_a_service(town: Town, service: str) -> None:
    answered: Counter[int] = Counter()

    def ask(case: Case) -> None:
        for who, token in town.insiders.items():
            answer = sent(town, service, case, token)
            answered[answer.status_code] += 1
            assert answer.status_code < 500, f"{case.as_curl_command()} breaks for {who}: {answer.text}"

    for operation in operations(town, service):
        tried(cases(town, operation, GenerationMode.POSITIVE), ask)
        if operation.body or operation.query:
            tried(cases(town, operation, GenerationMode.NEGATIVE), ask)
    assert answered[200] + answered[201] > 30
    assert answered[422] > 30


def _told_of(town: Town) -> dict[str, int]:
    """How many events there are about that person, by service."""
    return {name: len(town.system.run(town.system.store(name).ledger.of_patient(town.patient))) for name in SERVICES}
