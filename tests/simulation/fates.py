"""What became of each message, told by the history of its agenda and held against what the mail server took."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.notifications.domain.kinds import about
from services.notifications.domain.sending import ATTEMPTS
from services.notifications.domain.state import covers
from shared.contracts import notifications as n
from shared.contracts.envelope import Event
from shared.contracts.preferences import MessageWithheld
from shared.runtime.store.port import Json
from tests.simulation.clinic import Clinic
from tests.simulation.loop import START
from tests.simulation.record import said

_PROMPTLY = 60.0
_SETTLED_WITHIN = 60.0


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
            if isinstance(event, n.MessageClaimed):
                _go_along(clinic, fates, event, settled)
                _check_hard_news(clinic, history, fates, event)
            _check_haste(clinic, fates[id], event, clinic.record.stored_at[entry["id"]])
    now = START + timedelta(seconds=clinic.loop.time())
    for id, fate in fates.items():
        _check_end(clinic, id, fate, now)


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
        fate.carrier = event.message_id


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
    name = f"{fate.planned.template} to {fate.planned.recipient_id}"
    since = fate.planned.fact_at or fate.planned.at
    is_settled = any(covers(topic, fate.planned.topic) and since <= up_to for topic, up_to in settled)
    match event:
        case n.MessageClaimed():
            if event.at < fate.due and fate.status == "queued":
                clinic.record.blame(f"{name} was sent before its time")
            if is_settled:
                clinic.record.blame(f"{name} was sent after its matter was settled")
            if fate.planned.pointless_after is not None and event.at >= fate.planned.pointless_after:
                clinic.record.blame(f"{name} was sent after its meeting had begun")
            fate.possibly_sent = fate.possibly_sent or fate.status == "sending"
            fate.carrier = None
            fate.status, fate.settle_by, fate.attempt = "sending", event.settle_by, event.attempt
        case n.MessagePostponed():
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
            if not may_end and fate.attempt < ATTEMPTS:
                clinic.record.blame(f"{name} was given up after attempt {fate.attempt}")
            fate.status, fate.possibly_sent = "failed", event.possibly_sent or fate.possibly_sent


def _check_haste(clinic: Clinic, fate: _Fate, event: Event, at: float) -> None:
    """A message about danger is on its way within a minute, unless something is amiss."""
    late = at - fate.known_at > _PROMPTLY and clinic.troubles.calm(fate.known_at, at)
    if isinstance(event, n.MessageClaimed) and event.attempt == 1 and fate.planned.critical and late:
        clinic.record.blame(f"{fate.planned.template} waited {at - fate.known_at:.0f} s on a calm day")


def _was_calm(clinic: Clinic, id: str) -> bool:
    """Whether nothing was amiss around the moments at which the message was taken."""
    taken = clinic.mail.taken_at[id]
    return clinic.troubles.calm(taken[0], taken[-1] + _SETTLED_WITHIN)


def _check_end(clinic: Clinic, id: str, fate: _Fate, now: datetime) -> None:
    name = f"{fate.planned.template} to {fate.planned.recipient_id}"
    late = timedelta(minutes=12)
    if fate.status == "queued" and fate.due + late < now:
        clinic.record.blame(f"{name} was due at {fate.due}, and waits still")
    if fate.status == "sending" and (fate.settle_by is None or fate.settle_by + late < now):
        clinic.record.blame(f"{name} is being sent for ever")
    id = fate.carrier or id
    times = len(clinic.mail.taken_at.get(id, ()))
    if fate.status == "sent" and not times:
        clinic.record.blame(f"{name} counts as sent, but never went out")
    if times and fate.status == "failed" and _was_calm(clinic, id):
        clinic.record.blame(f"{name} went out on a calm day, and does not count as sent")
    if times and fate.status != "sending" and fate.status != "sent" and not fate.possibly_sent:
        clinic.record.blame(f"{name} went out, but counts as {fate.status}")
