"""Where a patient stands: which referral and which treatment are theirs now, and the one next step that follows."""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.portal.calls import Json, at
from services.portal.visit import Visit

_OPEN = ("submitted", "information_requested", "accepted", "undecided", "in_treatment")
INVITED = ("accepted", "undecided")


@dataclass(frozen=True)
class Standing:
    """The referral that matters now, and the treatment that belongs to it."""

    referral: Json | None
    episode: Json | None

    @property
    def is_invited(self) -> bool:
        return self.referral is not None and self.referral["status"] in INVITED

    @property
    def is_treated(self) -> bool:
        return self.episode is not None and self.episode["status"] == "active"


async def standing(visit: Visit) -> Standing:
    """What counts for this patient today."""
    listed, episodes = await asyncio.gather(
        visit.get("referrals", "/referrals", list="mine", language=visit.language),
        visit.get("interventions", "/episodes", list="mine", language=visit.language),
    )
    referral = current(listed["rows"])
    episode = None
    if referral:
        episode = next((one for one in episodes if one["referral_id"] == referral["id"]), None)
    return Standing(referral, episode)


def current(rows: list[Json]) -> Json | None:
    """The open referral, of which there is one at most for a pathway; else the one sent last."""
    by_age = sorted(rows, key=lambda row: row["submitted_at"] or "")
    still_open = [row for row in by_age if row["status"] in _OPEN]
    chosen = still_open or by_age
    return chosen[-1] if chosen else None


async def series(visit: Visit, episode: Json) -> Any:
    """The questionnaires of a treatment; None while none was opened."""
    detail = await visit.get("interventions", at("episodes", episode["id"]), language=visit.language)
    return await visit.found("interventions", at("series", detail["series_id"]), language=visit.language)
