"""Questionnaires that are answered on one page, whole: which ones, blank, and as they were filled in."""

from typing import Any

from services.portal import scores
from services.portal.calls import Json
from services.portal.forms import Form
from services.portal.words import Language
from shared.clinical import measure
from shared.contracts.clinic import Clinic


def asked(clinic: Clinic, pathway: str) -> tuple[str, ...]:
    """The measures without which a referral to this pathway cannot be sent."""
    found = clinic.pathway(pathway)
    return found.measures if found else ()


def welcome(clinic: Clinic, pathway: str) -> tuple[str, ...]:
    """Those that may come too."""
    found = clinic.pathway(pathway)
    return found.more_measures if found else ()


def blanks(names: tuple[str, ...], language: Language) -> list[Json]:
    """Empty questionnaires."""
    return [scores.blank(name, language) for name in names]


def given(form: Form, *names: str) -> dict[str, Any]:
    """What was answered of these measures, by item; a measure without any answer is left out."""
    found = {name: _items(form, name) for name in names}
    return {name: items for name, items in found.items() if items}


def is_worrying(answers: dict[str, Any]) -> bool:
    """Whether an answer says that somebody may be unsafe."""
    for name, items in answers.items():
        asked_of = measure(name)
        if asked_of.risk_item is not None and items.get(str(asked_of.risk_item), 0) > asked_of.lowest:
            return True
    return False


def _items(form: Form, name: str) -> dict[str, int]:
    begin = f"{name}-"
    numbers = {field.removeprefix(begin): form.number(field) for field in form.fields if field.startswith(begin)}
    return {item: value for item, value in numbers.items() if item.isdigit() and value is not None}
