"""Scores in plain words, for staff with the usual name and band of a measure, for patients without either."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.portal.calls import Json
from services.portal.words import Language, Words
from shared.clinical import NoWording, measure, score, wording
from shared.contracts.clinic import Clinic

_BY_NAME = {"PEG": "peg", "PHQ-4": "phq4"}


def title(name: str, language: Language) -> str:
    """What a measure is called to people; its own name where the text is the clinic's and not at hand here."""
    try:
        return wording(name, language).title
    except NoWording:
        return name


def blank(name: str, language: Language) -> Json:
    """An empty questionnaire, to be filled in on a page."""
    form = measure(name)
    return {
        "measure": name,
        "questions": wording(name, language).model_dump(),
        "lowest": form.lowest,
        "highest": form.highest,
    }


def answer_words(questions: Mapping[str, Any], item: int, value: int | None) -> str:
    """What was answered, in the words of the questionnaire, or the number where there are only numbers."""
    if value is None:
        return ""
    options = {int(option): words for option, words in questions["options"]}
    if options:
        return str(options.get(value, value))
    asked, (low, high) = measure(questions["measure"]), questions["anchors"][item - 1]
    return f"{value} ({low} {asked.lowest} – {asked.highest} {high})"


def readings(found: Sequence[Json], t: Words) -> list[Json]:
    """Scores of a referral, with what they mean and each answer."""
    return [_reading(one, t) for one in found]


def _reading(reading: Json, t: Words) -> Json:
    name = reading["measure"]
    form, questions = measure(name), wording(name, t.language).model_dump()
    result = score(name, list(reading["answers"]))
    flagged = [flag for flag, raised in result.flags.items() if raised]
    band = reading["band"]
    return {
        "measure": name,
        "title": questions["title"],
        "value": reading["value"],
        "highest": form.highest if form.rule == "mean" else form.highest_total,
        "meaning": t(f"scores.band.{band}") if band else t.first(f"scores.meaning.{_BY_NAME.get(name, name)}") or "",
        "notes": [t(f"scores.flag.{flag}") for flag in flagged if t.has(f"scores.flag.{flag}")],
        "items": [
            (question, answer_words(questions, number, value))
            for number, (question, value) in enumerate(
                zip(questions["items"], reading["answers"], strict=False), start=1
            )
        ],
    }


def over_time(recorded: Sequence[Json], t: Words, clinic: Clinic) -> list[Json]:
    """One row for each measure: its score at the start, in the middle and at the end."""
    rows: dict[str, Json] = {}
    for one in recorded:
        form = measure(one["measure"])
        highest = form.highest if form.rule == "mean" else form.highest_total
        called = clinic.measures.wording(form.id, t.language).title
        row = rows.setdefault(form.id, {"measure": form.id, "title": called, "highest": highest, "at": {}})
        row["at"][one["occasion"]] = one["value"]
    return list(rows.values())
