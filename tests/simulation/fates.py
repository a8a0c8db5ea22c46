"""What became of each message, told by the history of its agenda and held against what the mail server took."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifications.domain.kinds import about
from services.notifications.domain.sending import ATTEMPTS
from services.notifications.domain.state import covers
from shared.contracts import notifications as n
from shared.contracts.envelope import Event
from shared.contracts.preferences import MessageWithheld
from shared.contracts.reach import MessageLeftUnread, MessageRerouted, MessageReturned
from shared.contracts.wordings import MessageReworded
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START
from tests.simulation.record import said

_PROMPTLY = 60.0
_SETTLED_WITHIN = 60.0
_LATE = timedelta(minutes=12)
_MUST_BE_READ = ("at_once", "hard")


class _Fate:
    """What became of one message so far."""

    def __init__(self, planned: n.MessagePlanned) -> None:
        self.planned = planned
        self.status = "queued"
        self.due = planned.send_at
        self.settle_by: datetime | None = None
        self.possibly_sent = False
        self.attempt = 0
        self.known_at = 0.0
        self.carrier: str | None = None
        self.channel: n.Channel | None = None
        self.tried: tuple[n.Channel, ...] = ()
        self.attempts_before = 0
        self.given_up = ""
        self.is_read = False
        self.is_returned = False
        self.is_left = False
        self.call_failed = False
        self.why_dropped = ""
        self.sent_at = 0.0

    @property
    def name(self) -> str:
        return f"{self.planned.template} to {self.planned.recipient_id}"


def check_agenda(clinic: Clinic, history: list[Json]) -> None:
    fates: dict[str, _Fate] = {}
    settled: list[tuple[str, datetime]] = []
    for entry in history:
        event = said(entry)
        if isinstance(event, n.TopicSettled):
            settled.append((event.topic, event.fact_at or event.at))
        if isinstance(event, n.MessagePlanned):
            if event.message_id in fates:
                clinic.record.blame(f"{event.template} to {event.recipient_id} was planned twice")
            fates[event.message_id] = _Fate(event)
            fates[event.message_id].known_at = clinic.record.stored_at[entry["id"]]
        elif (id := getattr(event, "message_id", None)) is not None:
            _follow(clinic, fates[id], event, settled)
            _follow_on(clinic, fates[id], event, clinic.record.stored_at[entry["id"]], id)
            if isinstance(event, n.MessageClaimed):
                _go_along(clinic, fates, event, settled)
                _check_hard_news(clinic, history, fates, event)
            _check_haste(clinic, fates[id], event, clinic.record.stored_at[entry["id"]])
    now = START + timedelta(seconds=clinic.loop.time())
    is_staff = any(member.id == history[0]["data"].get("recipient_id") for member in clinic.settings.clinic.staff)
    for id, fate in fates.items():
        _check_end(clinic, id, fate, now)
        since = fate.planned.fact_at or fate.planned.at
        is_settled = any(covers(topic, fate.planned.topic) and since <= up_to for topic, up_to in settled)
        _check_unread(clinic, fate, is_settled or is_staff)
        _check_call(clinic, fate, is_staff)


def _go_along(
    clinic: Clinic, fates: dict[str, _Fate], event: n.MessageClaimed, settled: list[tuple[str, datetime]]
) -> None:
    """Those that go out in the same e-mail: only ordinary ones that wait, and whose matter is open."""
    for fate in (fates[id] for id in event.together):
        name = f"{fate.planned.template} to {fate.planned.recipient_id}"
        since = fate.planned.fact_at or fate.planned.at
        if fate.status != "queued" or fate.planned.critical:
            clinic.record.blame(f"{name} went along with another, and was {fate.status}")
        if any(covers(topic, fate.planned.topic) and since <= up_to for topic, up_to in settled):
            clinic.record.blame(f"{name} went along after its matter was settled")
        clinic.record.happened["messages went out together"] += 1
        fate.status, fate.settle_by, fate.attempt = "sending", event.settle_by, fate.attempt + 1
        fate.carrier, fate.channel = event.message_id, event.channel
        _check_tried(clinic, fate)


def _check_hard_news(clinic: Clinic, history: list[Json], fates: dict[str, _Fate], claim: n.MessageClaimed) -> None:
    """No kind word on a day that brought hard news before, by the recipient's own calendar."""
    known = [said(entry) for entry in history if entry["type"] == n.RecipientKnown.TYPE]
    zones = {getattr(one, "time_zone", None) or clinic.settings.clinic.time_zone for one in known}
    for id in (claim.message_id, *claim.together):
        if about(fates[id].planned.template).kind != "nudge":
            continue
        for other in fates.values():
            told = other.planned.at
            same_day = all(_day(told, zone) == _day(claim.at, zone) for zone in zones)
            if about(other.planned.template).kind == "hard" and told <= claim.at and same_day:
                clinic.record.blame(f"{fates[id].planned.template} went out beside {other.planned.template}")


