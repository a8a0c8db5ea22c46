"""One example of every fact about records opened in need that this service listens to."""

from datetime import timedelta
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.referrals import GlassBroken, GlassReviewed, GlassReviewOverdue
from tests.notifications.people import MORNING

GLASS: dict[str, Any] = {"at": MORNING, "glass_id": "glass-1", "patient_id": "patient-1", "staff_id": "psy-moreno"}
BROKEN = GlassBroken(
    **GLASS,
    reason="She is in our waiting room.",
    until=MORNING + timedelta(hours=1),
    review_by=MORNING + timedelta(hours=72),
)
OVERDUE = GlassReviewOverdue(**GLASS)
REVIEWED = GlassReviewed(**GLASS, reviewed_by="psy-tanaka", verdict="justified")

ACCESS_FACTS: tuple[Event, ...] = (BROKEN, OVERDUE, REVIEWED)
