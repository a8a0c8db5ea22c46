"""At toy size: the benchmark says what it promises, and in all three systems every hop was applied exactly once."""

from pathlib import Path

import orjson
import pytest

from tests.bench import pages
from tests.bench.__main__ import measure
from tests.bench.plan import TOY
from tests.bench.run import SYSTEMS, job
from tests.sizes import THOROUGH


def test_a_toy_run_has_every_row_and_every_hop_was_applied_exactly_once(tmp_path: Path) -> None:
    found = orjson.loads(orjson.dumps(measure(TOY, tmp_path)))
    assert all(found[name] > 0 for name in ("ratio_to_floor", "ratio_to_plain", "p95_ratio_to_floor"))
    assert found["size"] == "toy"
    assert {"processor", "load", "disk_sync_ms"} <= found["machine"]["before"].keys()
    assert {"python", "sqlite", "aiokafka"} <= found["versions"].keys()
    for row in ("throughput", "latency", "start", "growth", "backlog"):
        measured = {one["system"]: one for one in found["rows"] if one["row"] == row}
        assert measured.keys() == set(SYSTEMS), row
        assert all(one["hops"] > 0 and one["exactly_once"] for one in measured.values()), row
    [timers] = [one for one in found["rows"] if one["row"] == "timers"]
    assert timers["timers_per_second"] > 0
    assert found["exactly_once"]
    assert len(found["table"]) >= 10
    assert found["worklists"]["referrals"] == TOY.referrals


@pytest.mark.skipif(not THOROUGH, reason="it fills a whole demo; make thorough has the time")
def test_every_page_is_measured_and_none_is_large(tmp_path: Path) -> None:
    found = pages.measured(tmp_path, TOY.referrals, requests=2)
    rows = found["rows"]
    assert {row["role"] for row in rows} == {"referrer", "psychology", "operator", "patient", "caregiver"}
    assert all(0 < row["p50"] <= row["p95"] <= row["p99"] for row in rows)
    assert found["treatments"] > 0
    assert 0 < found["largest"] < 100_000
    assert found["slowest_p95"] == max(row["p95"] for row in rows)


def test_the_floor_with_all_its_contents_applies_every_hop_exactly_once(tmp_path: Path) -> None:
    measured = job(tmp_path, "byhand", "throughput", 1, {"people": 10, "seconds": 0.3, "warm": 0.1})
    assert measured["exactly_once"]
    assert measured["hops"] > 0
