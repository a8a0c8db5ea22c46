"""Caregivers, operators, and people who look where they should not."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Any

from services.portal.calls import Calls
from shared.contracts.referrals import ConsentScope
from shared.runtime.auth import User
from shared.runtime.errors import Unavailable
from tests.simulation.broker import now
from tests.simulation.loop import wait
from tests.simulation.plan import REACH, SERVICES, Step
from tests.simulation.process import Crash
from tests.simulation.reached import be_reached
from tests.simulation.referrer import referrer
from tests.simulation.seat import No, Seat
from tests.simulation.sharing import be_together
from tests.simulation.town import REFERRERS, TEAM, Town
from tests.simulation.treatment import patient, psychology, read_messages


async def visit(town: Town, calls: Calls, step: Step, rng: Random) -> None:
    """Somebody comes, and does what they came for."""
    match step.who:
        case "referrer":
            await referrer(Seat(town, calls, User(rng.choice(REFERRERS), "referrer"), rng))
        case "psychology":
            await psychology(Seat(town, calls, User(rng.choice(TEAM), "psychology"), rng))
        case "operator":
            await _operator(Seat(town, calls, User("op-byrne", "operator"), rng))
        case _ if not town.patients:
            return
        case "patient":
            await patient(Seat(town, calls, User(rng.choice(town.patients).patient_id, "patient"), rng))
        case "caregiver":
            await _caregiver(town, calls, rng)
        case "stranger":
            await _stranger(town, calls, rng)
        case who if who in REACH:
            await be_reached(town, calls, who, rng)
        case _:
            await be_together(town, calls, step.who, rng)


async def _caregiver(town: Town, calls: Calls, rng: Random) -> None:
    known = [(resident, id) for resident in town.patients for id in resident.caregivers]
    if not known:
        return
    resident, id = rng.choice(known)
    seat = Seat(town, calls, User(id, "caregiver"), rng)
    consented = town.consents(resident.patient_id, ConsentScope.CAREGIVER)
    shown = await seat.see("referrals", f"/caregivers/{id}/patients")
    if shown and not consented and not town.consents(resident.patient_id, ConsentScope.CAREGIVER):
        seat.blame("was shown a patient who does not agree to it")
    if shown and shown[0]["status"] == "invited":
        await _answer(seat, shown[0])
        return
    if shown and seat.rng.random() < 0.3:
        await _look(seat, resident.patient_id)
        return
    if shown and seat.rng.random() < 0.5:
        # Their trust may end while they press the button.
        answer = await seat.do("referrals", "/referrals", {"patient_id": resident.patient_id})
        seat.expect_done(answer, "begin a referral for somebody who trusts them", "draft-exists", "not-found")
        town.clinic.record.happened["begun by a caregiver"] += not isinstance(answer, No)
        return
    await read_messages(seat)


async def _answer(seat: Seat, asked: dict[str, Any]) -> None:
    """Say yes or no to whoever named them; meanwhile they may be named no longer."""
    path = f"/patients/{asked['patient_id']}/caregivers/{seat.user.id}/answer"
    body = {"accept": seat.rng.random() < 0.9, "email": seat.rng.random() < 0.7}
    answer = await seat.do("referrals", path, body, asked["version"])
    seat.expect_done(answer, "answer", "not-found", "caregiver-answer-closed", "caregiver-unknown")
    seat.town.clinic.record.happened["a caregiver answered"] += not isinstance(answer, No)


async def _look(seat: Seat, patient_id: str) -> None:
    """At what is shared; or leave. Their trust may end at that moment."""
    if seat.rng.random() < 0.1:
        await seat.do("referrals", f"/patients/{patient_id}/caregivers/{seat.user.id}/leave", {})
        return
    await seat.peek("referrals", f"/patients/{patient_id}/shared", caregiver_id=seat.user.id)


async def _stranger(town: Town, calls: Calls, rng: Random) -> None:
    """Real roles, other people's things."""
    resident = rng.choice(town.patients)
    record = town.clinic.record
    theirs = [(history[0]["subject"], history) for history in record.events.values() if history]
    owned = [subject for subject, history in theirs if history[0]["patient"] == resident.patient_id]
    other = next((one for one in town.patients if one is not resident), None)
    users = [User(other.patient_id if other else "patient-nobody", "patient"), User("caregiver-nobody", "caregiver")]
    users.append(User(next(name for name in REFERRERS if name != resident.referrer), "referrer"))
    seat = Seat(town, calls, rng.choice(users), rng)
    doors = [
        ("referrals", f"/patients/{resident.patient_id}"),
        ("notifications", f"/agendas/{resident.patient_id}/inbox"),
        ("notifications", f"/agendas/{resident.patient_id}/reach"),
    ]
    doors += [(service, f"/timeline/{resident.patient_id}") for service in SERVICES]
    doors += [("referrals", f"/ledger/{resident.patient_id}"), ("referrals", "/operations/held")]
    for subject in owned:
        kind = subject.partition("-")[0]
        if kind in ("referral", "episode", "series"):
            service = "referrals" if kind == "referral" else "interventions"
            doors.append((service, f"/{kind if kind == 'series' else kind + 's'}/{subject}"))
            if kind == "referral":
                doors.append((service, f"/referrals/{subject}/actions"))
        elif kind == "risk":
            doors.append(("interventions", f"/risk-alerts/{subject}"))
    for door in rng.sample(doors, min(4, len(doors))):
        await seat.peep(*door)
    harm = [("referrals", f"/patients/{resident.patient_id}/consents", {"scope": "email", "granted": False})]
    harm += [("referrals", f"/referrals/{id}/withdraw", {}) for id in owned if id.startswith("referral")]
    harm += [("interventions", f"/risk-alerts/{id}/acknowledge", {}) for id in owned if id.startswith("risk")]
    harm.append(("notifications", f"/agendas/{resident.patient_id}/reach", {"channels": ["email"]}))
    await seat.peep(*rng.choice(harm))


async def _operator(seat: Seat) -> None:
    """Look at what waits; rarely, erase somebody who asked for it."""
    record = seat.town.clinic.record
    for service in SERVICES:
        held = (await seat.see(service, "/operations/held"))["held"]
        await seat.see(service, "/operations/rejected")
        for one in held[:1]:
            record.happened["retried a held key"] += 1
            answer = await seat.do(service, f"/operations/held/{one['source']}/retry")
            seat.expect_done(answer, "retry a held key")
    if seat.town.patients and seat.rng.random() < 0.15:
        resident = seat.rng.choice(seat.town.patients)
        if resident.patient_id not in record.erasing:
            await _erase(seat, resident.patient_id)


async def _erase(seat: Seat, person: str) -> None:
    """Destroy the person's key, again and again until it is certain that it was."""
    clinic = seat.town.clinic
    clinic.record.erasing.add(person)
    while person not in clinic.record.erased_at:
        slot = seat.rng.choice(clinic.slots)
        if slot.running is not None and slot.process is not None:
            with suppress(Unavailable, Crash, asyncio.CancelledError):
                await slot.process.spawn(slot.running.vault.erase(person))
                clinic.record.erased_at[person] = now()
        await wait(1.0)
    clinic.record.happened["erased"] += 1
