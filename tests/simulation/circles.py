"""What psychology does for circles: begins one, invites, names a leader, looks at posts, plans meetings."""

from datetime import datetime, timedelta
from typing import Any, get_args

from shared.contracts.interventions.circle import CircleEnd
from shared.contracts.interventions.circle_post import PostRemoval
from shared.runtime.aggregate import derived_id
from tests.simulation.bodies import later
from tests.simulation.groups import in_treatment
from tests.simulation.loop import START
from tests.simulation.seat import Seat

_AGENDA, _TOPICS = "first-circle", ("welcome", "pacing", "flare-ups", "sleep")
_RACES = ("circle-closed", "circle-member-unknown")


async def run_circles(seat: Seat) -> None:
    """One visit: posts first, then each circle, and a new one where there is none."""
    await _look_at_posts(seat)
    rows = [one for one in await seat.see("interventions", "/circles") if one["status"] == "open"]
    if not rows and await in_treatment(seat):
        await _start(seat)
        rows = [one for one in await seat.see("interventions", "/circles") if one["status"] == "open"]
    for row in rows[:2]:
        await _go_on(seat, await seat.see("interventions", f"/circles/{row['id']}"))
    for leader in await seat.see("interventions", "/peer-leaders"):
        await _supervise(seat, leader)


async def _look_at_posts(seat: Seat) -> None:
    for post in (await seat.see("interventions", "/circle-posts", list="to_check"))[:3]:
        if seat.rng.random() < 0.2:
            continue
        body: dict[str, Any] = {"show": seat.rng.random() < 0.7}
        if not body["show"]:
            body["reason_code"] = seat.rng.choice(get_args(PostRemoval))
        answer = await seat.do("interventions", f"/circle-posts/{post['id']}/check", body, post["version"])
        seat.expect_done(answer, "look at a post", "post-gone")


async def _start(seat: Seat) -> None:
    past = await seat.see("interventions", "/groups", list="past")
    finished = [one["id"] for one in past if one["status"] == "finished"]
    body = {
        "name": "Thursday circle",
        "language": "en",
        "mode": "video",
        "where": "https://video.example/circle",
        "agenda_id": _AGENDA,
        "coordinator_id": seat.rng.choice(seat.town.clinic.settings.clinic.coordinators),
        "from_group_id": finished[0] if finished else None,
    }
    seat.expect_done(await seat.do("interventions", "/circles", body), "start a circle")


async def _go_on(seat: Seat, page: dict[str, Any]) -> None:
    path = f"/circles/{page['id']}"
    await _invite(seat, page, path)
    joined = [one for one in page["members"] if one["status"] == "joined"]
    await _say_who_was_there(seat, page, path)
    if joined and page["leader"] is None and seat.rng.random() < 0.5:
        await _name_a_leader(seat, path, seat.rng.choice(joined))
    elif joined and seat.rng.random() < 0.3:
        body = {"kind": "phone", "reached": seat.rng.random() < 0.5, "minutes": 5, "note": "A kind word."}
        chosen = seat.rng.choice(joined)
        answer = await seat.do("interventions", f"/circle-members/{chosen['id']}/contacts", body, chosen["version"])
        seat.expect_done(answer, "write down a contact", "circle-not-joined")
    elif seat.rng.random() < 0.02:
        body = {"reason_code": seat.rng.choice(get_args(CircleEnd))}
        seat.expect_done(await seat.do("interventions", f"{path}/close", body), "close a circle", "circle-closed")


async def _invite(seat: Seat, page: dict[str, Any], path: str) -> None:
    """Those who have finished, and some who are still in treatment."""
    rows = await seat.see("interventions", "/episodes", list="finished")
    rows += [one for one in await in_treatment(seat) if seat.rng.random() < 0.6]
    known = {one["patient_id"] for one in page["members"] if one["status"] in ("invited", "joined")}
    for row in rows:
        if row["patient_id"] not in known:
            answer = await seat.do("interventions", f"{path}/invitations", {"episode_id": row["id"]})
            seat.expect_done(answer, "invite to a circle", "circle-full", "circle-invited-already", "circle-closed")
            known.add(row["patient_id"])


async def _name_a_leader(seat: Seat, path: str, member: dict[str, Any]) -> None:
    if not member["trained"]:
        body = {
            "patient_id": member["patient_id"],
            "trained_on": (START + timedelta(seconds=seat.town.clinic.loop.time())).date().isoformat(),
            "supervisor_id": seat.user.id,
        }
        known = derived_id("peer-leader", member["patient_id"]) in seat.town.clinic.record.events
        answer = await seat.do("interventions", "/peer-leaders", body, None if known else 0)
        seat.expect_done(answer, "train a peer leader", "training-invalid")
    answer = await seat.do("interventions", f"{path}/leader", {"member_id": member["id"]})
    seat.expect_done(answer, "name a leader", "leader-not-trained", *_RACES)


async def _say_who_was_there(seat: Seat, page: dict[str, Any], path: str) -> None:
    """Of the last meeting, or nobody says it; then the next is planned."""
    now = START + timedelta(seconds=seat.town.clinic.loop.time())
    open_ones = [one for one in page["meetings"] if not one["held"]]
    for meeting in open_ones:
        if datetime.fromisoformat(meeting["at"]) < now - timedelta(hours=2) and seat.rng.random() < 0.7:
            here = [one["id"] for one in page["members"] if one["status"] == "joined" and seat.rng.random() < 0.7]
            answer = await seat.do("interventions", f"{path}/meetings/{meeting['number']}/held", {"present": here})
            seat.expect_done(answer, "say that a meeting took place", "meeting-to-come", *_RACES)
    if len(open_ones) < 2 and seat.rng.random() < 0.4:
        body = {"at": later(seat.rng, seat, (20, 120)), "minutes": 60, "topic": seat.rng.choice(_TOPICS)}
        seat.expect_done(await seat.do("interventions", f"{path}/meetings", body), "plan a meeting", *_RACES)
    elif open_ones and seat.rng.random() < 0.1:
        body = {"at": later(seat.rng, seat, (20, 120)), "minutes": 45, "where": "Room 4"}
        answer = await seat.do("interventions", f"{path}/meetings/{open_ones[-1]['number']}/move", body)
        seat.expect_done(answer, "move a meeting", "meeting-held", *_RACES)


async def _supervise(seat: Seat, leader: dict[str, Any]) -> None:
    if leader["status"] == "trained" and leader["due"] and seat.rng.random() < 0.5:
        body = {"minutes": 20, "note": "It goes well."}
        answer = await seat.do("interventions", f"/peer-leaders/{leader['id']}/supervision", body, leader["version"])
        seat.expect_done(answer, "write down a talk with a leader", "leader-stood-down")
