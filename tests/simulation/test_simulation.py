"""The simulator as CI runs it: a fixed set of seeds, a few that nobody has seen before, and the simulator itself.

All in one file, so that one worker runs them one after the other and can say at the end what never happened.
"""

import json
from collections import Counter
from pathlib import Path
from secrets import randbits

import pytest

from tests.simulation.plan import Plan, Step, plan
from tests.simulation.run import FOLDER
from tests.simulation.shrink import shrink
from tests.simulation.sometimes import SOMETIMES, missing
from tests.simulation.troubles import Trouble
from tests.simulation.world import run
from tests.sizes import part_of

_FIXED = tuple(range(1, part_of(24, 6) + 1))
_MOST = 60
_FRESH = part_of(4, 1)
_MAY_BE_MISSING = part_of(0, len(SOMETIMES) // 5)
"""Of what must happen sometimes, that much may not have happened where only a few seeds are run."""
_CRASHES = 6
_SHRINKS = 20
"""So many runs CI gives to making a story shorter; `make sim STORY=…` takes the whole of it further."""
_happened: Counter[str] = Counter()


@pytest.mark.parametrize("seed", _FIXED)
def test_no_run_of_the_fixed_set_breaks_a_rule(seed: int) -> None:
    _must_hold(plan(seed))


def test_no_fresh_run_breaks_a_rule() -> None:
    for _ in range(_FRESH):
        _must_hold(plan(randbits(40)))


def test_no_single_crash_breaks_a_rule() -> None:
    """At evenly spread writes of a run without any other trouble."""
    whole = plan(3)
    calm = whole.but(whole.steps[:40], ())
    writes = run(calm).writes
    for number in range(1, _CRASHES + 1):
        kind = ("crash_before", "crash_after")[number % 2]
        _must_hold(calm.but(calm.steps, (Trouble(0.0, kind, "", "", number * writes // (_CRASHES + 1)),)))


def test_while_the_brokers_are_away_people_go_on_and_the_ledgers_stay_open() -> None:
    steps = tuple(Step(100.0 + 10 * n, "referrer", n) for n in range(12))
    away = Trouble(99.0, "broker_away", "referrals", "", 300.0)
    _must_hold(Plan(seed=1, days=1, patients=3, instances=1, steps=steps, troubles=(away,)))


def test_everything_that_must_happen_sometimes_did() -> None:
    """A set of runs in which nothing went wrong would prove nothing. What has not happened is looked for on."""
    for seed in range(len(_FIXED) + 1, _MOST):
        if len(missing(_happened)) <= _MAY_BE_MISSING:
            break
        _must_hold(plan(seed))
    assert len(missing(_happened)) <= _MAY_BE_MISSING, missing(_happened)


def test_the_same_seed_is_the_same_run() -> None:
    first, second = run(plan(7)), run(plan(7))
    assert (first.digest, first.told, first.happened) == (second.digest, second.told, second.happened)
    assert first.digest != run(plan(8)).digest


def test_a_story_is_read_as_it_was_written() -> None:
    whole = plan(5)
    assert Plan.from_json(json.loads(json.dumps(whole.as_json()))) == whole


def test_a_failing_run_is_made_as_short_as_it_can_be() -> None:
    """Here a run "fails" while it has these two of its steps and this one of its troubles."""
    whole = plan(11)
    needed = {whole.steps[4], whole.steps[-2], whole.troubles[1]}
    short = shrink(whole, lambda fewer: needed <= {*fewer.steps, *fewer.troubles})
    assert {*short.steps, *short.troubles} == needed


def _must_hold(one: Plan) -> None:
    outcome = run(one)
    _happened.update(outcome.happened)
    if outcome.violation is None:
        return
    short = shrink(one, lambda fewer: run(fewer).violation is not None, _SHRINKS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file: Path = FOLDER / f"story-{one.seed}.json"
    file.write_text(json.dumps(short.as_json(), indent=1), encoding="utf-8")
    last = run(short)
    story = "\n".join(last.told[-40:])
    found = f"seed {one.seed}: {outcome.violation}\nshortened: {last.violation}"
    pytest.fail(f"{found}\n{story}\nRun it again with: make sim STORY={file}")
