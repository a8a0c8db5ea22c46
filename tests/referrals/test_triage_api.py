"""The rules in force and the dry-run over HTTP, on a real store."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.referrals.domain.triage.dry_run import DryRun
from shared.contracts.triage import read_rules
from shared.runtime.auth import User
from tests.referrals.rules import SHIPPED, rule, rule_data
from tests.referrals.service import Http, serving

OKAFOR, LINDQVIST, TANAKA = User("dr-okafor", "referrer"), User("dr-lindqvist", "referrer"), User("psy-t", "psychology")
SUBMIT: dict[str, Any] = {
    "reason": "Pain for two years.",
    "goal": "Walk to the market.",
    "priority": "urgent",
    "answers": {"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {"1": 1, "2": 2, "3": 0, "4": 1}},
}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def _refer(http: Http, number: int) -> str:
    person = {"name": "Somebody", "email": f"p{number}@example.org", "birth_date": "1979-05-04", "consents": ["refer"]}
    patient = await http.did(OKAFOR, "/patients", person)
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": patient})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    return referral


async def test_psychology_reads_the_rules_in_force_as_it_may_send_them_back(http: Http) -> None:
    shown = await http.get(TANAKA, "/triage/rules")
    assert read_rules(shown) == SHIPPED
    assert (await http.post(TANAKA, "/triage/dry-run", shown)).status_code == 200


async def test_every_decided_referral_is_a_case_and_no_other(http: Http) -> None:
    waiting, accepted, returned, declined = [await _refer(http, number) for number in range(4)]
    await http.did(TANAKA, f"/referrals/{accepted}/accept", {"rationale": "Good fit.", "step": 2})
    await http.did(TANAKA, f"/referrals/{accepted}/withdraw")
    await http.did(TANAKA, f"/referrals/{returned}/return", {"rationale": "Pacing first."})
    await http.did(TANAKA, f"/referrals/{declined}/decline", {"rationale": "Full.", "reason_code": "no_capacity"})
    before = [await http.get(TANAKA, f"/referrals/{id}") for id in (waiting, accepted, returned, declined)]
    answer = await http.post(TANAKA, "/triage/dry-run", rule_data())
    result = DryRun.model_validate(answer.json())
    assert (result.rules_version, result.cases) == (7, 3)
    assert [await http.get(TANAKA, f"/referrals/{id}") for id in (waiting, accepted, returned, declined)] == before


async def test_rules_that_cannot_be_used_are_answered_with_every_mistake(http: Http) -> None:
    answer = await http.post(TANAKA, "/triage/dry-run", rule_data(rule("a", when=[]), rule("b", why={"en": "Pain."})))
    assert (answer.status_code, answer.json()["code"]) == (422, "rules-invalid")
    first, second = answer.json()["detail"]["faults"].splitlines()
    assert first.startswith("rule a, when: it has no condition")
    assert second == "rule b, why.es: is missing; write the reason in Spanish too"


async def test_the_rules_are_for_psychology(http: Http) -> None:
    for who in (OKAFOR, User("patient-1", "patient"), User("op-byrne", "operator")):
        await http.get(who, "/triage/rules", 403)
        await http.get(who, "/referrals/referral-1/recommendation", 403)
        assert (await http.post(who, "/triage/dry-run", rule_data())).status_code == 403


async def test_what_the_rules_recommend_is_told_with_every_reason(http: Http) -> None:
    referral = await _refer(http, 1)
    shown = await http.get(TANAKA, f"/referrals/{referral}/recommendation")
    said = shown["recommendation"]
    assert (said["step"], said["consult"], said["reasons"]) == (2, False, ["pain-moderate", *said["reasons"][1:]])
    assert len(shown["reasons"]) == len(said["reasons"])
    assert shown["reasons"][0].startswith("Pain gets in the way of daily life")
    assert (shown["missing_attachments"], shown["flags"], shown["approved_by"]) == ([], [], None)
    spanish = await http.get(TANAKA, f"/referrals/{referral}/recommendation?language=es")
    assert spanish["reasons"][0].startswith("El dolor dificulta la vida diaria")


async def test_what_was_recommended_stays_when_a_decision_was_taken(http: Http) -> None:
    referral = await _refer(http, 1)
    path = f"/referrals/{referral}/recommendation"
    before = await http.get(TANAKA, path)
    await http.did(TANAKA, f"/referrals/{referral}/return", {"rationale": "Pacing first."})
    assert await http.get(TANAKA, path) == before


async def test_a_dry_run_gives_a_sentence_for_each_reason_in_the_readers_language(http: Http) -> None:
    returned = await _refer(http, 1)
    await http.did(TANAKA, f"/referrals/{returned}/return", {"rationale": "Pacing first."})
    why = {"en": "Much pain.", "es": "Mucho dolor."}
    rules = rule_data(rule("much", when=[{"measure": "PEG", "at_least": 1}], then={"step": 4}, why=why))
    for language, before, after in (("en", "Pain gets", "Much pain."), ("es", "El dolor", "Mucho dolor.")):
        answer = await http.post(TANAKA, f"/triage/dry-run?language={language}", rules)
        [change] = DryRun.model_validate(answer.json()).changes
        assert change.before_why[0].startswith(before)
        assert change.after_why == (after,)
