"""What a patient does about a group: says yes or no, chooses a name, says that they cannot come, leaves."""

from typing import Any, get_args

from shared.contracts.interventions import InvitationReason
from tests.simulation.seat import Seat


async def take_part_in_a_group(seat: Seat) -> None:
    """One visit: every group that they were asked to. What only those with a seat read, nobody else is shown."""
    for row in await seat.see("interventions", "/memberships", patient_id=seat.user.id):
        page = await seat.see("interventions", f"/memberships/{row['id']}")
        inside = page["where"] is not None or page["facilitators"] or page["others"] or page["others_unnamed"]
        if page["status"] != "seat" and inside:
            seat.blame(f"is {page['status']} in a group, and reads what only those with a seat read")
        if "answer" in page["can"]:
            await _answer(seat, page)
        elif page["can"]:
            await _go_on(seat, page)


async def _answer(seat: Seat, page: dict[str, Any]) -> None:
    body: dict[str, Any] = {"accept": seat.rng.random() < 0.85}
    if not body["accept"]:
        body["reason_code"] = seat.rng.choice(get_args(InvitationReason))
    elif seat.rng.random() < 0.05:
        # Without having agreed to the rules: refused.
        answer = await seat.do("interventions", f"/memberships/{page['id']}/answer", body, page["version"])
        if isinstance(answer, dict):
            seat.blame("joined a group without its rules")
        return
    else:
        body |= {"rules_version": page["rules"]["version"], "name": _name(seat)}
    answer = await seat.do("interventions", f"/memberships/{page['id']}/answer", body, page["version"])
    seat.expect_done(answer, "answer an invitation to a group", "invitation-closed")


async def _go_on(seat: Seat, page: dict[str, Any]) -> None:
    path, task = f"/memberships/{page['id']}", seat.rng.random()
    if task < 0.12:
        answer = await seat.do("interventions", f"{path}/leave", {}, page["version"])
        seat.expect_done(answer, "leave a group", "not-in-the-group")
    elif task < 0.25:
        answer = await seat.do("interventions", f"{path}/name", {"name": _name(seat)}, page["version"])
        seat.expect_done(answer, "be shown otherwise in a group", "not-in-the-group")
    elif task < 0.55 and "absence" in page["can"]:
        to_come = [one["number"] for one in page["sessions"] if not one["begun"] and not one["told"]]
        if to_come:
            answer = await seat.do("interventions", f"{path}/absence", {"number": to_come[0]}, page["version"])
            seat.expect_done(answer, "say that they cannot come", "not-in-the-group", "session-begun")
    else:
        await seat.see("interventions", f"/memberships/{page['id']}")


def _name(seat: Seat) -> str | None:
    """As they like: a name of their own, or none."""
    return seat.rng.choice((None, "Robin", f"R. {seat.rng.randint(1, 9)}"))
