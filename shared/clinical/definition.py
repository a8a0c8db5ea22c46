"""What it takes to describe a measure so that one function can score them all. Data only; nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Rule = Literal["sum", "mean"]
Better = Literal["lower", "higher"]

NO_CODES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loinc:
    """LOINC codes read in a published artefact. A code that could not be confirmed is left out, not guessed."""

    score: str | None = None
    panel: str | None = None
    items: Mapping[int, str] = field(default_factory=lambda: NO_CODES)


@dataclass(frozen=True, slots=True)
class Completeness:
    """The items that must all be answered before there is a score, and who says so."""

    items: tuple[int, ...]
    source: str


def every_item(count: int, source: str) -> Completeness:
    """Nothing is scored before all `count` items are answered."""
    return Completeness(tuple(range(1, count + 1)), source)


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of totals: from `starts_at` up to the next band's start, or to the top of the measure."""

    starts_at: int
    name: str


@dataclass(frozen=True, slots=True)
class Banding:
    """One published way to name totals. Authors disagree, so a band always travels with its `scheme`."""

    scheme: str
    source: str
    bands: tuple[Band, ...]

    def band_of(self, total: int) -> str:
        """The name of the highest band that `total` reaches."""
        return next(band.name for band in reversed(self.bands) if total >= band.starts_at)


@dataclass(frozen=True, slots=True)
class Flag:
    """True when the sum of `items`, as answered, lies in `lowest..highest`; unknown while one of them is unanswered."""

    name: str
    items: tuple[int, ...]
    lowest: int
    highest: int
    source: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """A part with a score of its own. `reversed_too` says whether the measure's reversed items count reversed here."""

    name: str
    items: tuple[int, ...]
    rule: Rule = "sum"
    reversed_too: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """A questionnaire's numbers, never its words.

    Items are numbered from 1 and each takes a whole number from `lowest` to `highest`. `reversed_items` count as
    `lowest + highest - answer`. `bandings[0]` is the default. `risk_item` is the item that asks about death or
    self-harm: any answer above `lowest` needs a person, whatever the total. `complete_when` says what must be answered
    before there is a score, and `better` which way the total goes when somebody gets better. `text_may_ship` says
    whether the item text may be kept in this repository; where it may not, whoever is entitled to it supplies it.
    `t_scored` says that the published score is a T-score: `value` is then the raw sum and `t_score` needs a table.
    """

    id: str
    item_count: int
    lowest: int
    highest: int
    rule: Rule
    source: str
    licence: str
    text_may_ship: bool
    complete_when: Completeness
    better: Better = "lower"
    reversed_items: tuple[int, ...] = ()
    bandings: tuple[Banding, ...] = ()
    flags: tuple[Flag, ...] = ()
    subscales: tuple[Subscale, ...] = ()
    loinc: Loinc = field(default_factory=Loinc)
    risk_item: int | None = None
    has_function_item: bool = False
    t_scored: bool = False

    @property
    def items(self) -> tuple[int, ...]:
        """Item numbers in order, from 1."""
        return tuple(range(1, self.item_count + 1))

    @property
    def lowest_total(self) -> int:
        """The smallest total that a complete form can reach."""
        return self.item_count * self.lowest

    @property
    def highest_total(self) -> int:
        """The largest total that a complete form can reach."""
        return self.item_count * self.highest
