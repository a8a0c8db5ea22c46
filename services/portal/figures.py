"""Figures of the service as a page and a table show them: which period is meant, and each number in words.

The services count; what they do not say, since it is about too few people, is not worked out here either.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.portal.calls import Json
from services.portal.scores import title
from services.portal.words import Language, Words
from shared.runtime.days import month_in_words

_MOOD = "mood"
_NAME = re.compile(r"(?P<year>20[0-9]{2})-(?P<part>0[1-9]|1[0-2]|Q[1-4])")


@dataclass(frozen=True)
class Period:
    """A month, or a `quarter` of three. `first` is its first month, counted from January of the year 0."""

    first: int
    quarter: bool = False

    @property
    def name(self) -> str:
        """As the services know it: `2027-05`, `2027-Q2`."""
        year, month = divmod(self.first, 12)
        return f"{year:04}-Q{month // 3 + 1}" if self.quarter else f"{year:04}-{month + 1:02}"

    def moved(self, by: int) -> "Period":
        """So many periods later."""
        return Period(self.first + by * (3 if self.quarter else 1), self.quarter)

    def other(self) -> "Period":
        """The quarter of a month, the first month of a quarter."""
        return Period(self.first, False) if self.quarter else Period(self.first - self.first % 3, True)

    def begins_by(self, today: date) -> bool:
        return self.first <= today.year * 12 + today.month - 1

    def is_over(self, today: date) -> bool:
        return self.moved(1).begins_by(today)

    def words(self, t: Words) -> str:
        """May 2027 / second quarter of 2027."""
        year, month = divmod(self.first, 12)
        if self.quarter:
            return t(f"figures.quarter.{month // 3 + 1}", year=year)
        return month_in_words(date(year, month + 1, 1), t.language)


@dataclass(frozen=True)
class Row:
    """One number. `part` is a part of the one above it."""

    label: str
    value: str
    part: bool = False


@dataclass(frozen=True)
class Section:
    """A sentence and the numbers behind it; `None` while the service that has them is away."""

    id: str
    title: str
    sentence: str
    rows: Sequence[Row] | None


def period_of(asked: str, today: date) -> Period:
    """What was asked for, if it is a month or a quarter that has begun; else the present month."""
    present = Period(today.year * 12 + today.month - 1)
    named = _NAME.fullmatch(asked)
    if named is None:
        return present
    part = named["part"]
    months = 3 * int(part[1]) - 3 if part.startswith("Q") else int(part) - 1
    found = Period(int(named["year"]) * 12 + months, part.startswith("Q"))
    return found if found.begins_by(today) else present


def sections(t: Words, referrals: Json | None, treatments: Json | None, messages: Json | None) -> list[Section]:
    """Who came, how long they waited, how treatment went, and what could not be delivered."""
    return [
        _section(t, "referrals", referrals, _referrals, "submitted", "accepted"),
        _waits(t, referrals),
        _section(t, "treatments", treatments, _treatments, "begun", "finished", "ended_early"),
        _changes(t, treatments),
        _section(t, "caregivers", referrals, _caregivers, "caregivers"),
        _section(t, "messages", messages, _messages, "undelivered", "rerouted"),
    ]


def as_csv(t: Words, period: Period, found: Sequence[Section]) -> str:
    """The same numbers, one a line, under plain headers."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([t(f"figures.column.{name}") for name in ("period", "group", "figure", "value")])
    for section in found:
        for row in section.rows or ():
            lines.writerow([period.words(t), section.title, row.label, row.value])
    return text.getvalue()


def _section(t: Words, name: str, found: Json | None, rows: Any, *said: str) -> Section:
    sentence = t(f"figures.{name}.sentence", **{one: found[one] for one in said}) if found else ""
    return Section(name, t(f"figures.{name}.title"), sentence, rows(t, found) if found else None)


def _referrals(t: Words, found: Json) -> list[Row]:
    names = ("submitted", "accepted", "returned", "redirected", "lapsed", "declined")
    rows = [Row(t(f"figures.referrals.{name}"), str(found[name])) for name in names]
    return [*rows, *_parts(t, "figures.declined", found["declined_because"])]


def _waits(t: Words, found: Json | None) -> Section:
    name = t("figures.waits.title")
    if found is None:
        return Section("waits", name, "", None)
    waits: Json = found["waits"]
    half, longest = (
        t.count("referral.days", waits[one]) if waits[one] is not None else _unknown(t, waits["people"])
        for one in ("median_days", "longest_days")
    )
    if waits["median_days"] is not None:
        sentence = t("figures.waits.sentence", days=half)
    else:
        sentence = t("figures.waits.few" if waits["people"] else "figures.waits.nobody")
    rows = [
        Row(t("figures.waits.people"), str(waits["people"])),
        Row(t("figures.waits.median"), half),
        Row(t("figures.waits.longest"), longest),
        Row(t("figures.waits.missed"), str(found["missed"])),
        *_parts(t, "figures.missed", found["missed_because"]),
    ]
    return Section("waits", name, sentence, rows)


def _unknown(t: Words, people: int) -> str:
    return t("figures.unsaid" if people else "figures.none")


def _treatments(t: Words, found: Json) -> list[Row]:
    rows = [Row(t(f"figures.treatments.{name}"), str(found[name])) for name in ("begun", "finished", "ended_early")]
    return [*rows, *_parts(t, "figures.ended", found["ended_because"])]


def _changes(t: Words, found: Json | None) -> Section:
    name = t("figures.changes.title")
    if found is None:
        return Section("changes", name, "", None)
    rows: list[Row] = []
    for change in found["changes"]:
        rows.append(Row(_measure(t, change), str(change["measured"])))
        verdicts = {one["code"]: one for one in change["verdicts"]}
        rows += [
            Row(t(f"figures.changes.{verdict}"), _share(t, verdicts.get(verdict), change["measured"]), part=True)
            for verdict in (("improved", "no_change", "deteriorated") if verdicts else ())
        ]
    return Section("changes", name, t("figures.changes.sentence" if rows else "figures.changes.nobody"), rows)


def _caregivers(t: Words, found: Json) -> list[Row]:
    return [Row(t("figures.caregivers.began"), str(found["caregivers"]))]


def _messages(t: Words, found: Json) -> list[Row]:
    return [
        Row(t("figures.messages.undelivered"), str(found["undelivered"])),
        *_parts(t, "figures.undelivered", found["undelivered_because"]),
        Row(t("figures.messages.rerouted"), str(found["rerouted"])),
        Row(t("figures.messages.calls_failed"), str(found["calls_failed"])),
    ]


def _parts(t: Words, prefix: str, parts: Sequence[Mapping[str, Any]]) -> list[Row]:
    return [Row(t(f"{prefix}.{one['code']}"), _said(t, one), part=True) for one in parts]


def _said(t: Words, part: Mapping[str, Any]) -> str:
    if part["count"] is not None:
        return str(part["count"])
    return t("figures.few" if part["few"] else "figures.unsaid")


def _share(t: Words, part: Mapping[str, Any] | None, of: int) -> str:
    if part is None:
        return "0"
    if part["count"] is None:
        return _said(t, part)
    return t("figures.share", count=part["count"], of=of, percent=round(100 * part["count"] / of))


def _measure(t: Words, change: Json) -> str:
    rule = t(f"figures.changes.rule.{change['rule']}")
    if change["measure"] == _MOOD:
        return t("figures.changes.mood", rule=rule)
    language: Language = t.language
    named = title(change["measure"], language)
    return t("figures.changes.measured", title=named, measure=change["measure"], rule=rule)