def _day(moment: datetime, zone: str) -> object:
    return moment.astimezone(ZoneInfo(zone)).date()


def _follow(clinic: Clinic, fate: _Fate, event: Event, settled: list[tuple[str, datetime]]) -> None:
    name = fate.name
    since = fate.planned.fact_at or fate.planned.at
    is_settled = any(covers(topic, fate.planned.topic) and since <= up_to for topic, up_to in settled)
    if fate.given_up and not isinstance(event, MessageRerouted):
        clinic.record.blame(fate.given_up)
    fate.given_up = ""
    match event:
        case n.MessageClaimed():
            if event.at < fate.due and fate.status == "queued":
                clinic.record.blame(f"{name} was sent before its time")
            if is_settled:
                clinic.record.blame(f"{name} was sent after its matter was settled")
            if fate.planned.pointless_after is not None and event.at >= fate.planned.pointless_after:
                clinic.record.blame(f"{name} was sent after its meeting had begun")
            fate.possibly_sent = fate.possibly_sent or fate.status == "sending"
            fate.carrier, fate.channel = None, event.channel
            fate.status, fate.settle_by, fate.attempt = "sending", event.settle_by, event.attempt
            _check_tried(clinic, fate)
        case n.MessagePostponed():
            # News of the permission came after it: it had been given by then.
            if (fate.status, fate.why_dropped) == ("dropped", "consent_withdrawn"):
                fate.status = "queued"
            fate.due = event.send_at
        case n.MessageDropped() | MessageWithheld():
            fate.status = "dropped"
        case n.MessageSent():
            fate.status, fate.possibly_sent = "sent", False
        case n.MessageFailed() if event.retry_at is not None:
            fate.status, fate.due, fate.carrier = "queued", event.retry_at, None
        case n.MessageFailed():
            # To staff, whose consent is not needed, an alarm that still matters is sent until it is known to be sent.
            matters = fate.planned.critical and fate.planned.needs is None and not is_settled
            may_end = event.failure == "permanent" or (event.possibly_sent and not matters)
            if not may_end and fate.attempt - fate.attempts_before < ATTEMPTS:
                # What is about safety does not wait for a way that is shut, if another is open.
                fate.given_up = f"{name} was given up after attempt {fate.attempt}"
                if not fate.planned.critical:
                    clinic.record.blame(fate.given_up)
            fate.status, fate.possibly_sent = "failed", event.possibly_sent or fate.possibly_sent


def _follow_on(clinic: Clinic, fate: _Fate, event: Event, at: float, id: str) -> None:
    """What comes beside the first way out."""
    match event:
        case n.MessageSent():
            fate.sent_at, fate.is_returned = at, False
        case n.MessageRead():
            fate.is_read = True
        case n.CallFailed():
            fate.call_failed = True
        case n.MessageDropped():
            fate.why_dropped = event.reason
        case MessageReturned():
            fate.status, fate.is_returned = "failed", True
        case MessageLeftUnread():
            fate.is_left = True
            clinic.record.happened["left unread"] += 1
            if fate.status != "sent" or fate.is_read:
                clinic.record.blame(f"{fate.name} counts as left unread, and was {fate.status}")
        case MessageReworded() if fate.status != "queued":
            clinic.record.blame(f"{fate.name} was reworded, and was {fate.status}")
        case MessageRerouted():
            _go_another_way(clinic, fate, event, at, id)


