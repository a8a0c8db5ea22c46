"""A thousand who come for the last seat at the same moment, on the real runtime and a real store."""

import asyncio
from pathlib import Path

from services.referrals.domain.place import commands as c
from services.referrals.domain.place.state import PlaceState
from shared.contracts import referrals as e
from shared.contracts.envelope import Event
from shared.runtime.core import Core
from shared.runtime.errors import Conflict
from shared.runtime.writing import Origin
from tests.referrals.people import CLINIC, NOW, REACTION, TANAKA
from tests.referrals.service import serving

PLACE_ID = CLINIC.places[0].id
CAME = 1000


async def _comes(core: Core, n: int) -> tuple[Event, ...]:
    """One referral is told to the place, as an event of it tells it: again, while others are quicker."""
    id = f"referral-{n}"
    command = c.JoinList(
        now=NOW,
        actor=REACTION,
        place_id=PLACE_ID,
        referral_id=id,
        patient_id=f"patient-{n}",
        referrer_id="dr-okafor",
        priority=e.Priority.ROUTINE,
        waiting_since=NOW,
    )
    while True:
        try:
            return (await core.execute("place", PLACE_ID, command, Origin(id, f"{id}:1", mark=(id, 1)))).events
        except Conflict:
            continue


async def test_of_a_thousand_who_come_for_the_last_seat_one_is_offered_it_and_nobody_is_lost(tmp_path: Path) -> None:
    async with serving(tmp_path) as http:
        one_seat = c.ChangeSeats(now=NOW, actor=TANAKA, place_id=PLACE_ID, seats=1)
        await http.core.execute("place", PLACE_ID, one_seat)
        twin = Core(
            "referrals", [*http.core.aggregates.values()], http.core.store, http.core.vault, http.clock, _unsent
        )
        said = await asyncio.gather(*(_comes(twin if n % 20 == 0 else http.core, n) for n in range(CAME)))
        state: PlaceState = (await http.core.load("place", PLACE_ID)).state
        filed = await http.core.store.ledger.history(PLACE_ID, limit=CAME * 2)
    holds = [event for events in said for event in events if isinstance(event, e.SeatHeld)]
    [taker] = [one for one in state.entries.values() if one.status != "waiting"]
    assert [hold.referral_id for hold in holds] == [taker.referral_id]
    assert state.entries.keys() == {f"referral-{n}" for n in range(CAME)}
    assert [entry["sequence"] for entry in filed] == list(range(1, CAME + 3))
    kinds = [entry["type"] for entry in filed]
    assert (kinds.count(e.ListJoined.TYPE), kinds.count(e.SeatHeld.TYPE)) == (CAME, 1)


def _unsent(_: object) -> None:
    """Whoever relays, it is the other process."""
