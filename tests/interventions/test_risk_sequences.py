"""Random stories with crashes: each worrying answer and each dark line has one alert, and no alert is ever left alone:
in each minute somebody has it, or the next one is about to be called.
"""

from collections import Counter
from datetime import datetime
from random import Random

import pytest

from shared.contracts import interventions as said
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from shared.runtime.store.port import Json
from tests.interventions.risk_world import LATE, RiskWorld
from tests.sizes import part_of

SEQUENCES, PARTS = part_of(1000, 300), 10
STEPS = (RiskWorld.answer, RiskWorld.answer, RiskWorld.write, RiskWorld.look_after, RiskWorld.look_after)
_seen = Counter[str]()


@pytest.mark.parametrize("part", range(PARTS))
async def test_each_worry_has_one_alert_that_is_acknowledged_or_escalated_in_time(part: int) -> None:
    for number in range(SEQUENCES // PARTS):
        seed = part * (SEQUENCES // PARTS) + number
        world = RiskWorld(Random(f"risk {seed}"))
        await world.open()
        for _ in range(world.rng.randint(3, 10)):
            if world.rng.random() < 0.5:
                world.trouble()
            await world.rng.choice(STEPS)(world)
            await world.pass_minutes(world.rng.choice((0, 0, 1, 3, 20)))
        await world.rest()
        _check(world, f"sequence {seed}")


def _check(world: RiskWorld, name: str) -> None:
    alerts = {id: world.history(id) for id in world.disk.of("risk_alert")}
    assert set(alerts) == set(world.worries), f"{name}: one alert for each worry, and none without"
    assert not [c for c in world.disk.cursors.values() if c.held], f"{name}: something is held"
    for id, history in alerts.items():
        told = [_event(entry) for entry in history]
        raised = sum(isinstance(event, said.RiskAlertRaised) for event in told)
        assessed = sum(isinstance(event, said.RiskAlertAssessed) for event in told)
        assert 1 <= raised <= min(world.worries[id], assessed + 1), f"{name}: {id} was raised {raised} times"
        _check_deadlines(told, world.now(), f"{name}: {id}")
        _seen.update(entry["type"] for entry in history)
    _seen["worries"] += sum(world.worries.values())
    _seen["crashes"] += world.crashes


def _check_deadlines(told: list[Event], now: datetime, name: str) -> None:
    """Told from the events alone: who must come by when."""
    due: datetime | None = None
    holder = assessor = ""
    for event in told:
        assert due is None or event.at <= due + LATE, f"{name}: nobody was called at {due}"
        match event:
            case said.RiskAlertRaised():
                due, holder, assessor = event.acknowledge_by, "", ""
            case said.RiskAlertEscalated():
                assert due is not None
                assert event.at >= due, f"{name}: called too early"
                due = event.acknowledge_by if event.owed != "close" else None
            case said.RiskAlertAcknowledged():
                assert not holder, f"{name}: taken on twice"
                due, holder = event.assess_by, event.acknowledged_by
            case said.RiskAlertTakenOver():
                due, holder, assessor = event.assess_by, event.taken_over_by, ""
            case said.RiskAlertAssessed():
                assert event.assessed_by == holder, f"{name}: assessed by somebody else"
                due, assessor = event.close_by, event.assessed_by
            case said.RiskAlertClosed():
                assert event.closed_by == assessor, f"{name}: closed by somebody who did not assess"
                due = None
    assert due is None or now <= due + LATE, f"{name}: nobody was called at {due}"


def _event(entry: Json) -> Event:
    """Personal fields stay sealed, and are left out."""
    data = {
        key: None if isinstance(value, dict) and "sealed" in value else value for key, value in entry["data"].items()
    }
    return EVENT_TYPES[entry["type"]].model_validate(data)


def test_everything_that_must_happen_sometimes_did() -> None:
    """Run after the others of this file: stories without crashes, or without closed alerts, would prove nothing."""
    if _seen["worries"] == 0:
        pytest.skip("the stories were told by another process")
    kinds = {kind.TYPE for kind in said.RISK_EVENTS}
    assert {kind for kind in kinds if not _seen[kind]} == set()
    assert _seen["crashes"] > SEQUENCES // PARTS
