"""Days in words, by Unicode's own tables: messages and pages say them alike."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date, format_skeleton

from shared.contracts.referrals import Language

# British order: in an American one "4 May" becomes "May 4".
_LOCALES: Mapping[Language, str] = {"en": "en_GB", "es": "es"}


def day_in_words(day: date, language: Language) -> str:
    """3 May 2027 / 3 de mayo de 2027. A moment is taken by its own zone."""
    return format_date(day, "long", locale=_LOCALES[language])


def month_in_words(day: date, language: Language) -> str:
    """May 2027 / mayo de 2027."""
    return format_skeleton("yMMMM", day, locale=_LOCALES[language])


def weekday_in_words(day: date, language: Language) -> str:
    """Monday 3 May 2027 / lunes 3 de mayo de 2027. A moment is taken by its own zone."""
    return f"{format_date(day, 'EEEE', locale=_LOCALES[language])} {day_in_words(day, language)}"
