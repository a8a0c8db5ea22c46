"""Which team treats whom: by the places and decisions of a person's referrals, and by what was opened in need."""

import asyncio
from collections.abc import Collection, Iterable

from services.referrals.domain.glass.rules import is_open
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.runtime.auth import User
from shared.runtime.core import Core
from shared.runtime.settings import Settings


class WhoTreats:
    """Answers from this service's own records."""

    def __init__(self, core: Core, settings: Settings) -> None:
        self._core = core
        self._clinic = settings.clinic

    async def treated(self, user: User, patient_ids: Collection[str]) -> frozenset[str]:
        """Those of them whom `user`'s team treats, or whose record `user` has opened."""
        opened = await self._core.find("glass", {"staff_id": user.id})
        now = self._core.clock.now()
        theirs = {one.state.patient_id for one in opened if is_open(one.state, now)}
        rest = sorted(set(patient_ids) - theirs)
        found = await asyncio.gather(*(self._core.find("referral", {"patient_id": patient}) for patient in rest))
        for patient, referrals in zip(rest, found, strict=True):
            if treats(self._clinic, user, [one.state for one in referrals]):
                theirs.add(patient)
        return frozenset(theirs) & frozenset(patient_ids)


def treats(clinic: Clinic, user: User, referrals: Iterable[ReferralState]) -> bool:
    """Whether `user` is of a team that has one of these places, or is named on one of these cases. Who has no referral
    yet, or none with a place, belongs to those who triage.
    """
    known = list(referrals)
    if any(user.id in (one.triage_by, one.decided_by) for one in known):
        return True
    places = {one.place_id for one in known} or {None}
    treating = frozenset[str]().union(*(clinic.access.treating(place) for place in places))
    return bool(treating & clinic.access.teams_of(user.id, user.teams))
