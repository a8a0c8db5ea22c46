"""What the log says at start of hours at which nobody is on duty."""

from datetime import UTC, datetime, timedelta

import structlog

from shared.contracts.clinic import Clinic
from shared.contracts.on_call import gaps

AHEAD = timedelta(weeks=4)

log = structlog.get_logger()


def report_gaps(clinic: Clinic, now: datetime | None = None) -> None:
    """Warns of each gap in the weeks from `now` on, or from this moment on. A call goes to the `risk_ladder` then."""
    now = now or datetime.now(UTC)
    for gap in gaps(clinic, now, now + AHEAD):
        log.warning("notifications.nobody_on_call", starts=gap.starts.isoformat(), ends=gap.ends.isoformat())
