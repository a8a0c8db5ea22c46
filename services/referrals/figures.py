"""Figures of referrals in a month or a quarter, from what happened in it. Of people only how many."""

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from services.referrals.domain.referral import clock
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.runtime.audit import trail
from shared.runtime.core import Core
from shared.runtime.figures import FEW, Figures, Part, counted, happened, is_quarter, period

_COUNTED = (
    e.ReferralSubmitted,
    e.ReferralAccepted,
    e.ReferralReturned,
    e.ReferralDeclined,
    e.ReferralRedirected,
    e.ReferralLapsed,
    e.TreatmentStarted,
    e.AppointmentMissed,
    e.CaregiverAccepted,
)


class Waits(BaseModel):
    """Whole days from referral to the first meeting in the period, or to where support began; paused time taken off. Of
    few people they are not said, and the longest only of a quarter: it is one person's.
    """

    people: int
    median_days: int | None
    longest_days: int | None


class ReferralFigures(Figures):
    """`missed` are meetings, all else are referrals; `caregivers` are people who began to take part."""

    submitted: int
    accepted: int
    returned: int
    declined: int
    redirected: int
    lapsed: int
    declined_because: tuple[Part, ...]
    waits: Waits
    missed: int
    missed_because: tuple[Part, ...]
    caregivers: int


async def count(core: Core, name: str, zone: ZoneInfo) -> ReferralFigures:
    """Counted now."""
    now, when = core.clock.now(), period(name, zone)
    subjects: dict[str, set[str]] = {kind.TYPE: set() for kind in _COUNTED}
    declined: dict[str, str] = {}
    missed: list[str] = []
    caregivers: set[tuple[str, str]] = set()
    async for entry in happened(core.store.ledger, when, _COUNTED):
        subjects[entry["type"]].add(entry["subject"])
        if entry["type"] == e.ReferralDeclined.TYPE:
            declined[entry["subject"]] = entry["data"]["reason_code"]
        elif entry["type"] == e.AppointmentMissed.TYPE:
            missed.append(entry["data"]["reason_code"])
        elif entry["type"] == e.CaregiverAccepted.TYPE:
            caregivers.add((entry["subject"], entry["data"]["caregiver_id"]))
    of = {kind: len(subjects[kind.TYPE]) for kind in _COUNTED}
    with trail.apart():
        met = await core.load_many("referral", sorted(subjects[e.TreatmentStarted.TYPE]))
    return ReferralFigures(
        period=name,
        as_of=now,
        submitted=of[e.ReferralSubmitted],
        accepted=of[e.ReferralAccepted],
        returned=of[e.ReferralReturned],
        declined=of[e.ReferralDeclined],
        redirected=of[e.ReferralRedirected],
        lapsed=of[e.ReferralLapsed],
        declined_because=counted(list(declined.values()), name),
        waits=waits([one.state for one in met], now, name),
        missed=len(missed),
        missed_because=counted(missed, name),
        caregivers=len(caregivers),
    )


def waits(met: Sequence[ReferralState], now: datetime, name: str) -> Waits:
    """Of people who met somebody in that month or quarter: how long half of them waited at most, and the longest."""
    days = [waited.days for one in met if (waited := clock.waited(one, now)) is not None]
    if len(days) < FEW:
        return Waits(people=len(days), median_days=None, longest_days=None)
    longest = max(days) if is_quarter(name) else None
    return Waits(people=len(days), median_days=round(median(days)), longest_days=longest)
