"""A line of readings over bands, worked out here and drawn by the template: no script, and the same without colour."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 150, 14, 34
_RIGHT_WITHOUT_NAMES = 24
_HALF = 6
"""Half the size of a mark."""

Band = tuple[float, float, str]


@dataclass(frozen=True)
class Reading:
    """One completed form. `mark` is "plain", "better" or "worse"; `words` say the same as the dot."""

    at: str
    value: float
    mark: str
    words: str


@dataclass(frozen=True)
class Stripe:
    """A band behind the line. `shade` counts from 0 at the bottom of the scale."""

    y: float
    height: float
    name: str
    name_y: float
    shade: int


@dataclass(frozen=True)
class Dot:
    """A reading: a circle, or a path where it is marked. `words` are its text."""

    x: float
    y: float
    mark: str
    path: str
    words: str


@dataclass(frozen=True)
class Picture:
    """All places in units of the picture, 640 by 240. `description` is the whole of it in words."""

    stripes: tuple[Stripe, ...]
    line: str
    dots: tuple[Dot, ...]
    scale: tuple[tuple[float, str], ...]
    first_day: str
    last_day: str
    left: int
    right: int
    bottom: int
    description: str


def drawn(
    readings: Sequence[Reading], bands: Sequence[Band], lowest: float, highest: float, day: Callable[[object], str]
) -> Picture:
    """`readings` in the order of time, at least two; `bands` from the lowest on, or none."""
    times = [datetime.fromisoformat(one.at).timestamp() for one in readings]
    span = (times[-1] - times[0]) or 1.0
    right = WIDTH - (_RIGHT if bands else _RIGHT_WITHOUT_NAMES)

    def across(time: float) -> float:
        return round(_LEFT + (right - _LEFT) * (time - times[0]) / span, 1)

    def up(value: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (value - lowest) / (highest - lowest), 1)

    dots = tuple(_dot(one, across(time), up(one.value)) for one, time in zip(readings, times, strict=True))
    ends = [lowest, *(high for _, high, _ in bands[:-1]), highest]
    return Picture(
        stripes=tuple(_stripe(band, place, up) for place, band in enumerate(bands)),
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        scale=tuple((up(value), f"{value:g}") for value in ends),
        first_day=day(readings[0].at),
        last_day=day(readings[-1].at),
        left=_LEFT,
        right=right,
        bottom=HEIGHT - _BOTTOM,
        description=" ".join(one.words for one in readings),
    )


def _stripe(band: Band, place: int, up: Callable[[float], float]) -> Stripe:
    lowest, highest, name = band
    top, bottom = up(highest), up(lowest)
    return Stripe(top, round(bottom - top, 1), name, round((top + bottom) / 2 + 4, 1), place)


def _dot(one: Reading, x: float, y: float) -> Dot:
    return Dot(x, y, one.mark, _path(one.mark, x, y), one.words)


def _path(mark: str, x: float, y: float) -> str:
    """A diamond for the better, a square for the worse: told apart by their form."""
    left, right, top, bottom = (round(one, 1) for one in (x - _HALF, x + _HALF, y - _HALF, y + _HALF))
    if mark == "better":
        return f"M{x} {round(y - _HALF - 2, 1)}L{right} {y}L{x} {round(y + _HALF + 2, 1)}L{left} {y}Z"
    if mark == "worse":
        return f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}Z"
    return ""
