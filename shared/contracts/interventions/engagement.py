"""What is said of how a treatment is kept up: whether a person is heard from, who calls them, and how they come back.

Whole days are counted by the clinic's calendar. Working notes of psychology are not part of a patient's own history.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import ContactKind, QuietStep
from shared.contracts.personal import Personal


class EngagementEvent(Event):
    """What every event of an engagement carries: there is one for each episode."""

    engagement_id: Identifier
    episode_id: Identifier
    patient_id: Identifier


class EngagementOpened(EngagementEvent):
    """An episode is planned. Nothing is counted yet."""

    TYPE: ClassVar[str] = "carepath.engagement.opened.v1"

    referral_id: Identifier


class EngagementBegun(EngagementEvent):
    """Treatment runs: from here on it is noticed when nothing is heard. `since` is the day from which it is counted,
    `clinician_id` who held the first meeting.
    """

    TYPE: ClassVar[str] = "carepath.engagement.begun.v1"

    since: dt.date
    clinician_id: Identifier | None = None


class PatientActive(EngagementEvent):
    """The person did something in their programme on `day`; said once a day. `on_behalf` is for what a clinician wrote
    down for them.
    """

    TYPE: ClassVar[str] = "carepath.engagement.patient_active.v1"

    day: dt.date
    on_behalf: bool = False


class QuietClockSet(EngagementEvent):
    """Before `since` there was nothing that the person could do, so days are counted from then. Without it, nothing is
    left to do, and none are counted.
    """

    TYPE: ClassVar[str] = "carepath.engagement.quiet_clock_set.v1"

    since: dt.date | None = None


class PatientQuiet(EngagementEvent):
    """For `days` whole days after `since` nothing was heard. `rung` counts from 1, `step` is what follows."""

    TYPE: ClassVar[str] = "carepath.engagement.patient_quiet.v1"

    referral_id: Identifier | None = None
    rung: int = Field(ge=1)
    step: QuietStep
    days: int = Field(ge=0)
    since: dt.date

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return False


class PatientReturned(EngagementEvent):
    """Somebody of whom nothing was heard is back, after `days`. `called` says whether psychology was asked to call."""

    TYPE: ClassVar[str] = "carepath.engagement.patient_returned.v1"

    days: int = Field(ge=0)
    called: bool

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return False


class ContactLogged(EngagementEvent):
    """Psychology was in touch with the person, or tried to be. `minutes` is the time that it took the clinician.

    `attempt` counts the contacts since a call was asked for, from 1; it is 0 where none was.
    """

    TYPE: ClassVar[str] = "carepath.engagement.contact_logged.v1"

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0)
    logged_by: Identifier
    attempt: int = Field(default=0, ge=0)
    note: Personal[str] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return False


class PatientReached(EngagementEvent):
    """A contact reached the person on `day`: nobody has to call, and days are counted anew."""

    TYPE: ClassVar[str] = "carepath.engagement.patient_reached.v1"

    day: dt.date

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return False


class BreakTaken(EngagementEvent):
    """The person takes a break until the end of the day `until`: no step follows meanwhile. Said again, the newer day
    counts.
    """

    TYPE: ClassVar[str] = "carepath.engagement.break_taken.v1"

    until: dt.date


class CallAsked(EngagementEvent):
    """Psychology is asked to call, since somebody missed so many meetings of their group in a row.

    `group_id` and `number` say which meeting was the last of them.
    """

    TYPE: ClassVar[str] = "carepath.engagement.call_asked.v1"

    missed: int = Field(ge=1)
    group_id: Identifier
    number: int = Field(ge=1)

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        return False


class EngagementEnded(EngagementEvent):
    """The treatment has ended: nothing is counted any more, and nobody has to call."""

    TYPE: ClassVar[str] = "carepath.engagement.ended.v1"
