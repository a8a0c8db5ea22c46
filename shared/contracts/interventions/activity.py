"""What is said of an activity that a person does, and of their practice at home."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.envelope import Contract, Event, Identifier
from shared.contracts.personal import Personal


class Written(Contract):
    """What stands in one field of a worksheet: words, lines, a number or choices. With nothing, it was cleared."""

    field: str = Field(max_length=64)
    text: Personal[str] = None
    lines: Personal[tuple[str, ...]] = None
    number: int | None = None
    chosen: tuple[str, ...] = ()


class ActivityEvent(Event):
    """What every event of one doing of an activity carries."""

    record_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class ActivityBegun(ActivityEvent):
    """Somebody began an activity of their programme. The version of its worksheet is pinned from here on."""

    TYPE: ClassVar[str] = "carepath.activity.begun.v1"

    module_id: str
    activity_id: str
    worksheet_id: str | None = None
    worksheet_version: int | None = Field(default=None, ge=1)


class ActivitySaved(ActivityEvent):
    """What changed in it. Ratings are from 0 to 10, asked before the steps and after them."""

    TYPE: ClassVar[str] = "carepath.activity.saved.v1"

    written: tuple[Written, ...] = ()
    rating_before: int | None = Field(default=None, ge=0, le=10)
    rating_after: int | None = Field(default=None, ge=0, le=10)


class RiskWordsWritten(ActivityEvent):
    """What was just written in a field holds words of the clinic's list. `number` counts the doings of the activity."""

    TYPE: ClassVar[str] = "carepath.activity.risk_words_written.v1"

    activity_id: str
    number: int = Field(ge=1)
    field: str = Field(max_length=64)
    words: Personal[tuple[str, ...]] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """What becomes of it is: the alert."""
        return False


class ActivityFinished(ActivityEvent):
    """The person is done with it. They may still change it."""

    TYPE: ClassVar[str] = "carepath.activity.finished.v1"

    module_id: str
    activity_id: str


class PracticeLogged(Event):
    """How often somebody practised on one day by their clinic's calendar. Said again, the newer number counts."""

    TYPE: ClassVar[str] = "carepath.practice_log.logged.v1"

    log_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    practice_id: str
    day: dt.date
    times: int = Field(ge=0)
