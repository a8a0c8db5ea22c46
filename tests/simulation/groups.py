"""What whoever leads groups does: forms one from the list, invites, moves it, and says who was there."""

from typing import Any, get_args

from shared.contracts.interventions import GroupEnd
from shared.contracts.referrals import MissedReason
from tests.simulation.bodies import later
from tests.simulation.seat import Answer, Seat
from tests.simulation.town import TEAM

LIST = "place-groups"
"""The place that starts `with_a_group`."""
_PROGRAMME = "cbt-pain"
_OPEN = ("invited", "accepted", "seat", "reserve")
_RACES = ("group-closed", "group-running", "group-empty", "facilitators-invalid", "session-held")
_MISSED_UNTOLD = 0.25


async def lead_groups(seat: Seat) -> None:
    """One visit: every group that takes place, and a new one where there are too few."""
    rows = await seat.see("interventions", "/groups")
    if (not rows or (len(rows) < 2 and seat.rng.random() < 0.3)) and await in_treatment(seat):
        await _form(seat)
        rows = await seat.see("interventions", "/groups")
    for row in rows[:3]:
        await _go_on(seat, row["id"])
    past = await seat.see("interventions", "/groups", list="past")
    if past and seat.rng.random() < 0.2:
        page = await seat.see("interventions", f"/groups/{seat.rng.choice(past)['id']}")
        held = [one["number"] for one in page["sessions"] if one["held"]]
        if held and page["status"] == "finished":
            await _take_attendance(seat, page, seat.rng.choice(held))


async def in_treatment(seat: Seat) -> list[dict[str, Any]]:
    """Treatments that go on, or wait for a beginning."""
    active = await seat.see("interventions", "/episodes", list="active")
    return [*active, *await seat.see("interventions", "/episodes", list="planned")]


async def _form(seat: Seat) -> None:
    body = {
        "programme_id": _PROGRAMME,
        "language": seat.rng.choice(("en", "en", "es")),
        "mode": "video",
        "where": "https://video.example/blue-room",
        "facilitators": seat.rng.sample(TEAM, 2),
        "first_at": later(seat.rng, seat, (80, 200)),
        "minutes": 90,
        "every_days": seat.rng.choice((1, 2, 3)),
        "maximum": 2,
        "place_id": LIST,
    }
    seat.expect_done(await seat.do("interventions", "/groups", body), "form a group")


async def _go_on(seat: Seat, group_id: str) -> None:
    path = f"/groups/{group_id}"
    page = await seat.see("interventions", path)
    for number in page["attendance_due"]:
        if seat.rng.random() < 0.9:
            await _take_attendance(seat, page, number)
            page = await seat.see("interventions", path)
    if page["next_session_at"] is not None and page["status"] != "finished":
        await _invite(seat, page)
        await _change(seat, await seat.see("interventions", path))


async def _invite(seat: Seat, page: dict[str, Any]) -> None:
    """Those next on the list, then others whose treatment is the group's programme."""
    waiting = await seat.see("referrals", f"/places/{LIST}/candidates", language=page["language"])
    rows = [await seat.see("interventions", f"/referrals/{one['referral_id']}/episodes") for one in waiting]
    found = [one["id"] for row in rows for one in row if one["status"] in ("planned", "active")]
    found += [one["id"] for one in await in_treatment(seat) if seat.rng.random() < 0.6]
    asked = {one["episode_id"] for one in page["members"] if one["status"] in _OPEN}
    for episode_id in dict.fromkeys(found):
        if episode_id not in asked:
            answer = await seat.do("interventions", f"/groups/{page['id']}/invitations", {"episode_id": episode_id})
            races = ("programme-does-not-fit", "in-a-group", "joining-closed", "group-closed")
            seat.expect_done(answer, "invite to a group", *races)


async def _change(seat: Seat, page: dict[str, Any]) -> None:
    """Seldom: what is planned comes otherwise."""
    chance = {"cancel": 0.03, "postpone": 0.05, "replace": 0.12, "move": 0.1, "confirm": 0.1}
    if page["under_minimum"]:
        chance["cancel"] = 0.4
    likely = [one for one in page["can"] if seat.rng.random() < chance[one]]
    if not likely:
        return
    action = seat.rng.choice(likely)
    answer = await _CHANGES[action](seat, page, f"/groups/{page['id']}")
    seat.expect_done(answer, f"{action} a group, though it was offered", *_RACES)


async def _cancel(seat: Seat, page: dict[str, Any], path: str) -> Answer:
    body = {"reason_code": seat.rng.choice(get_args(GroupEnd))}
    return await seat.do("interventions", f"{path}/cancel", body, page["version"])


async def _postpone(seat: Seat, page: dict[str, Any], path: str) -> Answer:
    return await seat.do("interventions", f"{path}/postpone", {"days": seat.rng.randint(1, 6)}, page["version"])


async def _replace(seat: Seat, page: dict[str, Any], path: str) -> Answer:
    comes = next(one for one in TEAM if one not in page["facilitators"])
    to_come = [one["number"] for one in page["sessions"] if not one["held"] and comes not in one["facilitators"]]
    body = {"leaves": seat.rng.choice(page["facilitators"]), "comes": comes, "number": None}
    if to_come and seat.rng.random() < 0.5:
        session = next(one for one in page["sessions"] if one["number"] == to_come[0])
        body |= {"leaves": seat.rng.choice(session["facilitators"]), "number": to_come[0]}
    return await seat.do("interventions", f"{path}/facilitators", body, page["version"])


async def _move(seat: Seat, page: dict[str, Any], path: str) -> Answer:
    """The last one, which has nothing after it."""
    last = page["sessions"][-1]
    body = {"minutes": 60, "where": f"Room {seat.rng.randint(1, 9)}"}
    return await seat.do("interventions", f"{path}/sessions/{last['number']}/move", body, page["version"])


async def _confirm(seat: Seat, page: dict[str, Any], path: str) -> Answer:
    return await seat.do("interventions", f"{path}/confirm", {}, page["version"])


_CHANGES = {"cancel": _cancel, "postpone": _postpone, "replace": _replace, "move": _move, "confirm": _confirm}


async def _take_attendance(seat: Seat, page: dict[str, Any], number: int) -> None:
    """Everybody with a seat then, present or not. Said again of a session, it is a correction."""
    there, away = list[str](), list[dict[str, Any]]()
    for one in page["members"]:
        if one["status"] != "seat" and page["status"] != "finished":
            continue
        if one["since"] > number or (page["status"] == "finished" and one["membership_id"] not in _named(page, number)):
            continue
        if seat.rng.random() < _MISSED_UNTOLD or number in one["absent_told"]:
            reason = seat.rng.choice(get_args(MissedReason))
            told = number in one["absent_told"]
            away.append({"membership_id": one["membership_id"], "reason_code": reason, "told": told})
        else:
            there.append(one["membership_id"])
    path = f"/groups/{page['id']}/sessions/{number}/attendance"
    answer = await seat.do("interventions", path, {"present": there, "absent": away}, page["version"])
    races = ("attendance-incomplete",) if page["status"] == "finished" else ()
    seat.expect_done(answer, "say who was there", "group-closed", "session-to-come", *races)


def _named(page: dict[str, Any], number: int) -> set[str]:
    """Of whom something was said before."""
    session = next(one for one in page["sessions"] if one["number"] == number)
    return {*session["present"], *(one["membership_id"] for one in session["absent"])}
