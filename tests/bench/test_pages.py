"""Over 300 referrals: every page is measured, and none is large."""

import asyncio
from pathlib import Path

from tests.bench.pages import measure, table


def test_every_page_is_measured_and_none_is_large(tmp_path: Path) -> None:
    found = asyncio.run(measure(tmp_path, 300, 2))
    assert all(0 < row["p50"] <= row["p95"] <= row["p99"] for row in found["rows"])
    assert found["largest"] < 100_000
    assert found["slowest_p95"] == max(row["p95"] for row in found["rows"])
    assert len(table(found)) == len(found["rows"]) + 1
