"""How people want to be reached: by which ways, of what, and whether they look at what they got."""

from random import Random
from typing import Any, get_args

from services.portal.calls import Calls
from shared.contracts.preferences import Category
from shared.contracts.referrals import CaregiverAccepted
from shared.runtime.auth import User
from shared.runtime.unsubscribe import read_link
from tests.simulation.clinic import SHORT_WAYS
from tests.simulation.loop import wait
from tests.simulation.providers import report_back
from tests.simulation.seat import No, Seat
from tests.simulation.town import NUMBERS, TEAM, Resident, Town
from tests.simulation.wording_authors import write_words

_ORDERS = (
    ("sms",),
    ("sms", "email"),
    ("sms", "email"),
    ("email", "sms"),
    ("email", "sms"),
    ("push", "sms", "email"),
    ("email", "push"),
    ("email",),
)
_MINUTES_TO_A_CODE = (1, 2, 5, 20, 90)
_QUIET = (("22:00", "07:00"), ("19:30", "10:00"))
_NOT_YET = "preferences-not-for-you"
"""Their contact data are still on their way."""


async def be_reached(town: Town, calls: Calls, who: str, rng: Random) -> None:
    """One visit because of messages."""
    if who == "author":
        await write_words(Seat(town, calls, User(rng.choice(TEAM), "psychology"), rng))
        return
    if who == "provider":
        await report_back(Seat(town, calls, User("portal", "service"), rng))
        return
    resident = rng.choice(town.patients)
    seat = Seat(town, calls, _of(resident, town, rng), rng)
    page = await seat.peek("notifications", f"/agendas/{seat.user.id}/inbox")
    if page is None or not page["version"]:
        return
    await _write_codes(seat)
    if who == "reader":
        await _read_all(seat, page)
        return
    task = rng.random()
    if task < 0.6:
        await _choose_ways(seat, resident)
    elif task < 0.72:
        await _choose_kinds(seat)
    elif task < 0.86:
        await _stop_one(seat, page)
    else:
        await _unsubscribe(seat)


def _of(resident: Resident, town: Town, rng: Random) -> User:
    """Mostly the patient; sometimes somebody whom they trust."""
    taking_part = {event.caregiver_id for _, event in town.clinic.record.of_type(CaregiverAccepted)}
    carers = [one for one in resident.caregivers if one in taking_part]
    if carers and rng.random() < 0.35:
        return User(rng.choice(carers), "caregiver")
    return User(resident.patient_id, "patient")


async def _choose_ways(seat: Seat, resident: Resident) -> None:
    path = f"/agendas/{seat.user.id}/reach"
    page = await seat.see("notifications", path)
    ways = seat.rng.choice(_ORDERS)
    without: dict[str, list[str]] = {}
    if len(ways) > 1 and seat.rng.random() < 0.6:
        # Of what one is told often it shows soon.
        kinds: tuple[Category, ...] = ("carers",) if seat.user.role == "caregiver" else ("decisions", "meetings")
        without = {kind: [ways[0]] for kind in (*kinds, seat.rng.choice(get_args(Category)))}
    body = {
        "channels": ways,
        "phone": _number(seat, resident) if "sms" in ways or seat.rng.random() < 0.3 else None,
        "push": f"{resident.marker.lower()}-{seat.rng.randint(1, 2)}" if "push" in ways else None,
        "sender_name": seat.rng.choice((None, *page["senders"])),
        "says_more": seat.rng.random() < 0.2,
        "without": without,
    }
    answer = await seat.do("notifications", path, body, page["version"])
    seat.expect_done(answer, "choose how they are reached", _NOT_YET)
    if not isinstance(answer, No):
        happened = seat.town.clinic.record.happened
        happened["chose text messages or notifications"] += any(way in ways for way in SHORT_WAYS)
        # A code is of use for an hour: they wait for it with the telephone in their hand.
        await wait(seat.rng.choice(_MINUTES_TO_A_CODE) * 60.0)
        await _write_codes(seat)


async def _write_codes(seat: Seat) -> None:
    """They write what has come to their phone. A newer code, or another number, makes it the wrong one."""
    path = f"/agendas/{seat.user.id}/reach"
    page = await seat.see("notifications", path)
    for way in page["unconfirmed"]:
        code = seat.town.clinic.mail.codes.get((seat.user.id, way))
        if code is None or seat.rng.random() < 0.1:
            continue
        wrong = seat.rng.random() < 0.1
        body = {"channel": way, "code": "00000000" if wrong else code}
        answer = await seat.do("notifications", f"{path}/confirm", body)
        seat.expect_done(answer, "write the code", "reach-code-invalid")
        seat.town.clinic.record.happened["wrote a code"] += not isinstance(answer, No)


def _number(seat: Seat, resident: Resident) -> str:
    """One of their own, or that of the family, which several may give."""
    own = 10 + resident.number * 20 + sum(map(ord, seat.user.id)) % 9
    return f"{NUMBERS}{seat.rng.choice((own, own, own + 9, 900 + resident.number)):05d}"


async def _choose_kinds(seat: Seat) -> None:
    path = f"/agendas/{seat.user.id}/preferences"
    page = await seat.see("notifications", path)
    hours = seat.rng.choice((None, None, *_QUIET))
    body: dict[str, Any] = {
        "inbox_only": [one for one in page["categories"] if seat.rng.random() < 0.15],
        "weekly_emails": seat.rng.choice((None, 2, 5)),
        "hours": {"quiet_from": hours[0], "quiet_to": hours[1]} if hours else None,
    }
    answer = await seat.do("notifications", path, body, page["version"])
    seat.expect_done(answer, "choose what reaches them", _NOT_YET)


async def _stop_one(seat: Seat, page: dict[str, Any]) -> None:
    waiting = [one for one in (*page["messages"], *page["to_come"]) if one["can_stop"]]
    if not waiting:
        return
    path = f"/agendas/{seat.user.id}/messages/{seat.rng.choice(waiting)['id']}/stop"
    answer = await seat.do("notifications", path)
    # It may have gone out at this moment.
    seat.expect_done(answer, "stop a message that waits", "message-not-waiting")
    seat.town.clinic.record.happened["stopped a message"] += not isinstance(answer, No)


async def _unsubscribe(seat: Seat) -> None:
    """By the link in the last e-mail that they got, for whoever it names."""
    clinic = seat.town.clinic
    links = sorted(clinic.mail.links.items())
    if not links:
        return
    mine = clinic.mail.links.get(seat.user.id) or seat.rng.choice(links)[1]
    who = read_link(clinic.settings.trusted, mine.rpartition("/")[2], clinic.store_clock.now())
    reader = seat.beside(User(who.recipient_id, who.role))
    body = {"categories": list(who.categories)}
    answer = await reader.do("notifications", f"/agendas/{who.recipient_id}/unsubscribe", body)
    reader.expect_done(answer, "unsubscribe")
    clinic.record.happened["unsubscribed by a link"] += not isinstance(answer, No)


async def _read_all(seat: Seat, page: dict[str, Any]) -> None:
    """Whoever was away for days opens all of the newest."""
    for one in [one for one in page["messages"] if not one["read"]][:8]:
        answer = await seat.do("notifications", f"/agendas/{seat.user.id}/messages/{one['id']}/read")
        seat.expect_done(answer, "open a message")
