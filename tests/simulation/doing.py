"""What patients do in a programme beside the next step: activities, practice at home, a few questions in between."""

from typing import Any

from shared.clinical import MEASURES
from tests.simulation.seat import Seat

_OPEN = ("due", "in_progress")
_IN_WORDS = ("line", "text")
_LINES = ("A walk to the bakery.", "Too tired today.", "There is no reason to live.", "A veces quiero morir.")
"""Some of them call a clinician."""


async def do_a_little(seat: Seat, episode_id: str) -> None:
    """One thing, as it comes to mind."""
    task = seat.rng.random()
    if task < 0.4:
        await _an_activity(seat, episode_id)
    elif task < 0.6:
        await _practice(seat, episode_id)
    else:
        await _a_check_in(seat, episode_id)


async def _an_activity(seat: Seat, episode_id: str) -> None:
    tasks = await seat.see("interventions", f"/episodes/{episode_id}/tasks")
    activities = [one for one in tasks if one["kind"] == "activity" and one["state"] in _OPEN]
    if not activities:
        return
    seat.rng.shuffle(activities)
    for one in activities[:4]:
        page = await seat.see("interventions", f"/episodes/{episode_id}/activities/{one['id']}")
        # What can be written in is worth a longer look.
        if page["worksheet"]:
            break
    doing = page["doings"][-1]
    body: dict[str, Any] = {"rating_before": seat.rng.randint(0, 10), "finish": seat.rng.random() < 0.5}
    fields = [field["id"] for field in (page["worksheet"] or {"fields": []})["fields"] if field["kind"] in _IN_WORDS]
    if fields and seat.rng.random() < 0.7:
        body["written"] = [{"field": seat.rng.choice(fields), "text": seat.rng.choice(_LINES)}]
    path = f"/episodes/{episode_id}/activities/{one['id']}/{doing['number']}"
    answer = await seat.do("interventions", path, body, doing["version"])
    seat.expect_done(answer, "save an open activity", "finish-first")


async def _practice(seat: Seat, episode_id: str) -> None:
    page = await seat.see("interventions", f"/episodes/{episode_id}/practice")
    if not page["practices"]:
        return
    one = seat.rng.choice(page["practices"])
    body = {"day": page["today"], "times": seat.rng.randint(0, 12)}
    await seat.do("interventions", f"/episodes/{episode_id}/practice/{one['id']}", body, page["version"])


async def _a_check_in(seat: Seat, episode_id: str) -> None:
    rows = await seat.see("interventions", f"/episodes/{episode_id}/check-ins")
    for row in rows:
        for form in row["forms"] if row["state"] in _OPEN else ():
            if form["complete"]:
                continue
            measure = form["measure"]
            lowest, highest = MEASURES[measure].lowest, MEASURES[measure].highest
            answers = {str(item): seat.rng.randint(lowest, highest) for item in MEASURES[measure].items}
            body = {"measure": measure, "answers": answers}
            answer = await seat.do("interventions", f"/check-ins/{row['id']}/answers", body)
            seat.expect_done(answer, "answer an open check-in", "measure-complete", "check-in-lapsed")
            return
