"""Days and moments as people say them, by the clinic's clock."""

from datetime import UTC, date, datetime

import pytest

from services.portal.dates import Dates
from services.portal.words import Language

NOW = datetime(2027, 5, 3, 9, 0, tzinfo=UTC)


def dates(language: Language = "en", zone: str = "Europe/London") -> Dates:
    return Dates(language, zone, NOW)


def test_a_day_is_written_in_words() -> None:
    assert dates().day("2027-12-01") == "1 December 2027"
    assert dates("es").day("2027-12-01") == "1 de diciembre de 2027"
    assert dates().day(date(2027, 12, 1)) == "1 December 2027"


def test_a_weekday_helps_to_plan() -> None:
    assert dates().when("2027-05-10T08:00:00Z") == "Monday 10 May 2027"
    assert dates("es").when("2027-05-10T08:00:00Z") == "lunes 10 de mayo de 2027"


@pytest.mark.parametrize(
    ("moment", "english", "spanish"),
    [
        ("2027-05-02T08:00:00Z", "yesterday", "ayer"),
        ("2027-05-03T22:30:00Z", "today", "hoy"),
        ("2027-05-03T23:30:00Z", "tomorrow", "mañana"),
    ],
)
def test_near_days_have_their_own_words_by_the_clinics_clock(moment: str, english: str, spanish: str) -> None:
    assert dates().when(moment) == english
    assert dates("es").when(moment) == spanish


def test_a_moment_is_told_in_the_clinics_zone() -> None:
    assert dates().moment("2027-05-10T23:30:00+00:00") == "11 May 2027 at 00:30"
    assert dates(zone="Europe/Madrid").moment("2027-01-10T08:00:00Z") == "10 January 2027 at 09:00"
    assert dates("es").moment("2027-05-03T08:05:00Z") == "hoy a las 09:05"
    assert dates().clock(NOW) == "10:00"


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_said_of_no_date(nothing: object) -> None:
    found = dates()
    assert (found.day(nothing), found.when(nothing), found.moment(nothing), found.clock(nothing)) == ("", "", "", "")


def test_the_past_is_over() -> None:
    assert dates().is_past("2027-05-03T08:59:00Z")
    assert not dates().is_past("2027-05-03T09:01:00Z")
    assert not dates().is_past(None)
