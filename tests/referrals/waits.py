"""Rosa waits for sessions by video, which begin with an appointment: the facts that later steps start from."""

from datetime import timedelta
from typing import Any

from shared.contracts import referrals as e
from shared.contracts.commands import TimerDue
from tests.referrals.people import ACCEPTED, AGREED, DRAFTED, IDS, NOW, SUBMITTED, TIMER

TICK = timedelta(microseconds=1)
"""The least time before a moment."""
VIDEO: dict[str, Any] = {**IDS, "place_id": "place-video-sessions"}
UNTIL = NOW + timedelta(days=7)
"""Until when the seat is held."""
MEETING = e.Appointment(at=NOW + timedelta(days=3), minutes=50, mode="video", clinician_id="psy-tanaka")

WAITS = e.ReferralWaitlisted(at=NOW, **VIDEO, priority=e.Priority.URGENT, waiting_since=NOW)
SEAT = e.SeatOffered(at=NOW, **VIDEO, offer_until=UNTIL)
TAKEN = e.OfferTaken(at=NOW, **VIDEO)
OWED = e.BookingRequested(at=NOW, **VIDEO)
PLANNED = e.AppointmentScheduled(at=NOW, **VIDEO, appointment=MEETING)
MISSED = e.AppointmentMissed(at=MEETING.at, **VIDEO, reason_code="forgot")
CALLED_OFF = e.AppointmentCancelled(at=NOW, **VIDEO, reason_code="clinician_unavailable", appointment=MEETING)
BEGUN = e.TreatmentStarted(at=MEETING.at, **VIDEO, clinician_id=MEETING.clinician_id)

WAITING = (DRAFTED, SUBMITTED, ACCEPTED, AGREED, WAITS)
OFFERED = (*WAITING, SEAT)
TO_BOOK = (*OFFERED, TAKEN, OWED)
SCHEDULED = (*TO_BOOK, PLANNED)
TREATED = (*SCHEDULED, BEGUN)

ASSESSED = (
    DRAFTED.model_copy(update={"kind": "assessment"}),
    SUBMITTED,
    ACCEPTED.model_copy(update={"kind": "assessment"}),
    AGREED,
    e.BookingRequested(at=NOW, **IDS),
    e.AppointmentScheduled(at=NOW, **IDS, appointment=MEETING),
    e.TreatmentStarted(at=MEETING.at, **IDS, kind="assessment", clinician_id=MEETING.clinician_id),
)
"""An assessment that took place; it needs no place."""


def due(name: str, after: timedelta) -> TimerDue:
    """A timer rings so long after the story began."""
    return TimerDue(now=NOW + after, actor=TIMER, name=name)
