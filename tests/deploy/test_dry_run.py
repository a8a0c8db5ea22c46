"""`make dry-run`: what it prints, and what it says when there is nothing to try the rules on."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.dry_run import lines
from deploy.embedded import Embedded, free_ports
from deploy.people import Desk
from services.referrals.domain.triage.dry_run import Case, dry_run
from shared.contracts.referrals import Priority, Recommendation
from shared.runtime.clock import SystemClock
from tests.parts.server import ROOT, free_port
from tests.referrals.people import NOW
from tests.referrals.rules import SHIPPED, reading

RULES = "deploy/triage/rules-1.yaml"
PAIN = "Pain gets in the way of daily life, so support from a clinician is likely to help more than reading alone."
PATIENT = {"name": "Somebody", "email": "p@example.org", "birth_date": "1979-05-04", "consents": ["refer"]}
SUBMIT: dict[str, Any] = {
    "reason": "Pain for two years.",
    "goal": "Walk to the market.",
    "priority": "urgent",
    "answers": {"PEG": {"1": 6, "2": 7, "3": 8}, "PHQ-4": {"1": 1, "2": 2, "3": 0, "4": 1}},
}


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "deploy.dry_run", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


async def _decide_one(system: Embedded) -> None:
    """A referral that triage has accepted."""
    async with httpx.AsyncClient(trust_env=False) as client:
        desk = Desk(client, system.addresses, system.secrets.token_secret, system.clock)
        referrer, psychology = desk.person("dr-okafor", "referrer"), desk.person("psy-tanaka", "psychology")
        patient = await referrer.post("referrals", "/patients", PATIENT)
        referral = await referrer.post("referrals", "/referrals", {"patient_id": patient["id"]})
        await referrer.post("referrals", f"/referrals/{referral['id']}/submit", SUBMIT)
        await psychology.post("referrals", f"/referrals/{referral['id']}/accept", {"rationale": "Good fit.", "step": 2})


async def test_the_rules_of_a_file_are_tried_on_a_running_system_and_wrong_addresses_are_named(tmp_path: Path) -> None:
    system = Embedded(tmp_path / "data", ports=free_ports(), clock=SystemClock(), quick=True)
    await system.start()
    try:
        await _decide_one(system)
        portal, referrals = system.addresses["portal"], system.addresses["referrals"]
        secret = ("--secret", str(tmp_path / "data" / "secrets.json"))
        done = await asyncio.to_thread(_run, RULES, "--referrals", referrals, *secret)
        no_secret = await asyncio.to_thread(_run, RULES, "--referrals", referrals, "--secret", str(tmp_path / "none"))
        another = await asyncio.to_thread(_run, RULES, "--referrals", referrals, "--secret", "LICENSE")
        no_referrals = await asyncio.to_thread(_run, RULES, "--referrals", portal, *secret)
    finally:
        await system.stop()
    assert done.returncode == 0, done.stderr
    assert "Rules of version 1 on 1 referrals that triage has decided:" in done.stdout
    assert "holds no secret to sign with" in no_secret.stderr
    assert "answered 401" in another.stderr
    assert "is the referrals service there?" in no_referrals.stderr
    assert {no_secret.returncode, another.returncode} == {1}
    assert no_referrals.returncode != 0


def test_counts_come_first_and_then_each_change_with_its_reasons() -> None:
    recorded = Recommendation(rules_version=1, step=1, urgency=Priority.ROUTINE, reasons=())
    case = Case(
        referral_id="referral-1",
        readings=(reading("PEG", 7, 7, 7), reading("PHQ-4", 0, 0, 0, 0)),
        priority=Priority.URGENT,
        flags=(),
        recorded=recorded,
        decided_step=2,
        outcome="accepted",
        decided_at=NOW,
    )
    lost = case.model_copy(update={"referral_id": "referral-2", "readings": (), "outcome": "declined"})
    lost = lost.model_copy(update={"decided_step": None, "priority": Priority.ROUTINE})
    assert list(lines(SHIPPED, dry_run(SHIPPED, [case, lost]))) == [
        "Rules of version 1 on 2 referrals that triage has decided:",
        "",
        "      0  stay the same",
        "      1  more intensive",
        "      0  less intensive",
        "      1  sooner",
        "      0  later",
        "      1  a person must look now",
        "      0  a step in place of a person's look",
        "      0  had no recommendation to compare with",
        "",
        "Version 1 once said something else for: referral-1, referral-2.",
        "So the rules were edited and the version was not raised. Please raise it.",
        "",
        "referral-1, accepted at step 2 on 2026-03-02",
        "  then: step 1, routine (no rule)",
        "  now:  step 2, urgent (pain-moderate, urgent-asked)",
        f"        - {PAIN}",
        "        - The referrer asked for an urgent decision.",
        "",
        "referral-2, declined on 2026-03-02",
        "  then: step 1, routine (no rule)",
        "  now:  a person must look (missing:PEG, missing:PHQ-4)",
        "        - PEG is missing, so no step can be recommended. Please look for yourself.",
        "        - PHQ-4 is missing, so no step can be recommended. Please look for yourself.",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([""], "say which rules to try: make dry-run RULES="),
        (["none.yaml"], "none.yaml cannot be read (No such file or directory)"),
        (["deploy/clinic.yaml"], "deploy/clinic.yaml, rules: is missing; write it"),
        ([RULES, "--base-url", "http://clinic.example"], "say where the referrals service is: REFERRALS=http://..."),
        ([RULES, "--base-url", "clinic:8080"], "clinic:8080 is no address; write one such as BASE_URL=http://"),
        (
            [RULES, "--base-url", f"http://127.0.0.1:{free_port()}", "--secret", "LICENSE"],
            "is it running? See docs/operating.md",
        ),
    ],
)
def test_it_says_why_it_cannot_try_the_rules(arguments: list[str], told: str) -> None:
    done = _run(*arguments)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
