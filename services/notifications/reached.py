"""Who is reached at an address or a number."""

from services.notifications.domain.state import AgendaState
from services.notifications.domain.ways import address_of, drawer, plain
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import Channel
from shared.runtime.http import Caller


async def reached_at(clinic: Clinic, channel: Channel, address: str, caller: Caller) -> list[tuple[str, AgendaState]]:
    """Everybody with their id: two people may share one. By e-mail no staff, whose addresses are not kept."""
    found = await caller.find("agenda", **{f"{channel}_drawer": drawer(channel, address) or ""})
    wanted = plain(channel, address)
    return [
        (one.state.recipient_id, one.state)
        for one in found
        if (theirs := address_of(clinic, one.state, channel)) is not None and plain(channel, theirs) == wanted
    ]
