"""A questionnaire is shown in one language or another, never half in each: a mixed form is a different instrument."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.clinical.measures import measure
from shared.clinical.questionnaire import Wording
from shared.clinical.texts_en import ENGLISH
from shared.clinical.texts_es import SPANISH

WORDINGS: Mapping[str, Mapping[str, Wording]] = MappingProxyType({"en": ENGLISH, "es": SPANISH})


class NoWording(LookupError):
    """The measure can be scored, but its text is not in this repository: whoever is entitled to it supplies it."""


def wording(measure_id: str, language: str) -> Wording:
    """The text of a measure in `language` ("en" or "es"), or wholly in English where that language is missing.

    Raises `UnknownMeasure`, and `NoWording` for a measure that ships without text.
    """
    form = measure(measure_id)
    found = WORDINGS.get(language, ENGLISH).get(form.id) or ENGLISH.get(form.id)
    if found is None:
        raise NoWording(f"{form.id} ships without its text ({form.licence})")
    return found
