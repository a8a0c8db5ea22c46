"""Places: whether there is room, who waits and why there, and how many seats there are."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

from fastapi import Query, Response

from services.referrals import access, place_views, words
from services.referrals.api.bodies import SeatsBody
from services.referrals.api.router import router
from services.referrals.api.serving import Configured
from services.referrals.domain.place import order as place_order
from services.referrals.domain.place.commands import ChangeSeats
from services.referrals.domain.place.state import PlaceState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import Format, Language, Mode, TimeOfDay
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, Found, May, allow


@router.get("/capacity")
async def capacity(
    clinic: Configured,
    programme_id: Identifier | None = None,
    language: Language = "en",
    caller: Caller = allow("referrer", "psychology", "patient", "service"),
) -> place_views.ProgrammeCapacity:
    """Whether a programme has room. Nothing is asked or told about a patient; without one, the default is meant."""
    programme = programme_id or clinic.programmes[0]
    if programme not in clinic.programmes:
        raise Rejected("programme-unknown", programme=programme)
    wanted = [place for place in clinic.places if place.programme_id == programme]
    found = await asyncio.gather(*(_load(caller, clinic, place.id, access.asks_for_room) for place in wanted))
    used = [(place, one.state) for place, one in zip(wanted, found, strict=True)]
    return place_views.programme_capacity(clinic, programme, used, caller.now, language)


@router.get("/places")
async def places(
    clinic: Configured, language: Language = "en", caller: Caller = allow("psychology", "service")
) -> list[place_views.PlaceRow]:
    """Every place, as the clinic's configuration has them; then those that it no longer has, lest anybody be lost."""
    used = {one.id: one for one in await caller.find("place") if access.sees_place(caller.user, one.state)}
    ids = dict.fromkeys([*(place.id for place in clinic.places), *used])
    every = [used.get(id) or _unused(id) for id in ids]
    return [place_views.place_row(clinic, one.version, one.state, caller.now, language) for one in every]


@router.get("/places/{place_id}")
async def place(
    place_id: str,
    clinic: Configured,
    skip: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    language: Language = "en",
    caller: Caller = allow("psychology", "service"),
) -> place_views.PlaceView:
    """One place, and those who are there: the line in its order first. `skip` and `limit` turn its pages."""
    found = await _load(caller, clinic, place_id, access.sees_place)
    shown = place_views.entry_rows(found.state, caller.now, language)[skip : skip + limit]
    names = await _names(caller, (row.patient_id for row in shown))
    shown = [row for row in shown if row.patient_id in names]
    row = place_views.place_row(clinic, found.version, found.state, caller.now, language)
    waiting = [entry.referral_id for entry in shown if entry.status == "waiting"]
    referrals = await caller.load_many("referral", waiting, may=access.sees_referral)
    since = {id: words.beside_the_line(clinic, one.state, caller.now, language) for id, one in referrals.items()}
    return place_views.place_view(row, shown, names, since, language)


@router.get("/places/{place_id}/candidates")
async def candidates(
    place_id: str,
    clinic: Configured,
    language: Language | None = None,
    mode: Mode | None = None,
    format: Format = "group",
    time: TimeOfDay | None = None,
    caller: Caller = allow("psychology"),
) -> list[place_views.Candidate]:
    """Who waits here and may join a group in this language, held like this, at this time of day. Whoever would rather
    have it otherwise is listed after, with what does not fit: a wish is no refusal.
    """
    found = await _load(caller, clinic, place_id, access.sees_place)
    line = place_order.positions(found.state, caller.now)
    referrals = await caller.load_many("referral", [one.entry.referral_id for one in line], may=access.sees_referral)
    names = await _names(caller, (one.entry.patient_id for one in line))
    line = [one for one in line if one.entry.patient_id in names]
    wished = {id: one.state.preferences for id, one in referrals.items()}
    return place_views.candidates(line, wished, names, place_views.Wanted(language, mode, format, time))


@router.post("/places/{place_id}/seats")
async def change_seats(
    place_id: str, body: SeatsBody, clinic: Configured, caller: Caller = allow("psychology")
) -> Response:
    """Say how many seats there are. More of them are held at once for the next in line."""
    await _load(caller, clinic, place_id, access.sees_place)
    command = ChangeSeats(now=caller.now, actor=caller.actor, place_id=place_id, seats=body.seats)
    return await caller.begin_or_change("place", place_id, lambda _: command)


async def _load(caller: Caller, clinic: Clinic, place_id: str, may: May) -> Found:
    """The place as it stands; one that is configured and that nobody has used yet is as configured."""
    try:
        return await caller.load("place", place_id, may=may)
    except NotFound:
        if clinic.place(place_id) is None:
            raise
    return _unused(place_id)


def _unused(place_id: str) -> Found:
    return Found(place_id, 0, PlaceState(place_id=place_id))


async def _names(caller: Caller, patient_ids: Iterable[str]) -> dict[str, str | None]:
    """What those are called whom the caller may see: a place can hold patients of several teams."""
    found = await caller.load_many("patient", sorted(set(patient_ids)), may=access.of_a_referral_seen)
    return {id: one.state.name for id, one in found.items()}
