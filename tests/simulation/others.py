"""Caregivers, operators, and people who look where they should not."""

from random import Random

from services.portal.calls import Calls
from shared.contracts.referrals import ConsentScope
from shared.runtime.auth import User
from tests.simulation.broker import now
from tests.simulation.plan import Step
from tests.simulation.referrer import referrer
from tests.simulation.seat import Seat
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
    await read_messages(seat)


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
    ]
    doors.append(("referrals", f"/timeline/{resident.patient_id}"))
    for subject in owned:
        kind = subject.partition("-")[0]
        if kind in ("referral", "episode", "series"):
            service = "referrals" if kind == "referral" else "interventions"
            doors.append((service, f"/{kind if kind == 'series' else kind + 's'}/{subject}"))
            if kind == "referral":
                doors.append((service, f"/referrals/{subject}/actions"))
        elif kind == "risk":
            doors.append(("interventions", f"/risk-alerts/{subject}"))
    await seat.peep(*rng.choice(doors))
    harm = [("referrals", f"/patients/{resident.patient_id}/consents", {"scope": "email", "granted": False})]
    harm += [("referrals", f"/referrals/{id}/withdraw", {}) for id in owned if id.startswith("referral")]
    harm += [("interventions", f"/risk-alerts/{id}/acknowledge", {}) for id in owned if id.startswith("risk")]
    await seat.peep(*rng.choice(harm))


async def _operator(seat: Seat) -> None:
    """Look at what waits; rarely, erase somebody who asked for it."""
    record, clinic = seat.town.clinic.record, seat.town.clinic
    for service in ("referrals", "interventions", "notifications"):
        held = (await seat.see(service, "/operations/held"))["held"]
        await seat.see(service, "/operations/rejected")
        for one in held[:1]:
            record.happened["retried a held key"] += 1
            answer = await seat.do(service, f"/operations/held/{one['source']}/retry")
            seat.expect_done(answer, "retry a held key")
    if seat.town.patients and seat.rng.random() < 0.15:
        resident = seat.rng.choice(seat.town.patients)
        services = [slot.running for slot in clinic.slots if slot.running]
        if services and resident.patient_id not in record.erased_at:
            # Their place in the vault is gone once this has returned.
            slot = next(slot for slot in clinic.slots if slot.running is services[0])
            assert slot.process is not None
            record.erasing.add(resident.patient_id)
            await slot.process.spawn(services[0].vault.erase(resident.patient_id))
            record.erased_at[resident.patient_id] = now()
            record.happened["erased"] += 1
