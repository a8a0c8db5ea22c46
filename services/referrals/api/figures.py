"""The figures of the service, for those who lead it and those who run it. They name nobody."""

from functools import partial
from zoneinfo import ZoneInfo

from services.referrals import figures as of
from services.referrals.api.router import router
from services.referrals.api.serving import Configured
from shared.runtime.figures import Kept, PeriodName
from shared.runtime.http import Caller, allow

_kept: Kept[of.ReferralFigures] = Kept()


@router.get("/figures")
async def figures(
    name: PeriodName, clinic: Configured, caller: Caller = allow("psychology", "operator")
) -> of.ReferralFigures:
    """What happened to referrals in one month or quarter; counted anew once in a few minutes."""
    return await _kept.get(caller.core, name, partial(of.count, caller.core, name, ZoneInfo(clinic.time_zone)))
