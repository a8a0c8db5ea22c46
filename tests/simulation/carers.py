"""What a caregiver does for themselves, what they see of a patient, and what the team answers."""

from typing import Any, get_args

from services.interventions.domain.caregiver_check.commands import CHECK_ANSWERS, CHECK_QUESTIONS
from services.portal.calls import Calls
from shared.contracts.interventions.caregiver import SupportKind
from shared.contracts.referrals import CaregiverAccepted
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import User
from tests.simulation.opened import opened_to
from tests.simulation.seat import Seat
from tests.simulation.town import Resident

_WORDS = ("She sleeps badly.", "He does not eat.", "She said that there is no reason to live.")
"""One of them is read at once."""
_SCOPES = {"referrals": ("news", "appointments", "plan"), "interventions": ("progress", "scores")}
"""What may be opened, and who shows it under that name."""


async def care(seat: Seat, resident: Resident) -> None:
    """One visit of somebody whom `resident` trusts."""
    await look_at_what_is_open(seat, resident.patient_id)
    if derived_id("carer-course", seat.user.id) not in seat.town.clinic.record.events:
        return
    task = seat.rng.random()
    if task < 0.4:
        await _read_the_course(seat)
    elif task < 0.65:
        await _say_how_they_are(seat)
    elif task < 0.8:
        words = seat.rng.choice((None, "I am worn out."))
        body = {"kind": seat.rng.choice(get_args(SupportKind)), "words": words}
        seat.expect_done(await seat.do("interventions", f"/caregivers/{seat.user.id}/support", body), "ask for support")
    else:
        await _tell_the_team(seat, resident)


async def look_at_what_is_open(seat: Seat, patient_id: str) -> None:
    """Only what stood open when the page was asked for, or when it came."""
    for service, fields in _SCOPES.items():
        before = opened_to(seat.town, patient_id, seat.user.id)
        page = await seat.peek(service, f"/patients/{patient_id}/shared", caregiver_id=seat.user.id)
        after = opened_to(seat.town, patient_id, seat.user.id)
        if page is not None and before is None and after is None:
            seat.blame(f"looked at {patient_id}, who does not agree to it")
        for field in fields if page else ():
            if page.get(field) is not None and field not in (before or set()) | (after or set()):
                seat.blame(f"was shown the {field} of {patient_id}, which is closed")
            seat.town.clinic.record.happened["a caregiver read what is open"] += page.get(field) is not None


async def _read_the_course(seat: Seat) -> None:
    """Some pages of the part where they stopped."""
    path = f"/caregivers/{seat.user.id}/course"
    for _ in range(seat.rng.randint(2, 9)):
        course = await seat.see("interventions", path)
        part = next((one for one in course["parts"] if one["id"] == course["next"]), None)
        if part is None:
            seat.town.clinic.record.happened["a caregiver finished the course"] += 1
            return
        page = f"{path}/{part['id']}/{part['next_page']}"
        await seat.see("interventions", page)
        seat.expect_done(await seat.do("interventions", page, {}, course["version"]), "read a page")


async def _say_how_they_are(seat: Seat) -> None:
    path = f"/caregivers/{seat.user.id}/check"
    check = await seat.see("interventions", path)
    answers = {one: seat.rng.choice(CHECK_ANSWERS) for one in CHECK_QUESTIONS if seat.rng.random() < 0.9}
    body = {"answers": answers, "safe": seat.rng.choice(("yes", "yes", "yes", "not_sure", "no"))}
    seat.expect_done(await seat.do("interventions", path, body, check["version"]), "say how they are")


async def _tell_the_team(seat: Seat, resident: Resident) -> None:
    body = {"about_id": resident.patient_id, "text": seat.rng.choice(_WORDS), "may_tell": seat.rng.random() < 0.5}
    answer = await seat.do("interventions", f"/caregivers/{seat.user.id}/words", body)
    # Whoever they write about may trust them no longer, or may never have agreed that anybody is told.
    seat.expect_done(answer, "tell the team something", "person-unknown")


def carer_of(calls: Calls, seat: Seat) -> tuple[Seat, Resident] | None:
    """Somebody who takes part, and who trusts them; those who never said yes have nothing of their own."""
    record = seat.town.clinic.record
    known = [(one, id) for one in seat.town.patients for id in one.caregivers]
    taking_part = {event.caregiver_id for _, event in record.of_type(CaregiverAccepted)}
    found = [(one, id) for one, id in known if id in taking_part] or known
    if not found:
        return None
    resident, id = seat.rng.choice(found)
    return Seat(seat.town, calls, User(id, "caregiver"), seat.rng), resident


async def answer_carers(seat: Seat) -> None:
    """What psychology does for them: takes requests, answers and closes them, and reads words."""
    for row in (await seat.see("interventions", "/caregiver-support"))[:3]:
        await _answer(seat, row)
    for row in (await seat.see("interventions", "/caregiver-words"))[:3]:
        action, body = seat.rng.choice((("read", {}), ("read", {}), ("reply", {"text": "Thank you. We will look."})))
        answer = await seat.do("interventions", f"/caregiver-words/{row['id']}/{action}", body)
        seat.expect_done(answer, f"{action} a word", "word-replied")


async def _answer(seat: Seat, row: dict[str, Any]) -> None:
    path = f"/caregiver-support/{row['id']}"
    await seat.see("interventions", f"/caregiver-people/{row['caregiver_id']}")
    races = ("support-answered", "support-closed", "support-not-taken")
    match row["status"]:
        case "open" | "taken" if seat.rng.random() < 0.5:
            answer = await seat.do("interventions", f"{path}/take", {}, row["version"])
        case "taken":
            body = {"kind": seat.rng.choice(get_args(SupportKind)), "words": "We call tomorrow."}
            answer = await seat.do("interventions", f"{path}/answer", body, row["version"])
        case "answered":
            answer = await seat.do("interventions", f"{path}/close", {}, row["version"])
        case _:
            return
    seat.expect_done(answer, "go on with a request", *races)
