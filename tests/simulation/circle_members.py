"""What a patient does in a circle: joins, writes, reports, mutes, sends a kind word, leads, leaves."""

from typing import Any, get_args

from shared.contracts.interventions.circle_member import NudgeWord
from shared.contracts.interventions.circle_post import PostRemoval, PostReport
from shared.runtime.aggregate import derived_id
from tests.simulation.reading import check_what_is_read
from tests.simulation.seat import Seat

_LINES = ("A slow walk today.", "Who has tips for long films?", "Some days I want to die.", "I slept well.")
"""Some of them call a clinician."""
_RACES = ("circle-closed", "circle-not-joined", "circle-member-unknown")


async def take_part_in_a_circle(seat: Seat) -> None:
    """One visit: every circle that they were asked to."""
    for row in await seat.see("interventions", "/circle-members", patient_id=seat.user.id):
        page = await check_what_is_read(seat, row["id"])
        if "accept" in page["can"]:
            await _answer(seat, page)
        elif page["status"] == "joined":
            for _ in range(seat.rng.randint(1, 3)):
                await _do_something(seat, await check_what_is_read(seat, row["id"]))


async def _answer(seat: Seat, page: dict[str, Any]) -> None:
    name = seat.rng.choice((None, "Robin", "R. 4"))
    body = {"accept": seat.rng.random() < 0.9, "rules_version": page["rules"]["version"], "name": name}
    answer = await seat.do("interventions", f"/circle-members/{page['id']}/answer", body, page["version"])
    seat.expect_done(answer, "answer an invitation to a circle", "circle-not-invited", "circle-closed")


async def _do_something(seat: Seat, page: dict[str, Any]) -> None:
    path = f"/circle-members/{page['id']}"
    theirs = [one for one in page["posts"] if not one["mine"]]
    others = [one for one in page["members"] if not one["me"]]
    body: dict[str, Any]
    task = seat.rng.random()
    if page["to_check"] and seat.rng.random() < 0.5:
        await _look_as_leader(seat, page["to_check"][0])
    elif "write" in page["can"] and task < 0.45:
        body = {"kind": seat.rng.choice(("message", "message", "goal")), "text": seat.rng.choice(_LINES)}
        seat.expect_done(await seat.do("interventions", f"{path}/posts", body), "write to a circle", *_RACES)
    elif theirs and task < 0.6:
        await _meet_a_post(seat, seat.rng.choice(theirs))
    elif others and task < 0.7:
        body = {"to": seat.rng.choice(others)["id"], "word": seat.rng.choice(get_args(NudgeWord))}
        answer = await seat.do("interventions", f"{path}/nudges", body, page["version"])
        seat.expect_done(answer, "send a kind word", "nudge-too-soon", *_RACES)
    elif others and task < 0.76:
        one = seat.rng.choice(others)
        body = {"member_id": one["id"], "muted": not one["muted"]}
        seat.expect_done(await seat.do("interventions", f"{path}/mutes", body, page["version"]), "mute", *_RACES)
    elif task < 0.84:
        await _leave(seat, page, path)
    elif others and "lead" in page["can"]:
        body = {"kind": "message", "reached": False, "minutes": 5, "note": "Wrote a few lines."}
        there = f"/circle-members/{seat.rng.choice(others)['id']}/contacts"
        seat.expect_done(await seat.do("interventions", there, body), "write down a contact", "not-found", *_RACES)


async def _leave(seat: Seat, page: dict[str, Any], path: str) -> None:
    """For good, or only from leading. From then on nothing is read."""
    if page["leads"] and seat.rng.random() < 0.5:
        leader_id = derived_id("peer-leader", seat.user.id)
        seat.expect_done(await seat.do("interventions", f"/peer-leaders/{leader_id}/stand-down"), "lead no more")
        return
    seat.expect_done(await seat.do("interventions", f"{path}/leave", {}, page["version"]), "leave a circle")
    await check_what_is_read(seat, page["id"])


async def _meet_a_post(seat: Seat, post: dict[str, Any]) -> None:
    if post["kind"] == "goal" and seat.rng.random() < 0.5:
        answer = await seat.do("interventions", f"/circle-posts/{post['id']}/join")
        seat.expect_done(answer, "share a goal", "goal-closed", "not-found")
        return
    body = {"reason_code": seat.rng.choice(get_args(PostReport))}
    answer = await seat.do("interventions", f"/circle-posts/{post['id']}/report", body)
    seat.expect_done(answer, "report a post", "post-looked-at", "not-found")


async def _look_as_leader(seat: Seat, post: dict[str, Any]) -> None:
    body: dict[str, Any] = {"show": seat.rng.random() < 0.8}
    if not body["show"]:
        body["reason_code"] = seat.rng.choice(get_args(PostRemoval))
    answer = await seat.do("interventions", f"/circle-posts/{post['id']}/check", body, post["version"])
    seat.expect_done(answer, "look at a post as the leader", "post-gone", "post-for-psychology", "not-found")
