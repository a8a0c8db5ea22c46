"""What patients have open to whom, as the service that owns their records would answer."""

from dataclasses import dataclass, field

from shared.runtime.errors import Unavailable
from shared.runtime.permissions import Opened


@dataclass
class Answers:
    """`away` is a service that does not answer."""

    open: dict[tuple[str, str], Opened] = field(default_factory=dict)
    away: bool = False

    async def opened(self, patient_id: str, caregiver_id: str) -> Opened:
        if self.away:
            raise Unavailable("referrals does not answer")
        return self.open.get((patient_id, caregiver_id), Opened())