def _go_another_way(clinic: Clinic, fate: _Fate, event: MessageRerouted, at: float, id: str) -> None:
    """Only what went one way may go another, and what is ordinary only where it certainly did not arrive unnoticed."""
    if event.before != fate.channel:
        clinic.record.blame(f"{fate.name} goes by another way than {event.before}, by which it did not go")
    if event.reason == "failed" and not fate.planned.critical and _times(clinic, fate, id, at):
        clinic.record.blame(f"{fate.name} goes by another way, and went out by {event.before} before")
    if event.reason == "unread" and (fate.status != "sent" or fate.is_read):
        clinic.record.blame(f"{fate.name} goes by another way for being unread, and was {fate.status}")
    clinic.record.happened[f"another way since it was {event.reason}"] += 1
    fate.status, fate.due, fate.settle_by, fate.carrier = "queued", event.send_at, None, None
    fate.attempts_before, fate.tried, fate.channel = fate.attempt, (*fate.tried, event.before), None
    fate.is_returned = False


def _check_tried(clinic: Clinic, fate: _Fate) -> None:
    if fate.channel in fate.tried:
        clinic.record.blame(f"{fate.name} went by {fate.channel} again, by which it had been tried")


def _times(clinic: Clinic, fate: _Fate, id: str, until: float = float("inf")) -> int:
    """How often it was taken by the way that it goes now."""
    taken = clinic.mail.taken.get(fate.carrier or id, ())
    return sum(one.way == fate.channel and one.at <= until for one in taken)


def _check_unread(clinic: Clinic, fate: _Fate, needs_no_reading: bool) -> None:
    """What has a date or wants an answer, and was not opened for long, goes another way, or psychology hears of it."""
    limits, kind = clinic.settings.clinic.agenda.unread, about(fate.planned.template)
    if limits is None or needs_no_reading or kind.category is None or kind.kind not in _MUST_BE_READ:
        return
    if fate.status != "sent" or fate.is_read or fate.is_left:
        return
    by = timedelta(hours=max(limits.next_way_hours, limits.person_hours) + 2) + _LATE
    over = fate.planned.pointless_after
    unread_at = START + timedelta(seconds=fate.sent_at) + by
    if unread_at < START + timedelta(seconds=clinic.loop.time()) and (over is None or over > unread_at):
        clinic.record.blame(f"{fate.name} lies unread since {fate.sent_at:.0f} s, and nothing follows")


def _check_call(clinic: Clinic, fate: _Fate, is_staff: bool) -> None:
    """A call for help that reached nobody is said to have failed, so that somebody else is called."""
    is_call = is_staff and fate.planned.critical and fate.planned.template != "call_failed"
    is_lost = fate.status == "failed" or (fate.status == "dropped" and fate.why_dropped != "settled")
    if is_call and is_lost and not fate.call_failed:
        clinic.record.blame(f"{fate.name} was a call that failed, and nobody hears of it")


def _check_haste(clinic: Clinic, fate: _Fate, event: Event, at: float) -> None:
    """A message about danger is on its way within a minute, unless something is amiss."""
    late = at - fate.known_at > _PROMPTLY and clinic.troubles.calm(fate.known_at, at)
    if isinstance(event, n.MessageClaimed) and event.attempt == 1 and fate.planned.critical and late:
        clinic.record.blame(f"{fate.planned.template} waited {at - fate.known_at:.0f} s on a calm day")


def _was_calm(clinic: Clinic, id: str) -> bool:
    """Whether nothing was amiss around the moments at which the message was taken."""
    taken = clinic.mail.taken[id]
    return clinic.troubles.calm(taken[0].at, taken[-1].at + _SETTLED_WITHIN)


def _check_end(clinic: Clinic, id: str, fate: _Fate, now: datetime) -> None:
    name = fate.name
    if fate.given_up:
        clinic.record.blame(fate.given_up)
    if fate.status == "queued" and fate.due + _LATE < now:
        clinic.record.blame(f"{name} was due at {fate.due}, and waits still")
    if fate.status == "sending" and (fate.settle_by is None or fate.settle_by + _LATE < now):
        clinic.record.blame(f"{name} is being sent for ever")
    times = _times(clinic, fate, id)
    if fate.status == "sent" and not times:
        clinic.record.blame(f"{name} counts as sent, but never went out")
    if fate.is_returned:
        return
    if times and fate.status == "failed" and _was_calm(clinic, fate.carrier or id):
        clinic.record.blame(f"{name} went out on a calm day, and does not count as sent")
    if times and fate.status != "sending" and fate.status != "sent" and not fate.possibly_sent:
        clinic.record.blame(f"{name} went out, but counts as {fate.status}")
