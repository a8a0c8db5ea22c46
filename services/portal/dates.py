"""Moments in words: in the reader's language and the clinic's time zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.portal.words import Language
from shared.runtime.days import day_in_words, weekday_in_words

_NEAR = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
}


class Dates:
    """Says when something was or will be. Values are ISO texts from the services, dates or moments."""

    def __init__(self, language: Language, zone: str, now: datetime) -> None:
        self._language = language
        self._zone = ZoneInfo(zone)
        self._now = now.astimezone(self._zone)

    def day(self, value: object) -> str:
        """3 May 2027 / 3 de mayo de 2027."""
        found = self._date(value)
        return day_in_words(found, self._language) if found else ""

    def last_day(self, end: object) -> str:
        """The last day of what is over at `end`, which may be the midnight behind it."""
        found = self._moment(end)
        return self.day(found - timedelta(microseconds=1)) if found else ""

    def weekday(self, value: object) -> str:
        """Monday 3 May 2027 / lunes 3 de mayo de 2027."""
        found = self._date(value)
        return weekday_in_words(found, self._language) if found else ""

    def clock(self, value: object) -> str:
        """14:05, by the clinic's clock."""
        found = self._moment(value)
        return f"{found:%H:%M}" if found else ""

    def moment(self, value: object) -> str:
        """3 May 2027 at 14:05, or today at 14:05."""
        found = self._moment(value)
        if found is None:
            return ""
        day = self.near(found) or self.day(found)
        return f"{day} a las {found:%H:%M}" if self._language == "es" else f"{day} at {found:%H:%M}"

    def when(self, value: object) -> str:
        """A day as people say it: today, tomorrow, or Monday 3 May 2027."""
        return self.near(value) or self.weekday(value)

    def begin(self, day: str) -> str:
        """The moment at which a day chosen on a form begins. What is no day is left as it is, to be refused."""
        try:
            chosen = date.fromisoformat(day)
        except ValueError:
            return day
        return datetime(chosen.year, chosen.month, chosen.day, tzinfo=self._zone).isoformat()

    def at(self, typed: str) -> str:
        """The moment that was chosen on a form, by the clinic's clock. What is no moment is left, to be refused."""
        try:
            found = datetime.fromisoformat(typed)
        except ValueError:
            return typed
        return found.replace(tzinfo=self._zone).isoformat() if "T" in typed else typed

    def near(self, value: object) -> str:
        """Yesterday, today or tomorrow; empty for any other day."""
        found = self._date(value)
        if found is None:
            return ""
        return _NEAR[self._language].get((found - self._now.date()) // timedelta(days=1), "")

    def is_past(self, value: object) -> bool:
        """Whether that moment is over."""
        found = self._moment(value)
        return found is not None and found <= self._now

    def _moment(self, value: object) -> datetime | None:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
        return found.astimezone(self._zone) if isinstance(found, datetime) else None

    def _date(self, value: object) -> date | None:
        if moment := self._moment(value):
            return moment.date()
        if isinstance(value, str) and value:
            return date.fromisoformat(value)
        return value if isinstance(value, date) else None
