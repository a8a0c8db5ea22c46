"""How a page of a list of referrals is read where somebody sorts it, or asks only for some of it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.referrals import access, choosing, views
from services.referrals.api.patients import MOST_LOOKED, names_of
from services.referrals.choosing import Wanted
from shared.contracts.commands import Rejected
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, Found, Page

MOST_NAMED = 150
"""So many are put in order of name at a time. Names are sealed: only whoever opens all of them can sort by them."""
AT_A_TIME = 100
_PLACE = re.compile(r"(?P<shown>\d{1,4})\.(?P<window>[\w-]*)")

Read = Callable[[str | None, int], Awaitable[Page]]
"""So many of the list, behind a place."""


@dataclass(frozen=True)
class Listed:
    """Some rows, where the list goes on, and how many were looked through; `None` where all were wanted."""

    rows: list[views.ReferralRow]
    next: str | None
    looked: int | None


async def listed(
    caller: Caller,
    worklist: views.Worklist,
    prefix: str,
    wanted: Wanted,
    after: str | None,
    limit: int,
    language: Language,
) -> Listed:
    """A page of the list in the order that was asked for: by wait, day or urgency of the whole list, by name of the
    next `MOST_NAMED`. A person's own few are sorted as they are read.
    """
    in_store = choosing.ordered_by(worklist, caller.user, wanted.sort) if wanted.sort else None

    async def read(place: str | None, some: int) -> Page:
        if in_store:
            key, beginnings = in_store
            return await caller.merged("referral", key, beginnings, after=place, limit=some, may=access.sees_referral)
        key, _ = views.listed_by(worklist, caller.user)
        return await caller.page("referral", key, prefix, after=place, limit=some, may=access.sees_referral)

    if wanted.sort and not in_store:
        return await _sorted_here(caller, read, wanted, after, limit, language)
    if wanted.chooses:
        return await _looked_through(caller, read, wanted, after, limit, language)
    page = await read(after, limit)
    return Listed(await rows_of(caller, page.found, language), page.next, None)


async def _looked_through(
    caller: Caller, read: Read, wanted: Wanted, after: str | None, limit: int, language: Language
) -> Listed:
    """Those that fit, up to a page of them, in the order in which they are read."""
    rows: list[views.ReferralRow] = []
    looked = 0
    while True:
        page = await read(after, AT_A_TIME)
        some = await _fitting(caller, page.found, wanted, language)
        if len(rows) + len(some) > limit:
            some = some[: limit - len(rows)]
            last = [one.id for one in page.found].index(some[-1].id)
            return Listed([*rows, *some], page.places[last], looked + last + 1)
        rows, looked, after = [*rows, *some], looked + len(page.found), page.next
        if after is None or looked >= MOST_LOOKED or len(rows) == limit:
            return Listed(rows, after, looked)


async def _sorted_here(
    caller: Caller, read: Read, wanted: Wanted, after: str | None, limit: int, language: Language
) -> Listed:
    """Those that fit of the next `MOST_NAMED`, sorted, page after page; then those of the next.

    A place is how many of them were shown, and where they begin in the list: they are read anew for each page.
    """
    found = _PLACE.fullmatch(after or "0.")
    if found is None:
        raise Rejected("cursor-invalid")
    shown, window = int(found["shown"]), found["window"]
    rows: list[views.ReferralRow] = []
    looked, place = 0, window or None
    while looked < MOST_NAMED:
        page = await read(place, min(AT_A_TIME, MOST_NAMED - looked))
        rows += await _fitting(caller, page.found, wanted, language)
        looked, place = looked + len(page.found), page.next
        if place is None:
            break
    some, following = wanted.in_order(rows)[shown : shown + limit], f"0.{place}" if place else None
    return Listed(some, f"{shown + limit}.{window}" if len(rows) > shown + limit else following, looked)


async def _fitting(
    caller: Caller, found: Sequence[Found], wanted: Wanted, language: Language
) -> list[views.ReferralRow]:
    rows = await rows_of(caller, [one for one in found if wanted.fits(one.state, caller.now)], language)
    return [row for row in rows if wanted.names(row)]


async def rows_of(caller: Caller, found: Sequence[Found], language: Language) -> list[views.ReferralRow]:
    """The lines of a list, with the names of their people."""
    names = await names_of(caller, found)
    role, now = caller.user.role, caller.now
    return [
        views.referral_row(one.id, one.version, one.state, names[one.state.patient_id], role, now, language)
        for one in found
    ]
