"""What a pain clinician does: registers, refers, answers, reads how it ended; and how anybody acts on a referral."""

from datetime import timedelta
from typing import Any, get_args

from shared.contracts.referrals import ConsentScope, DeclineReason, Priority, UndecidedReason
from tests.simulation.loop import START
from tests.simulation.seat import No, Seat
from tests.simulation.town import Resident


async def referrer(seat: Seat) -> None:
    """One visit."""
    mine = [one for one in seat.town.residents if one.referrer == seat.user.id]
    unknown = [one for one in mine if not one.patient_id]
    if unknown and seat.rng.random() < 0.6:
        await _register(seat, unknown[0])
        return
    rows = (await seat.see("referrals", "/referrals", list="mine"))["rows"]
    if mine and (not rows or seat.rng.random() < 0.25):
        await _begin(seat, seat.rng.choice(mine))
        return
    if rows:
        waiting = [row for row in rows if row["status"] in ("outcome_sent", "information_requested")]
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


async def _begin(seat: Seat, resident: Resident) -> None:
    if not resident.patient_id:
        return
    answer = await seat.do("referrals", "/referrals", {"patient_id": resident.patient_id})
    seat.expect_done(answer, "begin a referral")
    if not isinstance(answer, No) and seat.rng.random() < 0.8:
        await act_on_referral(seat, answer["id"])


_OFTEN = {"accept": 8, "agree": 4, "undecided": 2, "ask": 3}


async def act_on_referral(seat: Seat, referral_id: str) -> None:
    """Look, see what may be done, and do it; sometimes what may not be done."""
    view = await look_at_referral(seat, referral_id)
    offered = await seat.see("referrals", f"/referrals/{referral_id}/actions")
    allowed = [one["action"] for one in offered if one["allowed"]]
    if view["status"] in ("accepted", "undecided") and "agree" not in allowed:
        again = await look_at_referral(seat, referral_id)
        if again["version"] == view["version"]:
            seat.blame("may not agree to what waits for an answer")
    if "withdraw" in allowed and seat.rng.random() < 0.95:
        allowed.remove("withdraw")
    barred = [one for one in offered if not one["allowed"]]
    if allowed and seat.rng.random() < 0.93:
        action = seat.rng.choices(allowed, [_OFTEN.get(one, 1) for one in allowed])[0]
        path = f"/referrals/{referral_id}/{action}"
        before = _Standing(seat, view["patient_id"])
        answer = await seat.do("referrals", path, _body(seat, action), view["version"])
        seat.expect_done(answer, f"{action}, though it was offered", "already-open", "consent-missing")
        if action == "submit":
            before.compare(seat, answer)
    elif barred:
        one = seat.rng.choice(barred)
        path = f"/referrals/{referral_id}/{one['action']}"
        answer = await seat.do("referrals", path, _body(seat, one["action"]), view["version"])
        seat.town.clinic.record.happened["tried what is barred"] += 1
        if not isinstance(answer, No) and one["why_not"] != "consent-missing":
            seat.blame(f"was told that {one['action']} is barred ({one['why_not']}), and it was done")


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
    if view["summary"] is not None and seat.user.role == "referrer" and not shared:
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


def _body(seat: Seat, action: str) -> dict[str, Any]:
    rng = seat.rng
    now = seat.town.clinic.loop.time()
    match action:
        case "submit":
            peg = {str(item): rng.randint(0, 10) for item in range(1, 4)}
            phq = {str(item): rng.randint(0, 3) for item in range(1, 5)}
            urgency = rng.choice([priority.value for priority in Priority])
            answers = {"PEG": peg, "PHQ-4": phq}
            return {"reason": "Pain for years.", "goal": "To dance.", "priority": urgency, "answers": answers}
        case "ask":
            return {"question": "Since when?"}
        case "answer":
            return {"answer": "For nine years."}
        case "accept":
            return {"rationale": "Fits the programme.", "step": rng.randint(1, 4)}
        case "return":
            return {"rationale": "Please try the pain school first."}
        case "decline":
            return {"rationale": "Not for us.", "reason_code": rng.choice(get_args(DeclineReason))}
        case "undecided":
            body = {"reason_code": rng.choice(get_args(UndecidedReason)), "note": "Let me think."}
            if rng.random() < 0.5:
                later = START + timedelta(seconds=round(now) + rng.randint(7200, 864_000))
                body["ask_again_at"] = later.isoformat()
            return body
        case _:
            return {}
