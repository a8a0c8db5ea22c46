"""How measures went over a treatment: rows and a picture for psychology, plain sentences for the person."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.portal import picture
from services.portal.calls import Json
from services.portal.dates import Dates
from services.portal.pages import score
from services.portal.words import Words

_PLAIN = {"improved": "better", "deteriorated": "worse", "no_change": "same"}


def tables(found: Json, numbers: Mapping[str, int], t: Words, dates: Dates) -> list[Json]:
    """One table and picture for each measure. `numbers` counts the parts of the programme, from 1, by their id."""
    return [_table(one, numbers, t, dates) for one in found["measures"]]


def mood(told: Json | None, t: Words) -> list[tuple[str, str]]:
    """PHQ-9 and GAD-7 together, as names and words; empty where neither was asked."""
    if not told:
        return []
    names = ("caseness_first", "caseness_last", "recovery", "reliable_improvement", "reliable_recovery")
    rows = [(t(f"course.mood.{name}"), _answer(told[name], t)) for name in (*names, "reliable_deterioration")]
    if told["mixed"]:
        rows.append((t("course.mood.mixed"), t("course.mood.mixed_hint")))
    if told["carried"]:
        rows.append((t("course.mood.carried"), ", ".join(told["carried"])))
    return rows


def outcome(summary: Json | None, t: Words) -> list[tuple[str, str]]:
    """What a summary says beside its scores, in clinical words; empty for one from before that was kept."""
    if not summary or summary["contacts"] is None:
        return []
    course = t("outcome.course.yes" if summary["finished_course"] else "outcome.course.no")
    return [(course, t.count("outcome.contacts", summary["contacts"])), *mood(summary["mood"], t)]


def change(told: Json, t: Words) -> str:
    """What a change between two scores amounts to, and by which rule; empty where that was not kept."""
    if told["verdict"] is None:
        return ""
    if told["rule"] is None:
        return t("course.verdict.not_established")
    rule, verdict = t(f"course.rule.{told['rule']}"), t(f"course.verdict.{told['verdict']}")
    return f"{rule}: {verdict}"


def at_the_end(found: Json, t: Words) -> str:
    """What became of mood and worry over the whole treatment, in plain words; empty where nothing can be said."""
    told = found["mood"]
    if not told:
        return ""
    if told["reliable_recovery"] == "yes":
        return t("progress.mood.recovered")
    if told["reliable_improvement"]:
        return t("progress.mood.better")
    return t("progress.mood.worse") if told["reliable_deterioration"] else ""


def sentences(found: Json, t: Words) -> list[str]:
    """What became of each measure, in plain words, once it was answered twice."""
    told = []
    for one in found["measures"]:
        values = [point["value"] for point in one["points"] if point["complete"]]
        change = one["change"]
        if change is None or change["points"] is None:
            continue
        kind = _PLAIN.get(change["counts"]) or change["direction"]
        shown = {"first": score(values[0]), "last": score(values[-1]), "highest": score(one["highest"])}
        told.append(t(f"progress.{kind}", title=one["title"], **shown))
    return told


def lower_is_better(found: Json) -> bool:
    """Whether that can be said of all that was asked."""
    return all(one["better"] == "lower" for one in found["measures"])


def _table(course: Json, numbers: Mapping[str, int], t: Words, dates: Dates) -> Json:
    rows = [_row(point, numbers, t, dates) for point in course["points"]]
    return {
        **{name: course[name] for name in ("measure", "title", "better", "lowest", "highest", "scheme_source")},
        "rows": rows,
        "picture": _picture(course, rows, t, dates),
        "rules": [_rule(one, t) for one in (course["change"] or {"rules": []})["rules"]],
        "trend": _trend(course["trend"], t),
        "changed_at": course["changed_at"],
    }


def _row(point: Json, numbers: Mapping[str, int], t: Words, dates: Dates) -> Json:
    change = point["change"]
    return {
        "moment": _moment(point, numbers, t),
        "day": dates.day(point["at"]),
        "value": score(point["value"]) if point["complete"] else None,
        "t_score": "" if point["t_score"] is None else t("course.t_score", value=score(point["t_score"])),
        "answered": t("common.answered_of", done=point["answered"], total=point["items"]),
        "band": (t.first(f"scores.word.{point['band']}") or point["band"]) if point["band"] else "",
        "change": _signed(change["points"], t) if change and change["points"] is not None else "",
        "verdict": _verdict(change, t) if change and point["complete"] else "",
        "mark": _mark(change) if point["complete"] else "",
    }


def _moment(point: Json, numbers: Mapping[str, int], t: Words) -> str:
    moment = point["moment"]
    if point["kind"] == "fixed":
        return t(f"occasion.{moment}")
    if point["kind"] == "follow_up":
        return t.count("occasion.follow_up", int(moment.rpartition("-")[2]))
    # The programme may have moved on to a version that lacks the part.
    return t("occasion.after_part", number=numbers[moment]) if moment in numbers else t("occasion.between")


def _signed(points: float, t: Words) -> str:
    """Better and worse in words: a minus sign reads as worse, and here it may be better."""
    kind = "same" if points == 0 else "better" if points > 0 else "worse"
    return t(f"course.points.{kind}", points=score(abs(points)))


def _mark(change: Json | None) -> str:
    """What the picture marks: a change that is more than chance, or, where no figure is known, one that matters."""
    if change is None:
        return "plain"
    told = change["reliable"] if change["reliable"] != "not_established" else change["counts"]
    return {"improved": "better", "deteriorated": "worse"}.get(told, "plain")


def _verdict(change: Json, t: Words) -> str:
    told = [_rule(one, t) for one in change["rules"]]
    return "; ".join(f"{one['name']}: {one['verdict']}" for one in told)


def _rule(one: Json, t: Words) -> Json:
    return {
        "name": t(f"course.rule.{one['rule']}"),
        "verdict": t(f"course.verdict.{one['verdict']}"),
        "formula": one["formula"],
        "source": one["source"],
    }


def _trend(found: Json, t: Words) -> str:
    if found["per_four_weeks"] is None:
        return t("course.trend.not_enough_readings")
    slope = _signed(found["per_four_weeks"], t)
    return t(f"course.trend.{found['heading']}", slope=slope, minimum=found["minimum"])


def _picture(course: Json, rows: Sequence[Json], t: Words, dates: Dates) -> picture.Picture | None:
    """None before there are two readings: one dot is no picture."""
    dots = [
        picture.Reading(at=point["at"], value=point["value"], mark=row["mark"], words=_said(row))
        for point, row in zip(course["points"], rows, strict=True)
        if point["complete"]
    ]
    if len(dots) < 2:
        return None
    bands = [
        (band["lowest"], band["highest"], t.first(f"scores.word.{band['name']}") or band["name"])
        for band in course["bands"]
    ]
    return picture.drawn(dots, bands, course["lowest"], course["highest"], dates.day)


def _said(row: Mapping[str, Any]) -> str:
    band = f", {row['band']}" if row["band"] else ""
    change = f" ({row['change']})" if row["change"] else ""
    return f"{row['moment']}, {row['day']}: {row['value']}{band}{change}."


def _answer(value: Any, t: Words) -> str:
    code = {True: "yes", False: "no", None: "undetermined"}.get(value, value) if not isinstance(value, str) else value
    return t(f"course.answer.{code}")
