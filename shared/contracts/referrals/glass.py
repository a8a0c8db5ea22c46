"""What is said when somebody of another team opens a patient's record in need (break-glass), and of its review."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal

GlassVerdict = Literal["justified", "not_justified"]


class GlassEvent(Event):
    """What every such event carries. `staff_id` is who opened the record."""

    glass_id: Identifier
    patient_id: Identifier
    staff_id: Identifier


class GlassBroken(GlassEvent):
    """The record is open to `staff_id` until `until`, for the reason that they gave. The patient sees it too."""

    TYPE: ClassVar[str] = "carepath.patient.glass_broken.v1"

    reason: Personal[str]
    until: AwareDatetime
    review_by: AwareDatetime


class GlassReviewOverdue(GlassEvent):
    """Nobody has looked at it in time."""

    TYPE: ClassVar[str] = "carepath.patient.glass_review_overdue.v1"


class GlassReviewed(GlassEvent):
    """A safety lead has looked at it. Whatever was open is closed."""

    TYPE: ClassVar[str] = "carepath.patient.glass_reviewed.v1"

    reviewed_by: Identifier
    verdict: GlassVerdict
    note: Personal[str] = None
