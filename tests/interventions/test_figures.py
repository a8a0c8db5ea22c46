"""Figures of treatments: begun, finished, ended before and why, and what changed for people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.interventions import figures
from shared.contracts.referrals import ChangeVerdict, MeasureChange, MoodOutcome, OutcomeSummary
from shared.runtime.auth import User
from shared.runtime.figures import FEW
from tests.interventions.example import T0
from tests.interventions.service import Http, serving, started

ANA, OPERATOR = User("ana", "psychology"), User("op", "operator")
PERIOD = f"/figures?period={T0:%Y-%m}"


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def test_treatments_count_when_they_begin_and_when_they_end(http: Http) -> None:
    episodes = [await started(http, User(f"p{n}", "patient"), f"r{n}") for n in range(7)]
    for episode in episodes[:5]:
        body = {"end_reason": "stopped_by_patient", "end_detail": "dropped_out", "recommendation": "Call in spring."}
        await http.did(ANA, f"/episodes/{episode}/finish", body)
    await http.did(ANA, f"/episodes/{episodes[5]}/finish", {"end_reason": "referred_on"})
    found = await http.get(OPERATOR, PERIOD)
    assert (found["begun"], found["finished"], found["ended_early"]) == (7, 0, 6)
    assert (found["ended_because"], found["changes"]) == ([], [])
    quarter = await http.get(OPERATOR, f"/figures?period={T0:%Y}-Q{(T0.month + 2) // 3}")
    assert quarter["ended_because"] == [
        {"code": "dropped_out", "count": None, "few": False},
        {"code": "referred_on", "count": None, "few": False},
    ]
    assert "Call in spring." not in str(found)
    for role in ("patient", "referrer", "service"):
        await http.get(User("x", role), PERIOD, 403)


def ended(verdict: ChangeVerdict, improvement: bool | None = None) -> OutcomeSummary:
    peg = MeasureChange(measure="PEG", first=7.0, last=4.0, verdict=verdict, rule="important")
    unknown = MeasureChange(measure="PCS", first=7.0, last=None)
    mood = None if improvement is None else MoodOutcome(reliable_improvement=improvement, reliable_deterioration=False)
    return OutcomeSummary(
        end_reason="completed", programme="cbt-pain", modules_done=8, modules_total=8, changes=(peg, unknown), mood=mood
    )


def test_changes_are_counted_by_measure_where_a_verdict_is_known() -> None:
    summaries = [*[ended("improved", True)] * 6, *[ended("no_change", False)] * 5, ended("undetermined")]
    peg, mood = sorted(figures.changes(summaries, "2027-Q2"), key=lambda one: one.measure)
    assert (peg.measure, peg.rule, peg.measured) == ("PEG", "important", 11)
    assert {one.code: one.count for one in peg.verdicts} == {"improved": 6, "no_change": 5}
    assert (mood.measure, mood.measured) == (figures.MOOD, 11)
    few = figures.changes([ended("improved")] * (FEW - 1), "2027-Q2")[0]
    assert (few.measured, few.verdicts) == (FEW - 1, ())
    assert [one.verdicts for one in figures.changes(summaries, "2027-05")] == [(), ()]
