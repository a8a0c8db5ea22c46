"""Whatever a route shows of a person, changes or denies is in the audit: tried over the whole route table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from services.portal.words import LANGUAGES, words
from shared.runtime.audit.check import check, heads_in
from shared.runtime.auth import User, issue
from shared.runtime.store.port import Json
from tests.architecture import caregiver_world as world_of
from tests.architecture.caregiver_routes import Way, ways
from tests.architecture.caregiver_world import World, standing
from tests.architecture.system import SERVICES, aggregates
from tests.portal.acting import TANAKA
from tests.portal.api import OKAFOR
from tests.portal.story import visitor

PATIENT = re.compile(r"patient-[0-9a-f]{20}")
DENIED = (401, 403, 404)
OF_A_PATIENT = {"patient_id", "subject", *world_of.IDS.values()} - {"circle_id"}
"""What stands in the path of a route that is about one patient."""
OF_NOBODY = ("/audit", "/audit/days", "/ledger")
"""What names people as those who asked, or says only which aggregates have news."""
PUBLIC = ("/health/live", "/health/ready", "/asyncapi.json")
OPERATOR = User("op-byrne", "operator")
SERVICE = User("notifications", "service")


@dataclass
class Asked:
    """One call of the table, by the name that it has in the audit."""

    way: Way
    who: User
    answer: httpx.Response
    request: str


@dataclass
class Tried:
    """All calls, and the audit of each service afterwards."""

    world: World
    calls: list[Asked] = field(default_factory=list)
    records: dict[str, list[Json]] = field(default_factory=dict)

    def of(self, call: Asked) -> list[Json]:
        return [one for one in self.records[call.way.application] if one.get("request") == call.request]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("audit")
    with world_of.made(folder / "system") as world, world.trusting(world.treated, standing("everything open")) as luis:
        tried = Tried(world)
        patients = [User(one, "patient") for one in (world.treated, world.met)]
        everybody = [TANAKA, OKAFOR, OPERATOR, SERVICE, *patients, luis]
        there = [way for way in ways(folder / "table") if way.application in SERVICES and way.path not in PUBLIC]
        for way in sorted(there, key=lambda way: (way.method != "GET", way)):
            for who in everybody:
                tried.calls.append(_ask(world, way, who, len(tried.calls)))
        world.system.settle()
        for service in SERVICES:
            audit = world.system.store(service).audit
            tried.records[service] = [
                record
                for head in world.system.run(audit.heads(100))
                for record in world.system.run(audit.chain(head["chain"], 0, 1_000_000))
            ]
        yield tried


def _ask(world: World, way: Way, who: User, n: int) -> Asked:
    token = issue(world.system.secret, who, world.system.clock.now(), timedelta(hours=1))
    request = f"audit-{n}"
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": request, "X-Correlation-Id": request}
    answer = world.client.request(
        way.method,
        f"{world.system.addresses[way.application]}{world.path(way, who, world.treated)}",
        params={"caregiver_id": who.id, "patient": world.treated, "list": "all"},
        headers={**sent, "If-Match": "*"},
        json={} if way.method == "POST" else None,
    )
    return Asked(way, who, answer, request)


def test_every_person_that_an_answer_names_has_a_record_of_it(tried: Tried) -> None:
    missing, shown = [], 0
    for call in tried.calls:
        if call.answer.is_success:
            named = set(PATIENT.findall(call.answer.text)) if call.way.path not in OF_NOBODY else set()
            shown += len(named)
            kept = {one["person"] for one in tried.of(call) if one["outcome"] == "done"}
            missing += [f"{call.way} to {call.who}: {one}" for one in sorted(named - kept)]
    assert shown > 50
    assert not missing, "\n".join(
        ["these answers name people who are not in the audit; note them by trail.saw:", *missing]
    )


def test_every_route_about_one_patient_leaves_a_record_about_them(tried: Tried) -> None:
    about = [call for call in tried.calls if OF_A_PATIENT & set(re.findall(r"{(\w+)}", call.way.path))]
    answered = [call for call in about if call.answer.is_success and not _is_empty(call.answer)]
    missing = [
        f"{call.way} to {call.who}"
        for call in answered
        if tried.world.treated not in {one["person"] for one in tried.of(call)}
    ]
    assert len({call.way for call in answered}) > 20
    assert not missing, "\n".join(missing)


def _is_empty(answer: httpx.Response) -> bool:
    """Without anything of anybody in it."""
    said = answer.json()
    return not said or (isinstance(said, dict) and not any(said.values()))


def test_every_denial_is_on_record_with_who_was_denied(tried: Tried) -> None:
    denied = [call for call in tried.calls if call.answer.status_code in DENIED]
    missing = [
        f"{call.way} to {call.who}"
        for call in denied
        if {(one["actor"], one["outcome"]) for one in tried.of(call)} != {(call.who.id, "denied")}
    ]
    assert len(denied) > 300
    assert not missing, "\n".join(missing)


def test_every_change_that_a_person_made_is_on_record(tried: Tried) -> None:
    """All that happened in this clinic, from the ledgers, against the audits."""
    changes = 0
    for service in SERVICES:
        kept = {(one["request"], one["person"]) for one in tried.records[service] if one.get("outcome") == "done"}
        ledger = tried.world.system.store(service).ledger
        for event in tried.world.system.run(ledger.between("", "9", limit=100_000)):
            if event["causation"].startswith("request:") and event["patient"]:
                changes += 1
                assert (event["correlation"], event["patient"]) in kept, f"{event['type']} of {service}"
    assert changes > 50


def test_no_address_and_no_word_of_anybody_is_in_a_record(tried: Tried) -> None:
    routes = {f"{call.way.method} {call.way.path}" for call in tried.calls}
    for records in tried.records.values():
        for one in records:
            assert one.get("route") is None or one["route"] in routes
            assert not [said for said in world_of.WRITTEN if said in str(one)]


def test_every_audit_is_whole_and_its_head_is_told(tried: Tried) -> None:
    for service in SERVICES:
        tried.world.system.run(tried.world.system.service(service).audit.tell_head())
    file = tried.world.system.service("referrals").settings.audit_heads
    assert file is not None
    known = heads_in(file.read_bytes().splitlines())
    for service in SERVICES:
        own = [head for head in known if head.chain.startswith(f"{service}-")]
        report = tried.world.system.run(check(tried.world.system.store(service).audit, own))
        assert own
        assert not report.faults


def test_the_patient_reads_who_looked_in_words(tried: Tried) -> None:
    patient = visitor(tried.world.system, f"patient:{tried.world.treated}")
    assert "/privacy/who-looked" in patient.get("/privacy").links
    page = patient.get("/privacy/who-looked")
    assert "Yuki Tanaka (psychology team)" in page.text
    assert "Dr Ada Okafor (pain team)" in page.text
    assert "To look after you." in page.text
    assert "was not let in" in page.text
    assert not re.search(r"psy-tanaka|measure_series|patient-[0-9a-f]|GET ", page.text)


def test_a_patient_does_not_learn_which_other_patient_asked(tried: Tried) -> None:
    own = [call for call in tried.calls if call.way.path.startswith("/audit") and call.who.id == tried.world.treated]
    asked = [call for call in own if call.answer.is_success]
    assert len(asked) == 2 * len(SERVICES)
    assert not [call for call in asked if tried.world.met in call.answer.text]


def test_every_kind_of_data_of_a_patient_has_words_in_the_list() -> None:
    of_others = ("caregiver_check", "caregiver_course", "caregiver_support", "caregiver_word")
    of_patients = {one.name for one in aggregates() if "patient_id" in one.state.model_fields}
    kinds = of_patients - set(of_others) | {"agenda", "history", "audit", "message"}
    for language in LANGUAGES:
        assert not [kind for kind in sorted(kinds) if not words(language).has(f"looks.what.{kind}")]
