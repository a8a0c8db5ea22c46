"""A thousand who come for the last seat at the same moment, on the real runtime and a real store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.referrals.domain.place import commands as c
from services.referrals.domain.place.state import PlaceState
from shared.contracts import referrals as e
from shared.contracts.envelope import Event
from shared.runtime.core import Core
from shared.runtime.errors import Conflict
from shared.runtime.relay import Relay
from shared.runtime.writing import Origin
from tests.referrals.people import CLINIC, NOW, REACTION, TANAKA
from tests.referrals.service import serving
from tests.runtime.world import Broker

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


@asynccontextmanager
async def _two_processes(folder: Path) -> AsyncIterator[tuple[Core, Core]]:
    """Two of the service over one store, each with a relay that passes on what is said meanwhile."""
    async with serving(folder) as http:
        broker, running, cores = Broker(), [], []
        for _ in range(2):
            relay = Relay("referrals", ["place"], http.core.store, broker, http.clock)
            running.append(asyncio.create_task(relay.run()))
            aggregates = list(http.core.aggregates.values())
            cores.append(Core("referrals", aggregates, http.core.store, http.core.vault, http.clock, relay.offer))
        yield cores[0], cores[1]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def test_of_a_thousand_who_come_for_the_last_seat_one_is_offered_it_and_nobody_is_lost(tmp_path: Path) -> None:
    async with _two_processes(tmp_path) as (one, other):
        one_seat = c.ChangeSeats(now=NOW, actor=TANAKA, place_id=PLACE_ID, seats=1)
        await one.execute("place", PLACE_ID, one_seat)
        # Most by one process: two of them that are always in each other's way only make the test slow.
        said = await asyncio.gather(*(_comes(one if n % 20 else other, n) for n in range(CAME)))
        state: PlaceState = (await one.load("place", PLACE_ID)).state
        filed = await one.store.ledger.history(PLACE_ID, limit=CAME * 2)
    holds = [event for events in said for event in events if isinstance(event, e.SeatHeld)]
    [taker] = [entry for entry in state.entries.values() if entry.status != "waiting"]
    assert [hold.referral_id for hold in holds] == [taker.referral_id]
    assert state.entries.keys() == {f"referral-{n}" for n in range(CAME)}
    assert [entry["sequence"] for entry in filed] == list(range(1, CAME + 3))
    kinds = [entry["type"] for entry in filed]
    assert (kinds.count(e.ListJoined.TYPE), kinds.count(e.SeatHeld.TYPE)) == (CAME, 1)
