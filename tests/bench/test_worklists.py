"""Over 2,000 referrals: every list of every role is measured, page after page, and none of them reads a whole table."""

from pathlib import Path

from services.referrals import views
from tests.bench.worklists import measured, table

REFERRALS, A_PAGE = 2_000, 50


def test_every_list_is_measured_and_goes_by_its_own_index(tmp_path: Path) -> None:
    found = measured(tmp_path, REFERRALS, 3)
    rows = {(row["role"], row["list"]): row for row in found["rows"]}
    assert rows.keys() == {(role, name) for role, names in views.ALLOWED.items() for name in names}
    for (role, name), row in rows.items():
        assert 0 < row["first"]["p50"] <= row["first"]["p95"] <= row["first"]["p99"]
        steps = found["plans"][f"{role} {name}"]
        own = role if role in ("referrer", "patient") else "team"
        assert sum(f"docs_referral_in_order_{own}_list " in step for step in steps) == 2, steps
        assert all(step.startswith("SEARCH docs_") for step in steps), steps
    assert rows["patient", "mine"]["rows"] == 1
    assert rows["psychology", "awaiting_triage"]["rows"] == A_PAGE
    assert rows["psychology", "all_open"]["along"] is not None
    assert found["slowest_p95"] == max(part["p95"] for row in rows.values() for part in _parts(row))
    assert len(table(found)) > len(rows)


def _parts(row: dict[str, dict[str, float]]) -> list[dict[str, float]]:
    return [part for part in (row["first"], row["along"]) if part]
