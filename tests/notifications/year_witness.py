"""Hears every event of one agenda, and sees what goes out: what it finds wrong by what the person chose and knew.

It shares no decision with the product: only what kind each template is, and what is within quiet hours.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifications.domain.kinds import ABOUT
from services.notifications.domain.state import ASKED_FOR, AgendaState, covers
from shared.contracts import notifications as n
from shared.contracts import reach as r
from shared.contracts.clinic_agenda import Hours, is_within
from shared.contracts.envelope import Event
from shared.contracts.preferences import Category, MessageWithheld, PreferencesChosen
from tests.notifications.people import GATHERING

_WEEK = timedelta(days=7)
EMAIL: tuple[n.Channel, ...] = ("email",)


@dataclass
class Told:
    """One message. `taken` are the ways by which it went out; it may go `again` where it came back or stayed unread.
    What is critical is to be handed over by `due`.
    """

    planned: n.MessagePlanned
    wanted: bool = True
    sent: bool = False
    read: bool = False
    taken: list[n.Channel] = field(default_factory=list)
    again: bool = False
    way: n.Channel | None = None
    tried: set[n.Channel] = field(default_factory=set)
    due: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.planned.fact_at or self.planned.at


@dataclass
class Witness:
    """`late` is for how long nobody had looked at the timer that now rings: a process may be down for a while."""

    zone: str
    agrees: bool = True
    late: timedelta = timedelta(0)
    told: dict[str, Told] = field(default_factory=dict)
    mails: list[tuple[datetime, list[str]]] = field(default_factory=list)
    hours: Hours = GATHERING.hours
    weekly: int | None = GATHERING.agenda.weekly_emails
    channels: tuple[n.Channel, ...] = EMAIL
    without: dict[Category, tuple[n.Channel, ...]] = field(default_factory=dict)
    stopped: set[n.Channel] = field(default_factory=set)
    unconfirmed: set[n.Channel] = field(default_factory=set)
    settled: dict[str, datetime] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def hear(self, event: Event) -> None:
        """What everybody hears, but for claims: these are to be looked at."""
        self.happened[event.TYPE] += 1
        match event:
            case PreferencesChosen():
                self.hours = event.hours or GATHERING.hours
                self.weekly = event.weekly_emails or GATHERING.agenda.weekly_emails
            case r.ReachChosen():
                self.channels, self.without = event.channels, event.without
                self.stopped -= set(event.channels)
                self.unconfirmed = set(event.unconfirmed)
            case r.ReachConfirmed():
                self.unconfirmed.discard(event.channel)
            case r.ChannelStopped():
                self.stopped.add(event.channel)
                self.happened[f"channel stopped: {event.reason}"] += 1
            case r.ChannelStarted():
                self.stopped.discard(event.channel)
            case n.TopicSettled():
                self.settled[event.topic] = max(event.fact_at or event.at, self.settled.get(event.topic, event.at))
            case n.MessagePlanned():
                self.told[event.message_id] = Told(event, due=event.at)
            case n.MessageEvent():
                self._hear_of(self.told[event.message_id], event)

    def _hear_of(self, one: Told, event: n.MessageEvent) -> None:
        template, critical = one.planned.template, one.planned.critical
        match event:
            case MessageWithheld():
                one.wanted = False
            case n.MessageSent():
                one.sent = True
            case n.MessageRead() | r.MessageSeen():
                one.read = True
            case r.MessageRerouted():
                self.happened[f"went another way: {event.reason}"] += 1
                one.tried.add(event.before)
                one.again = one.again or event.reason != "failed"
                one.due = event.at
                if one.read and event.reason == "unread":
                    self.faults.append(f"{template} counted as unread, and had been read")
            case r.MessageLeftUnread() if one.read or self._is_settled(one):
                self.faults.append(f"somebody was to call about {template}, and need not")
            case n.MessagePostponed() if critical:
                self.faults.append(f"a critical message was put off until {event.send_at}")
            case n.MessageFailed() if event.retry_at is not None:
                one.due = event.retry_at
                if critical and any(way != one.way for way in self._ways(one)):
                    self.faults.append(f"a critical message waited for {one.way} until {event.retry_at}")
            case n.MessageDropped() if critical and event.reason != "settled" and self._ways(one):
                self.faults.append(f"a critical message was dropped, and {self._ways(one)} were open")

    def look(self, claim: n.MessageClaimed, state: AgendaState) -> None:
        """The moment of the send, before it is known what becomes of it."""
        ids = [claim.message_id, *claim.together]
        lead, at = self.told[claim.message_id], claim.at
        clock = at.astimezone(ZoneInfo(self.zone)).time()
        if not lead.planned.critical and not lead.planned.by and is_within(clock, self.hours):
            self.faults.append(f"went out at {clock:%H:%M} in {self.zone}, in quiet hours")
        for one in (self.told[id] for id in ids):
            self._look_at(one, claim)
        if lead.planned.critical and lead.due is not None and at > lead.due + self.late:
            self.faults.append(f"a critical message was due at {lead.due}, and waited until {at}")
        lead.due = claim.settle_by
        if self.weekly is not None and all(ABOUT[self.told[id].planned.template].can_wait for id in ids):
            leads = {others[0] for when, others in self.mails if when > at - _WEEK} - {claim.message_id}
            week = [id for id in leads if _counts(state, id)]
            if len(week) >= self.weekly:
                self.faults.append(f"{len(week)} messages in a week that was to hold {self.weekly}")
        self.happened["went together"] += len(ids) > 1
        self.happened[f"handed over by {claim.channel}"] += 1

    def _look_at(self, one: Told, claim: n.MessageClaimed) -> None:
        planned, at, way = one.planned, claim.at, claim.channel
        one.way = way
        if way not in self._ways(one):
            self.faults.append(f"{planned.template} went out by {way}, and only {self._ways(one)} were open")
        if self._is_settled(one):
            self.faults.append(f"{planned.template} went out after its reason had gone")
        if one.again and one.sent and one.read and not planned.critical:
            self.faults.append(f"{planned.template} went another way after it had been read")
        if not one.wanted:
            self.faults.append(f"{planned.template} went out, and was not wanted")
        if planned.pointless_after is not None and at >= planned.pointless_after:
            self.faults.append(f"{planned.template} went out at {at}, after {planned.pointless_after}")
        if ABOUT[planned.template].kind == "nudge" and self._is_hard_day(at):
            self.faults.append(f"{planned.template} went out on a day of hard news")
        self.happened["was sent a code" if planned.by else "was reminded"] += planned.pointless_after is not None

    def take(self, at: datetime, claim: n.MessageClaimed) -> None:
        """Whoever carries it took it."""
        ids = [claim.message_id, *claim.together]
        self.mails.append((at, ids))
        for one in (self.told[id] for id in ids):
            if one.taken and not one.planned.critical and (not one.again or claim.channel in one.taken):
                self.faults.append(f"{one.planned.template} went out by {one.taken}, and then by {claim.channel}")
            one.taken.append(claim.channel)
            one.again = False

    def account(self, state: AgendaState, end: datetime) -> None:
        """Everything planned has come to an end, or waits for a moment that is still to come."""
        for id, one in state.messages.items():
            due = one.settle_by if one.status == "sending" else one.send_at
            if one.unfinished and (due is None or due <= end):
                self.faults.append(f"{one.template} is {one.status} since {one.send_at}")
            if one.unread_at is not None and one.unread_at <= end and not self._is_settled(self.told[id]):
                self.faults.append(f"{one.template} is unread since {one.unread_at}, and nothing followed")
            if one.status == "sent" and not self.told[id].taken:
                self.faults.append(f"{one.template} counts as sent, but never went out")

    def _ways(self, one: Told) -> list[n.Channel]:
        """What the person chose, agrees to, has not stopped, and was not tried in vain; an e-mail at last in danger."""
        category, critical = ABOUT[one.planned.template].category, one.planned.critical
        unused = self.without.get(category, ()) if category is not None and not critical else ()
        return [
            way
            for way in dict.fromkeys((*self.channels, *(EMAIL if critical else ())))
            if way not in self.stopped and way not in one.tried and way not in unused
            if (way == one.planned.by if one.planned.by else way not in self.unconfirmed)
            if way != "email" or self.agrees
        ]

    def _is_settled(self, one: Told) -> bool:
        topic = one.planned.topic
        return any(covers(settled, topic) and one.since <= up_to for settled, up_to in self.settled.items())

    def _is_hard_day(self, at: datetime) -> bool:
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        hard = [one for one in self.told.values() if ABOUT[one.planned.template].kind == "hard"]
        return any(one.planned.at.astimezone(zone).date() == today for one in hard)


def _counts(state: AgendaState, lead: str) -> bool:
    """Only what is known to have been sent, and is neither about safety nor just asked for by the person."""
    message = state.messages.get(lead)
    if message is None or message.template in ASKED_FOR:
        return False
    return message.status == "sent" and not message.critical
