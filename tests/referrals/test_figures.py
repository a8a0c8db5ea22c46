"""Figures of referrals: each counts once, waits without pauses, and reasons of few people are not said."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals import figures
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.runtime.auth import User
from tests.referrals.people import NOW
from tests.referrals.service import Http, serving
from tests.referrals.test_api import OKAFOR, REGISTER, SUBMIT, TANAKA

BYRNE = User("op-byrne", "operator")
DAY = timedelta(days=1)


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


def entry(kind: type[e.ReferralEvent], subject: str, n: int = 1, **data: Any) -> dict[str, Any]:
    """An event as the ledger has it."""
    return {
        "id": f"{subject}/{kind.TYPE}/{n}",
        "type": kind.TYPE,
        "subject": subject,
        "sequence": n,
        "patient": None,
        "idempotencykey": None,
        "time": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
        "data": data,
    }


async def test_a_month_is_counted_and_few_are_not_told_apart(http: Http) -> None:
    declined = [entry(e.ReferralDeclined, f"d{n}", reason_code="no_capacity") for n in range(6)]
    once = entry(e.ReferralDeclined, "d7", reason_code="not_suitable")
    missed = [entry(e.AppointmentMissed, "m", n, reason_code="forgot") for n in range(1, 3)]
    said = [entry(e.ReferralReturned, "r"), entry(e.ReferralRedirected, "x"), entry(e.ReferralLapsed, "l")]
    await http.core.store.ledger.file([*declined, once, *missed, *said])
    found = await http.get(TANAKA, "/figures?period=2026-03")
    assert (found["declined"], found["returned"], found["redirected"], found["lapsed"]) == (7, 1, 1, 1)
    assert (found["declined_because"], found["missed"], found["missed_because"]) == ([], 2, [])
    assert found["waits"] == {"people": 0, "median_days": None, "longest_days": None}
    assert (await http.get(TANAKA, "/figures?period=2026-02"))["declined"] == 0
    quarter = await http.get(BYRNE, "/figures?period=2026-Q1")
    assert (quarter["declined"], quarter["missed_because"]) == (7, [])
    assert quarter["declined_because"] == [
        {"code": "no_capacity", "count": None, "few": False},
        {"code": "not_suitable", "count": None, "few": False},
    ]


async def test_a_referral_on_its_way_counts_once_at_each_step(http: Http) -> None:
    rosa = await http.did(OKAFOR, "/patients", {**REGISTER, "consents": ["refer"]})
    referral = await http.did(OKAFOR, "/referrals", {"patient_id": rosa})
    await http.did(OKAFOR, f"/referrals/{referral}/submit", SUBMIT)
    await http.did(TANAKA, f"/referrals/{referral}/accept", {"rationale": "Good fit.", "step": 2})
    found = await http.get(TANAKA, "/figures?period=2026-03")
    assert (found["submitted"], found["accepted"], found["as_of"]) == (1, 1, f"{NOW:%Y-%m-%dT%H:%M:%SZ}")
    second = await http.did(OKAFOR, "/patients", {**REGISTER, "name": "Ben Ito", "consents": ["refer"]})
    another = await http.did(OKAFOR, "/referrals", {"patient_id": second})
    await http.did(OKAFOR, f"/referrals/{another}/submit", SUBMIT)
    assert (await http.get(TANAKA, "/figures?period=2026-03"))["submitted"] == 1
    http.clock.moment += timedelta(minutes=5)
    assert (await http.get(TANAKA, "/figures?period=2026-03"))["submitted"] == 2


def met(days: int, *paused: int) -> ReferralState:
    pauses = tuple(
        e.Pause(since=NOW + 10 * n * DAY, until=NOW + (10 * n + length) * DAY, reason_code="practical")
        for n, length in enumerate(paused)
    )
    return ReferralState(clock_started_at=NOW, clock_stopped_at=NOW + days * DAY, pauses=pauses)


def test_waits_are_whole_days_without_pauses() -> None:
    people, later = [met(10), met(12), met(20, 4), met(30), met(40, 3, 2)], NOW + 100 * DAY
    found = figures.waits(people, later, "2026-Q1")
    assert (found.people, found.median_days, found.longest_days) == (5, 16, 35)
    assert figures.waits(people, later, "2026-03").longest_days is None
    assert figures.waits(people[:4], later, "2026-Q1") == figures.Waits(people=4, median_days=None, longest_days=None)
    assert figures.waits([], NOW, "2026-Q1") == figures.Waits(people=0, median_days=None, longest_days=None)


async def test_figures_are_for_those_who_lead_or_run_the_service(http: Http) -> None:
    for role in ("referrer", "patient", "caregiver", "service"):
        await http.get(User("x", role), "/figures?period=2026-03", 403)
    for wrong in ("", "?period=2026", "?period=2026-13", "?period=2026-Q0"):
        await http.get(TANAKA, f"/figures{wrong}", 422)
