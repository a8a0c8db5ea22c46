"""What the providers of e-mails, text messages and notifications tell later: receipts, returned mail, and words such as
STOP. And somebody who would like to be taken for a provider.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage, Message
from typing import Any

from services.notifications.agendas import agenda_id
from shared.contracts.notifications import Channel, MessageClaimed
from shared.contracts.reach import ChannelStarted, ChannelStopped, ReachChosen
from tests.handed import handed
from tests.simulation.broker import now
from tests.simulation.clinic import SHORT_WAYS, WEBHOOK_SECRET
from tests.simulation.loop import START
from tests.simulation.mail import Taken
from tests.simulation.seat import No, Seat
from tests.simulation.wishes import ADDRESSES, wishes

_WORDS = ("STOP", "stop.", "BAJA", "START", "Alta", "Who is this?")
_SHUTS = {"STOP": True, "stop.": True, "BAJA": True, "START": False, "Alta": False}
_OTHER_SECRET = "whsec_" + b64encode(b"what somebody else signs with, as long").decode()
_OLD = 10_800.0
"""Older than any clock that is wrong would let pass."""


async def report_back(seat: Seat) -> None:
    """One call of a provider."""
    task = seat.rng.random()
    if task < 0.12:
        await _forge(seat)
    elif task < 0.5:
        await _pass_on_a_word(seat)
    elif task < 0.72:
        await _send_a_receipt(seat)
    else:
        await _return_an_email(seat)


def _signed(seat: Seat, body: bytes, secret: str = WEBHOOK_SECRET, age: float = 0.0) -> dict[str, str]:
    sent = START + timedelta(seconds=now() - age)
    return handed(secret, f"call-{seat.rng.getrandbits(48):x}", sent, body)


def _news(**of: Any) -> bytes:
    return json.dumps({"news": [of]}).encode()


async def _call(seat: Seat, way: Channel, body: bytes) -> bool:
    """Whether it was heard. A process whose clock is an hour wrong takes it for an old one."""
    begun = now()
    answer = await seat.hand_in("notifications", f"/webhooks/{way}", _signed(seat, body))
    if not isinstance(answer, No):
        return True
    clocks = seat.town.clinic.troubles.calm(begun, now(), of={"clock", "stall"})
    if answer.code != "webhook-not-believed" or clocks:
        seat.blame(f"was not believed, though it signed: {answer.code}")
    return False


async def _forge(seat: Seat) -> None:
    """Signed by somebody else, or overheard hours ago: nothing of it may be believed."""
    way = seat.rng.choice(SHORT_WAYS)
    numbers = [one.to for one in _every(seat) if one.way == way] or ["+447700900000"]
    body = _news(kind="reply", sender=seat.rng.choice(numbers), text="STOP")
    is_old = seat.rng.random() < 0.5
    forged = _signed(seat, body, age=_OLD) if is_old else _signed(seat, body, secret=_OTHER_SECRET)
    answer = await seat.hand_in("notifications", f"/webhooks/{way}", forged)
    if not isinstance(answer, No):
        seat.blame("was believed, though no provider signed it")
    seat.town.clinic.record.happened["a forged call was refused"] += 1


async def _pass_on_a_word(seat: Seat) -> None:
    """Somebody answers a text message: whoever can be reached by that number hears no more from there, or again."""
    way = seat.rng.choice(("sms", "sms", "push"))
    people = list(_reached_by(seat, way))
    if not people:
        return
    _, number = seat.rng.choice(people)
    concerned = [(agenda, _chosen(seat, agenda)) for agenda, other in people if other == number]
    shut = {agenda: way in _wishes(seat, agenda).stopped for agenda, _ in concerned}
    word = seat.rng.choice(_WORDS[-3:] if any(shut.values()) else _WORDS)
    begun = now()
    if not await _call(seat, way, _news(kind="reply", sender=number, text=word)) or word not in _SHUTS:
        return
    shuts = _SHUTS[word]
    for agenda, chosen in concerned:
        # Who chose anew meanwhile may have another number now.
        changes = _chosen(seat, agenda) == chosen and shut[agenda] != shuts
        if changes and not _was_heeded(seat, agenda, way, shuts, begun):
            seat.blame(f"passed on {word} for {agenda}, and {way} is {'not ' * shuts}shut")
    seat.town.clinic.record.happened["said stop" if shuts else "said start"] += 1


def _was_heeded(seat: Seat, agenda: str, way: Channel, shuts: bool, begun: float) -> bool:
    kind = ChannelStopped if shuts else ChannelStarted
    record = seat.town.clinic.record
    return any(
        entry["subject"] == agenda and event.channel == way and record.stored_at[entry["id"]] >= begun
        for entry, event in record.of_type(kind)
    )


async def _send_a_receipt(seat: Seat) -> None:
    """Of the newest message to a number. It says so only of what it took."""
    way = seat.rng.choice(("sms", "sms", "push"))
    last = {one.to: one for one in _every(seat) if one.way == way}
    fitting = [one for one in last.values() if _is_newest(seat, one)]
    if not fitting:
        return
    one = seat.rng.choice(fitting)
    outcome = seat.rng.choice(("delivered", "delivered", "delivered", "permanent", "temporary"))
    wrong = outcome == "permanent" and seat.rng.random() < 0.3
    await _call(seat, way, _news(kind="receipt", to=one.to, outcome=outcome, address_is_wrong=wrong, code="30005"))


def _is_newest(seat: Seat, one: Taken) -> bool:
    """Whether no other message was claimed for that number since, by whoever shares it. A receipt names no message."""
    record = seat.town.clinic.record
    people = [agenda for agenda, number in (*_reached_by(seat, one.way), *_staff(seat, one.way)) if number == one.to]
    if people != [record.agenda_of[one.id]]:
        return False
    claims = [event for entry, event in record.of_type(MessageClaimed) if entry["subject"] in people]
    return bool(claims) and [event.message_id for event in claims if event.channel == one.way][-1:] == [one.id]


async def _return_an_email(seat: Seat) -> None:
    """A mail server reports of an e-mail that it took: it arrived after all, the mailbox is full, or there is none."""
    taken = [one for one in _every(seat) if one.way == "email"]
    if not taken:
        return
    record = seat.town.clinic.record
    choosers = {entry["subject"] for entry, _ in record.of_type(ReachChosen)}
    calls = [one for one in taken if seat.town.clinic.mail.is_call(one.id)]
    theirs = [one for one in taken if record.agenda_of[one.id] in choosers]
    # Most follows from what comes back of a call for help, and of whoever can be reached by another way.
    one = seat.rng.choice(seat.rng.choice([some for some in (calls[-2:], theirs[-4:], taken[-6:]) if some]))
    action, status = seat.rng.choice(
        (("delivered", "2.0.0"), ("failed", "5.2.2"), ("failed", "5.2.2"), ("failed", "4.4.7"), ("delayed", "4.4.1"))
        if seat.rng.random() < 0.9
        else (("failed", "5.1.1"),)
    )
    await _call(seat, "email", _report(seat, one, action, status))


def _report(seat: Seat, one: Taken, action: str, status: str) -> bytes:
    whole = Message()
    whole["Content-Type"] = 'multipart/report; report-type="delivery-status"; boundary="b"'
    text = EmailMessage()
    text.set_content("About your mail.")
    about = Message()
    about["Content-Type"] = "message/delivery-status"
    for fields in ({"Reporting-MTA": "dns; mx.example"}, {"Action": action, "Status": status}):
        block = Message()
        for name, value in fields.items():
            block[name] = value
        about.attach(block)
    original = Message()
    original["Content-Type"] = "text/rfc822-headers"
    agenda = seat.town.clinic.record.agenda_of[one.id]
    original.set_payload(f"Message-ID: <{one.id}.{agenda}@harbour.example>\n\n")
    for part in (text, about, original):
        whole.attach(part)
    return whole.as_bytes()


def _every(seat: Seat) -> list[Taken]:
    """All that was taken, in order."""
    return sorted((one for taken in seat.town.clinic.mail.taken.values() for one in taken), key=lambda one: one.at)


def _reached_by(seat: Seat, way: Channel) -> Iterator[tuple[str, str]]:
    """Agendas with the number that they gave last. Of whoever was erased nobody knows one."""
    record = seat.town.clinic.record
    whose = {entry["subject"]: event.recipient_id for entry, event in record.of_type(ReachChosen)}
    for agenda in (agenda for agenda, person in whose.items() if person not in record.erasing):
        number = _wishes(seat, agenda).numbers.get(way)
        if number is not None and way in ADDRESSES:
            yield agenda, number


def _staff(seat: Seat, way: Channel) -> Iterator[tuple[str, str]]:
    for member in seat.town.clinic.settings.clinic.staff:
        number = getattr(member, ADDRESSES[way])
        if number is not None:
            yield agenda_id(member.id), number


def _wishes(seat: Seat, agenda: str) -> Any:
    clinic = seat.town.clinic
    return wishes(clinic.record.events[agenda], clinic.mail.peek)


def _chosen(seat: Seat, agenda: str) -> int:
    """Which of their choices is the last."""
    return sum(entry["subject"] == agenda for entry, _ in seat.town.clinic.record.of_type(ReachChosen))
