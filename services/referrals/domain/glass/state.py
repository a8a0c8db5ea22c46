"""What is known of one opening of a record in need."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.personal import Personal
from shared.contracts.referrals import GlassVerdict


class GlassState(BaseModel):
    """Who opened whose record, why and until when, and what the safety lead said of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    glass_id: str = ""
    patient_id: str = ""
    staff_id: str = ""
    reason: Personal[str] = None
    opened_at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    review_by: AwareDatetime | None = None
    overdue: bool = False
    reviewed_by: str | None = None
    reviewed_at: AwareDatetime | None = None
    verdict: GlassVerdict | None = None
    note: Personal[str] = None
