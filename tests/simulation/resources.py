"""What whoever looks after the list of resources does: adds an entry, renews it, takes it off."""

from datetime import timedelta

from tests.simulation.loop import START
from tests.simulation.seat import Seat
from tests.simulation.town import TEAM

_RACES = ("resource-retired", "resource-day-invalid")


async def look_after_resources(seat: Seat) -> None:
    """One visit: one entry."""
    rows = await seat.see("interventions", "/resources", list="all")
    until = (START + timedelta(seconds=seat.town.clinic.loop.time(), days=seat.rng.randint(3, 40))).date().isoformat()
    if len(rows) < 2:
        entry = {"title": "A good night", "text": "Small steps to rest well.", "language": "en", "topic": "sleep"}
        body = {**entry, "for_whom": "both", "owner_id": seat.rng.choice(TEAM), "ends_on": until}
        seat.expect_done(await seat.do("interventions", "/resources", body), "add an entry")
        return
    one = seat.rng.choice(rows)
    what, body = seat.rng.choice((("renew", {"ends_on": until}), ("renew", {"ends_on": until}), ("retire", {})))
    answer = await seat.do("interventions", f"/resources/{one['id']}/{what}", body, one["version"])
    seat.expect_done(answer, f"{what} an entry", *_RACES)
