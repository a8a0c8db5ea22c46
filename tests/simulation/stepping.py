"""A clinician looks at the step of care and decides."""

from typing import Any

from tests.simulation.seat import Seat

_RACES = ("review-not-open", "episode-closed", "episode-not-active")


async def look_at_a_step(seat: Seat) -> None:
    """Of one treatment that waits for it."""
    rows = await seat.see("interventions", "/episodes", list="to_review")
    if not rows:
        return
    path = f"/episodes/{seat.rng.choice(rows)['id']}"
    view = await seat.see("interventions", path)
    if view["review"] is None:
        return
    decision = seat.rng.choice(("step_up", "step_up", "stay", "step_down", "discharge", "consult"))
    body: dict[str, Any] = {"moment": view["review"], "decision": decision}
    if seat.rng.random() < 0.05:
        # Without a reason: refused where the rules advise something else.
        await seat.do("interventions", f"{path}/decide-step", body, view["version"])
        return
    body["departure_reason"] = "So agreed with the person."
    onward = await _onward(seat, view, decision)
    if onward and seat.rng.random() < 0.7:
        body["programme_id"] = seat.rng.choice(onward)
    answer = await seat.do("interventions", f"{path}/decide-step", body, view["version"])
    seat.expect_done(answer, "decide a step", *_RACES, *(["programme-had"] if "programme_id" in body else []))


async def _onward(seat: Seat, view: dict[str, Any], decision: str) -> list[str]:
    programmes = await seat.see("interventions", "/programmes")
    if decision == "step_up":
        return [one["id"] for one in programmes if one["step"] > view["step"]]
    return [one["id"] for one in programmes if decision == "step_down" and one["step"] < view["step"]]
