"""Where a patient stands: which referral and which treatment are theirs now, and what waits to be sent by them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.portal.calls import Away, Json, at
from services.portal.visit import Visit

_ASKS_THE_PERSON = ("offered", "accepted")
_NOT_SHOWN = ("draft", "entered_in_error")
_TREATED = ("in_treatment", "outcome_sent", "loop_closed")


@dataclass(frozen=True)
class Standing:
    """The referral that matters now, and the treatment that belongs to it. `drafts` are what was begun for the person,
    by themselves or by somebody whom they trust, and not sent; their own first.
    """

    referral: Json | None
    episode: Json | None
    drafts: tuple[Json, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.referral is not None and is_open(self.referral)

    @property
    def is_treated(self) -> bool:
        return self.episode is not None and self.episode["status"] == "active"


def is_open(row: Json) -> bool:
    """Only what is open has a wait."""
    return row["waiting_days"] is not None


async def standing(visit: Visit) -> Standing:
    """What counts for this patient today. Before treatment it is known also while treatment cannot be asked; raises
    `Away` where it is not.
    """
    listed, episodes = await asyncio.gather(
        visit.get("referrals", "/referrals", list="mine", limit="200", language=visit.language),
        visit.maybe("interventions", "/episodes", list="mine", language=visit.language),
    )
    rows = listed["rows"]
    referral = current([row for row in rows if row["status"] not in _NOT_SHOWN])
    if episodes is None and referral and referral["status"] in _TREATED:
        raise Away("interventions")
    episode = None
    if referral:
        episode = next((one for one in episodes or [] if one["referral_id"] == referral["id"]), None)
    drafts = sorted((row for row in rows if row["status"] == "draft"), key=lambda row: row["requester"] != "patient")
    return Standing(referral, episode, tuple(drafts))


async def treatment(visit: Visit) -> Json | None:
    """The treatment that matters now. One that is under way goes on also while referrals cannot be asked."""
    try:
        found = await standing(visit)
    except Away as away:
        if str(away) != "referrals":
            raise
        found_without = await under_way(visit)
        if found_without is None:
            raise
        # Nothing of a referral stands on a page of treatment.
        visit.missing.discard("referrals")
        return found_without
    if "interventions" in visit.missing:
        raise Away("interventions")
    return found.episode


async def under_way(visit: Visit) -> Json | None:
    """The treatment that a person is in, as interventions alone knows it. Raises `Away`."""
    rows = await visit.get("interventions", "/episodes", list="mine", language=visit.language)
    return next((one for one in rows if one["status"] == "active"), None)


def current(rows: list[Json]) -> Json | None:
    """Of the open referrals, one for a pathway at most, one that asks the person something; else the one sent last."""
    by_age = sorted(rows, key=lambda row: row["submitted_at"] or "")
    still_open = [row for row in by_age if is_open(row)]
    asking = [row for row in still_open if row["status"] in _ASKS_THE_PERSON]
    chosen = asking or still_open or by_age
    return chosen[-1] if chosen else None


async def series(visit: Visit, episode: Json) -> Any:
    """The questionnaires of a treatment; None while none was opened."""
    detail = await visit.get("interventions", at("episodes", episode["id"]), language=visit.language)
    return await visit.found("interventions", at("series", detail["series_id"]), language=visit.language)
