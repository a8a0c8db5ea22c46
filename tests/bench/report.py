"""What the rows come to: medians, the three ratios, and a table for people."""

import statistics
from collections.abc import Sequence

from tests.bench.load import percentiles
from tests.bench.run import SYSTEMS, Row


def ratios(rows: Sequence[Row]) -> dict[str, float]:
    """Each the median over the rounds of one system's figure by the other's in the same round."""
    return {
        "ratio_to_floor": _ratio(rows, "throughput", "hops_per_second", "floor"),
        "ratio_to_plain": _ratio(rows, "throughput", "hops_per_second", "plain"),
        "p95_ratio_to_floor": _ratio(rows, "latency", "p95", "floor"),
    }


def table(rows: Sequence[Row]) -> str:
    """For reading. Where there were several rounds, the median."""
    lines = [("", *SYSTEMS)]
    lines.append(_line("hops per second", rows, "throughput", "hops_per_second"))
    lines.append(_line("CPU per hop, µs", rows, "throughput", "cpu_us_per_hop"))
    pooled = {s: [t / 1000 for r in _of(rows, "latency", s) for t in r["milliseconds"]] for s in SYSTEMS}
    for name in ("p50", "p95", "p99"):
        lines.append((f"latency {name}, ms", *(_shown(percentiles(pooled[s])[name]) for s in SYSTEMS)))
    lines.append(_line("start to first effect, s", rows, "start", "seconds_to_first_effect"))
    for many in sorted({r["people"] for r in rows if r["row"] == "growth"}):
        some = [r for r in rows if r.get("people") == many]
        for name, figure in (
            ("hops per second", "hops_per_second"),
            ("MB in memory", "megabytes_in_memory"),
            ("MB on disk", "megabytes_on_disk"),
        ):
            lines.append(_line(f"{name}, {many:,} people", some, "growth", figure))
    lines.append(_line("backlog, events per second", rows, "backlog", "events_per_second"))
    lines.append(_line("timers per second", rows, "timers", "timers_per_second"))
    return "\n".join(_columns(lines))


def _line(name: str, rows: Sequence[Row], row: str, figure: str) -> tuple[str, ...]:
    return (name, *(_shown(_median([r[figure] for r in _of(rows, row, system)])) for system in SYSTEMS))


def _ratio(rows: Sequence[Row], row: str, figure: str, other: str) -> float:
    own, others = (_of(rows, row, system) for system in ("carepath", other))
    return round(statistics.median(a[figure] / b[figure] for a, b in zip(own, others, strict=True)), 2)


def _of(rows: Sequence[Row], row: str, system: str) -> list[Row]:
    found = [r for r in rows if (r["row"], r["system"]) == (row, system)]
    return sorted(found, key=lambda r: int(r["round"]))


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _columns(lines: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"{first:<34}" + "".join(f"{cell:>12}" for cell in cells) for first, *cells in lines]
