"""Pain education as a person goes through it: asked at both ends and not in between, and again after three months."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.interventions.reactions import episode_of
from shared.contracts.referrals import ReferralAccepted, ReferralAgreed
from shared.runtime.auth import User
from tests.interventions.example import T0
from tests.interventions.service import Http, serving

ROSA, ANA = User("p1", "patient"), User("ana", "psychology")
ABOUT: dict[str, Any] = {"at": T0, "referral_id": "r1", "patient_id": ROSA.id, "referrer_id": "doc"}
ANSWERS = {"PEG": {"1": 5, "2": 5, "3": 5}, "PHQ-4": {"1": 1, "2": 1, "3": 1, "4": 1}}
EPISODE = f"/episodes/{episode_of('r1')}"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        await client.hears(ReferralAccepted(**ABOUT, rationale=None, programme_id="pain-education", step=1))
        await client.hears(ReferralAgreed(**ABOUT))
        yield client


async def walked(http: Http) -> list[str]:
    """Every step until a clinician has to look, as it was offered."""
    steps: list[str] = []
    while (step := await http.get(ROSA, f"{EPISODE}/next"))["kind"] != "await_clinician":
        if step["kind"] == "questionnaire":
            steps.append(f"{step['occasion']} {step['measure']}")
            body = {"occasion": step["occasion"], "measure": step["measure"], "answers": ANSWERS[step["measure"]]}
            await http.did(ROSA, f"/series/{step['series_id']}/answers", body)
        elif step["kind"] == "module":
            steps.append(step["module_id"])
            await http.did(ROSA, f"{EPISODE}/modules/{step['module_id']}/complete")
        else:
            steps.append("wait")
            await http.days_pass(5)
    return steps


async def test_a_person_goes_through_it_and_is_asked_again_after_three_months(http: Http) -> None:
    assert await walked(http) == [
        "start PEG", "start PHQ-4",
        "how-lasting-pain-works", "wait", "volume-up-and-down", "wait", "moving-and-flare-ups", "wait", "my-own-plan",
        "end PEG", "end PHQ-4",
    ]  # fmt: skip
    assert await http.get(ROSA, f"{EPISODE}/check-ins") == []
    await http.did(ANA, f"{EPISODE}/finish", {"end_reason": "completed", "recommendation": "Keep to your plan"})
    http.clock.moment += timedelta(days=93)
    await http.core.run_timers("episode", episode_of("r1"))
    await http.days_pass(0)
    [asked] = await http.get(ROSA, f"{EPISODE}/check-ins")
    assert [form["measure"] for form in asked["forms"]] == ["PEG"]
