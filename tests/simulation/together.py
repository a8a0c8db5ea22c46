"""What disciplines do together: questions to psychology, the plan that they share with the patient, and its seats."""

from datetime import timedelta
from typing import Any, get_args

from shared.contracts import referrals as r
from tests.simulation.bodies import PLACES, later
from tests.simulation.loop import START
from tests.simulation.seat import No, Seat
from tests.simulation.town import Resident


async def ask_psychology(seat: Seat, resident: Resident) -> None:
    """A question before, or without, a referral."""
    body = {
        "patient_id": resident.patient_id,
        "question": "How do I bring it up?",
        "topic": seat.rng.choice(get_args(r.AdviceTopic)),
        "may_convert": seat.rng.random() < 0.7,
    }
    seat.expect_done(await seat.do("referrals", "/advice", body), "ask psychology")


async def go_on_with_advice(seat: Seat) -> None:
    """Look at one open question, and do what may be done."""
    rows = await seat.see("referrals", "/advice", list="open")
    if not rows:
        return
    path = f"/advice/{seat.rng.choice(rows)['id']}"
    view = await seat.see("referrals", path)
    offered = [one["action"] for one in await seat.see("referrals", f"{path}/actions") if one["allowed"]]
    if "close" in offered and seat.rng.random() < 0.7:
        offered.remove("close")
    if not offered:
        return
    action = seat.rng.choice(offered)
    answer = await seat.do("referrals", f"{path}/{action}", _advice_body(seat, action, view), view["version"])
    seat.expect_done(answer, f"{action} a question, though it was offered", "consent-missing")


def _advice_body(seat: Seat, action: str, view: dict[str, Any]) -> dict[str, Any]:
    match action:
        case "answer":
            return {"answer": "Begin with sleep.", "suggests_referral": seat.rng.random() < 0.5}
        case "ask_back":
            return {"question": "Have they had support before?"}
        case "explain":
            return {"explanation": "Never."}
        case "close":
            return {"reason_code": seat.rng.choice(view["close_reasons"])}
        case _:
            return {}


async def share_a_plan(seat: Seat, patient_id: str) -> None:
    """Read the plan of one person, and add to it or go on with it."""
    path = f"/patients/{patient_id}/care-plan"
    plan = await seat.see("referrals", path)
    clinician = seat.user.role != "patient"
    if plan["discussions"] and not clinician:
        seat.blame("was shown what clinicians discuss among themselves")
    steps = [_goal, _goal_on, _activity_on]
    if clinician:
        steps += [_activity, _discussion, _discussion_on, _discussion_on]
    found = seat.rng.choice(steps)(seat, plan)
    if found is None:
        return
    below, body = found
    answer = await seat.do("referrals", f"{path}/{below}", body, plan["version"])
    full = ("goals-full", "activities-full", "discussions-full", "referral-unknown")
    seat.expect_done(answer, f"go on with a plan ({below.partition('/')[0]})", *full)
    if not isinstance(answer, No):
        seat.town.clinic.record.happened["shared a plan"] += 1


Found = tuple[str, dict[str, Any]] | None


def _goal(seat: Seat, plan: dict[str, Any]) -> Found:
    return "goals", {"goal": "To dance at the wedding."}


def _goal_on(seat: Seat, plan: dict[str, Any]) -> Found:
    mine = [one for one in plan["goals"] if one["may_change"]]
    if not mine:
        return None
    status = seat.rng.choice(("on_hold", "achieved", "cancelled"))
    return f"goals/{seat.rng.choice(mine)['goal_id']}", {"status": status, "note": "As agreed."}


def _activity(seat: Seat, plan: dict[str, Any]) -> Found:
    performer = seat.rng.choice(("pain", "psychology", "patient"))
    return "activities", {"activity": "Walk ten minutes.", "performer": performer, "due": _day(seat)}


def _activity_on(seat: Seat, plan: dict[str, Any]) -> Found:
    mine = [one for one in plan["activities"] if one["may_end"]]
    if not mine:
        return None
    return f"activities/{seat.rng.choice(mine)['activity_id']}/end", {"status": "completed"}


def _discussion(seat: Seat, plan: dict[str, Any]) -> Found:
    return "discussions", {"question": "Is it time to lower the dose?", "wanted_by": _day(seat)}


def _discussion_on(seat: Seat, plan: dict[str, Any]) -> Found:
    possible = [(one, action) for one in plan["discussions"] for action in one["actions"]]
    if not possible:
        return None
    one, action = seat.rng.choice(possible)
    bodies = {"schedule": {"meet_at": later(seat.rng, seat, (4, 200))}, "answer": {"answer": "In a month."}}
    return f"discussions/{one['discussion_id']}/{action}", bodies.get(action, {})


def _day(seat: Seat) -> str:
    moment = START + timedelta(seconds=seat.town.clinic.loop.time(), days=seat.rng.randint(1, 14))
    return moment.date().isoformat()


async def change_seats(seat: Seat) -> None:
    """Look who waits, and say how many seats there are: mostly one or two, at times none."""
    place_id = seat.rng.choice(PLACES)
    view = await seat.see("referrals", f"/places/{place_id}")
    body = {"seats": seat.rng.choice((0, 1, 1, 2))}
    answer = await seat.do("referrals", f"/places/{place_id}/seats", body, view["version"])
    seat.expect_done(answer, "change the seats of a place")
