"""What a pain clinician does: registers, refers, answers, reads how it ended; and how anybody acts on a referral."""

from typing import Any

from shared.contracts.referrals import ConsentScope
from tests.simulation.bodies import body
from tests.simulation.seat import No, Seat
from tests.simulation.together import ask_psychology, go_on_with_advice, go_on_with_discussions, share_a_plan
from tests.simulation.town import Resident


async def referrer(seat: Seat) -> None:
    """One visit."""
    mine = [one for one in seat.town.residents if one.referrer == seat.user.id]
    unknown = [one for one in mine if not one.patient_id]
    if unknown and seat.rng.random() < 0.6:
        await _register(seat, unknown[0])
        return
    known = [one for one in mine if one.patient_id]
    if known and seat.rng.random() < 0.1:
        await _beside_referrals(seat, seat.rng.choice(known))
        return
    rows = (await seat.see("referrals", "/referrals", list="mine"))["rows"]
    if mine and (not rows or seat.rng.random() < 0.25):
        await begin(seat, seat.rng.choice(mine))
        return
    if rows:
        waiting = [row for row in rows if row["status"] in _ASKS_SOMETHING]
        chosen = seat.rng.choice(waiting if waiting and seat.rng.random() < 0.6 else rows)
        await act_on_referral(seat, chosen["id"])
        if seat.rng.random() < 0.3:
            await look_back(seat)


async def _register(seat: Seat, resident: Resident) -> None:
    scopes = [scope.value for scope in ConsentScope if seat.rng.random() < 0.8]
    body = {
        "name": f"Wilma {resident.marker}",
        "email": resident.email,
        "birth_date": "1971-05-17",
        "language": resident.language,
        "time_zone": resident.zone,
        "consents": scopes,
    }
    answer = await seat.do("referrals", "/patients", body)
    seat.expect_done(answer, "register a patient")
    if not isinstance(answer, No):
        seat.town.register(resident, answer["id"])


async def _beside_referrals(seat: Seat, resident: Resident) -> None:
    task = seat.rng.random()
    if task < 0.3:
        await ask_psychology(seat, resident)
    elif task < 0.6:
        await go_on_with_advice(seat)
    elif task < 0.75:
        await go_on_with_discussions(seat)
    else:
        await share_a_plan(seat, resident.patient_id)


async def begin(seat: Seat, resident: Resident) -> None:
    """Begin a referral, and mostly send it at once. A caregiver may begin one that they may not send."""
    if not resident.patient_id:
        return
    asked: dict[str, Any] = {"patient_id": resident.patient_id}
    if seat.rng.random() < 0.15:
        asked["kind"] = "assessment"
    if seat.rng.random() < 0.1:
        asked["pathway"] = "pain-trauma"
    answer = await seat.do("referrals", "/referrals", asked)
    seat.expect_done(answer, "begin a referral", "already-open")
    if not isinstance(answer, No) and seat.user.role != "caregiver" and seat.rng.random() < 0.8:
        await act_on_referral(seat, answer["id"])


_ASKS_SOMETHING = ("outcome_sent", "information_requested", "draft")
_OFTEN: dict[str, float] = {
    "submit": 8,
    "accept": 8,
    "agree": 6,
    "missed": 4,
    "decline_offer": 1.5,
    "ask": 3,
    "answer": 4,
    "take_offer": 5,
    "schedule": 4,
    "attended": 8,
    "rescreen": 5,
    "send_findings": 3,
    "confirm_cancellation": 4,
    "turn_down_cancellation": 1,
    "acknowledge": 4,
    "return": 0.5,
    "resume": 3,
}
_SELDOM = {
    "withdraw": 0.03,
    "enter_in_error": 0.02,
    "request_cancellation": 0.1,
    "decline": 0.2,
    "redirect": 0.35,
    "undecided": 0.3,
    "not_now": 0.2,
    "attach": 0.2,
    "note_progress": 0.15,
    "cancel_appointment": 0.3,
}
"""How often somebody thinks of it at all. What ends a referral ends all that might still have happened to it."""
_RACES = ("already-open", "consent-missing", "clinician-missing", "offer-lapsed", "place-unknown", "departure-missing")
"""What nobody could know when they pressed the button."""
_PASSES = ("consent-missing", "appointment-not-due", "attachment-missing", "rescreen-not-due")
"""What stands against something, and may be over a moment later."""


