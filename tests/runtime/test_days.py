"""Days in words: whole, in both languages, for every day of the year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.referrals import Language
from shared.runtime.days import day_in_words, weekday_in_words

MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
WEEKDAYS: dict[Language, str] = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_day_of_a_leap_year_has_its_words(language: Language) -> None:
    months, weekdays = MONTHS[language].split(), WEEKDAYS[language].split()
    of = " de " if language == "es" else " "
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        said = f"{day.day}{of}{months[day.month - 1]}{of}2028"
        assert day_in_words(day, language) == said
        assert weekday_in_words(day, language) == f"{weekdays[day.weekday()]} {said}"


def test_a_moment_is_taken_by_its_own_zone() -> None:
    moment = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    assert weekday_in_words(moment, "en") == "Wednesday 30 September 2026"
    assert weekday_in_words(moment.astimezone(ZoneInfo("Europe/Madrid")), "en") == "Thursday 1 October 2026"
