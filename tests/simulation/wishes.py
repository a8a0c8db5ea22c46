"""What one person wishes about messages, read from the history of their agenda up to some event."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from services.notifications.domain.kinds import about
from services.notifications.domain.state import SIGN_IN
from shared.contracts import notifications as n
from shared.contracts.preferences import PreferencesChosen
from shared.contracts.reach import ChannelStarted, ChannelStopped, ReachChosen, ReachConfirmed
from shared.runtime.store.port import Json
from tests.simulation.peeking import Peek
from tests.simulation.record import said

ADDRESSES: dict[n.Channel, str] = {"sms": "phone", "push": "push"}


@dataclass
class Wishes:
    """`numbers` are where they are reached by which way, `stopped` the ways that are shut, `unconfirmed` those by
    which only a code may go.
    """

    chosen: ReachChosen | None = None
    numbers: dict[str, str | None] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    inbox_only: tuple[str, ...] = ()
    hours: tuple[time, time] | None = None
    zone: str | None = None
    language: str = "en"

    @property
    def ways(self) -> tuple[n.Channel, ...]:
        """Whoever chose nothing gets e-mails."""
        return self.chosen.channels if self.chosen else ("email",)

    def forbids(self, planned: n.MessagePlanned, way: n.Channel) -> str:
        """Why this message may not go that way; empty if it may."""
        # Whoever asks for a link to sign in wrote that address a moment ago.
        if way in self.stopped and planned.template != SIGN_IN:
            return f"after {way} was stopped"
        if planned.by is not None:
            return "" if planned.by == way else f"by {way}, though it goes by {planned.by} alone"
        if way in self.unconfirmed:
            return f"by {way}, before they wrote the code that came there"
        if way not in self.ways and not (planned.critical and way == "email"):
            return f"by {way}, which was not chosen"
        category = about(planned.template).category
        if planned.critical or category is None:
            return ""
        if category in self.inbox_only:
            return f"although {category} stay in the inbox"
        without = self.chosen.without if self.chosen else {}
        return f"by {way}, which is not wanted for {category}" if way in without.get(category, ()) else ""


def wishes(history: Sequence[Json], peek: Peek) -> Wishes:
    """After all of `history`."""
    found = Wishes()
    for entry in history:
        if entry["type"] in _TELL:
            _heed(found, entry, peek)
    return found


_TELL = {
    kind.TYPE
    for kind in (n.RecipientKnown, PreferencesChosen, ReachChosen, ReachConfirmed, ChannelStopped, ChannelStarted)
}


def _heed(found: Wishes, entry: Json, peek: Peek) -> None:
    event = said(entry)
    match event:
        case n.RecipientKnown():
            found.zone, found.language = event.time_zone, event.language
        case PreferencesChosen():
            found.inbox_only = event.inbox_only
            found.hours = (event.hours.quiet_from, event.hours.quiet_to) if event.hours else None
        case ReachChosen():
            found.chosen = event
            found.unconfirmed = set(event.unconfirmed)
            found.stopped -= set(event.channels)
            opened = peek.data(entry)
            for way, name in ADDRESSES.items():
                found.numbers[way] = opened[name]
        case ReachConfirmed():
            found.unconfirmed.discard(event.channel)
        case ChannelStopped():
            found.stopped.add(event.channel)
        case ChannelStarted():
            found.stopped.discard(event.channel)