async def act_on_referral(seat: Seat, referral_id: str) -> None:
    """Look, see what may be done, and do it; sometimes what may not be done."""
    view = await look_at_referral(seat, referral_id)
    offered = await seat.see("referrals", f"/referrals/{referral_id}/actions")
    possible = [one["action"] for one in offered if one["allowed"]]
    allowed = [one for one in possible if seat.rng.random() < _SELDOM.get(one, 1.0)]
    if view["status"] in ("accepted", "undecided", "not_now") and "agree" not in possible:
        again = await look_at_referral(seat, referral_id)
        if again["version"] == view["version"] and seat.user.role != "caregiver":
            seat.blame("may not agree to what waits for an answer")
    barred = [one for one in offered if not one["allowed"]]
    if allowed and seat.rng.random() < 0.93:
        action = seat.rng.choices(allowed, [_OFTEN.get(one, 1) for one in allowed])[0]
        before = _Standing(seat, view["patient_id"])
        answer = await seat.do("referrals", _path(referral_id, action), body(seat, action, view), view["version"])
        seat.expect_done(answer, f"{action}, though it was offered", *_RACES)
        if action == "submit":
            before.compare(seat, answer)
            seat.town.clinic.record.happened[f"asked by a {seat.user.role}"] += not isinstance(answer, No)
    elif barred:
        one = seat.rng.choice(barred)
        wanted = body(seat, one["action"], view)
        answer = await seat.do("referrals", _path(referral_id, one["action"]), wanted, view["version"])
        seat.town.clinic.record.happened["tried what is barred"] += 1
        if not isinstance(answer, No) and one["why_not"] not in _PASSES:
            seat.blame(f"was told that {one['action']} is barred ({one['why_not']}), and it was done")


def _path(referral_id: str, action: str) -> str:
    return f"/referrals/{referral_id}/{action.replace('_', '-')}"


class _Standing:
    """What stood for or against a referral when somebody pressed the button: it may have changed since."""

    def __init__(self, seat: Seat, patient_id: str) -> None:
        self._patient_id = patient_id
        self._consented = seat.town.consents(patient_id, ConsentScope.REFER)
        self._open = set(seat.town.clinic.rules["referrals"].open_of(patient_id))

    def compare(self, seat: Seat, answer: Any) -> None:
        """Blame an answer to a referral that fits neither what stood before nor what stands now."""
        now = _Standing(seat, self._patient_id)
        if isinstance(answer, No) and answer.code == "already-open" and not self._open | now._open:
            seat.blame("was told of another open referral, and there is none")
        if not isinstance(answer, No) and not self._consented and not now._consented:
            seat.blame("referred a person who does not agree to it")


async def look_at_referral(seat: Seat, referral_id: str) -> dict[str, Any]:
    """One referral. What the patient shares no more, the referrer does not read."""
    record, town = seat.town.clinic.record, seat.town
    patient_id = next((e["patient"] for e in record.events.get(referral_id, [])), "")
    shared_before = town.consents(patient_id, ConsentScope.SHARE_BACK)
    view: dict[str, Any] = await seat.see("referrals", f"/referrals/{referral_id}")
    shared = shared_before or town.consents(patient_id, ConsentScope.SHARE_BACK)
    told = view["summary"] or view["findings"]
    if told is not None and seat.user.role == "referrer" and not shared:
        seat.blame("read an outcome that the patient does not share")
    return view


async def look_back(seat: Seat) -> None:
    """Lists and histories."""
    for row in await seat.see("referrals", "/patients"):
        if seat.user.role == "referrer" and row["id"] not in _own(seat):
            seat.blame(f"was shown another's patient: {row['id']}")
        await seat.see("referrals", f"/timeline/{row['id']}")


def _own(seat: Seat) -> set[str]:
    record = seat.town.clinic.record
    known = {one.patient_id for one in seat.town.residents if one.referrer == seat.user.id}
    # Registered, but the answer is still on its way to the one who asked.
    new = {h[0]["subject"] for h in record.events.values() if h[0]["actor"] == seat.user.actor}
    return known | new
