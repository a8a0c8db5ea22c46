"""What somebody may want of a record that is not their team's, and of such an opening afterwards."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import GlassVerdict

GlassReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]
GlassNote = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class BreakGlass(Command):
    """Open the record of a patient whom another team treats, for a while and for a reason."""

    glass_id: Identifier
    patient_id: Identifier
    staff_id: Identifier
    reason: GlassReason


class ReviewGlass(Command):
    """A safety lead says whether it was right."""

    reviewed_by: Identifier
    verdict: GlassVerdict
    note: GlassNote | None = Field(default=None)
