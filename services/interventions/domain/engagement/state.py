"""What is remembered of how a treatment is kept up."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions import ContactKind
from shared.contracts.personal import Personal

EngagementStatus = Literal["opened", "active", "ended"]


class Contact(Part):
    """One time that psychology was in touch with the person, or tried to be."""

    at: AwareDatetime
    kind: ContactKind
    reached: bool
    minutes: int
    logged_by: str
    note: Personal[str] = None


class MissedMeeting(Part):
    """One meeting of a group."""

    group_id: str
    number: int


class EngagementState(Part):
    """Days are counted from the end of `since`; none are while it is `None`. `rung` counts the steps taken since the
    person was last heard from, the last of them on `rung_day`.

    `away_since` stands from the first step until they do something again; `called`, whether a call was asked for
    meanwhile. `break_until` is the last day of the break that they took. `call_since` stands while somebody has to
    call, `attempts` counts the contacts since then. `called_for` is the meeting of a group that was missed when a call
    was last asked for because of it. `clinician_id` is who held the first meeting.
    """

    status: EngagementStatus | None = None
    engagement_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    referral_id: str | None = None
    since: date | None = None
    active_on: date | None = None
    rung: int = 0
    rung_day: date | None = None
    away_since: date | None = None
    called: bool = False
    returned_on: date | None = None
    break_until: date | None = None
    call_since: AwareDatetime | None = None
    attempts: int = 0
    called_for: MissedMeeting | None = None
    clinician_id: str | None = None
    minutes_total: int = 0
    contacts: tuple[Contact, ...] = ()
