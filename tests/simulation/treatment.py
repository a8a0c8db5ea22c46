"""What psychology and patients do, in triage, treatment and danger."""

import asyncio
from typing import Any

from shared.clinical import MEASURES
from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from shared.contracts.referrals import ConsentScope
from shared.runtime.aggregate import derived_id
from shared.runtime.auth import User
from tests.simulation.doing import do_a_little
from tests.simulation.referrer import act_on_referral, begin, look_back
from tests.simulation.seat import No, Seat
from tests.simulation.stepping import look_at_a_step
from tests.simulation.together import change_seats, go_on_with_advice, go_on_with_discussions, share_a_plan
from tests.simulation.town import Resident

_LISTS = (
    *("awaiting_triage", "awaiting_triage", "accepted", "undecided", "waitlisted", "to_book", "to_book", "scheduled"),
    *("scheduled", "missed", "cancellations", "in_treatment", "waiting_on_referrer", "returned", "all_open"),
)
_ASKED = ("accepted", "undecided", "offered", "draft")
"""Where something waits for the patient."""


async def psychology(seat: Seat) -> None:
    """One visit: alerts, triage, or treatments."""
    await answer_alerts(seat)
    await call_whoever_is_quiet(seat)
    task = seat.rng.random()
    if task < 0.55:
        await _work_through_a_list(seat)
    elif task < 0.7:
        await _beside_referrals(seat)
    elif task < 0.78:
        await look_at_a_step(seat)
    else:
        chosen = seat.rng.choice(("active", "active", "planned", "ready_to_finish", "ready_to_finish"))
        rows = await seat.see("interventions", "/episodes", list=chosen)
        if rows:
            await _treat(seat, seat.rng.choice(rows)["id"])
    if seat.rng.random() < 0.1:
        await look_back(seat)


async def _work_through_a_list(seat: Seat) -> None:
    """Who waits for psychology; another list where there is nobody."""
    for _ in range(4):
        rows = (await seat.see("referrals", "/referrals", list=seat.rng.choice(_LISTS)))["rows"]
        if rows:
            await act_on_referral(seat, seat.rng.choice(rows[:3])["id"])
            return


async def _beside_referrals(seat: Seat) -> None:
    task = seat.rng.random()
    if task < 0.45:
        await go_on_with_advice(seat)
    elif task < 0.6:
        await go_on_with_discussions(seat)
    elif task < 0.75:
        await change_seats(seat)
    elif seat.town.patients:
        await share_a_plan(seat, seat.rng.choice(seat.town.patients).patient_id)


async def answer_alerts(seat: Seat) -> None:
    """Take on whoever waits longest, speak with them, and write down what was agreed."""
    rows = await seat.see("interventions", "/risk-alerts", list="open")
    held = await seat.see("interventions", "/risk-alerts", list="acknowledged")
    # Whoever is called because a colleague did not finish goes on in their place.
    rows += [row for row in held if row["overdue"] or seat.rng.random() < 0.2]
    if seat.rng.random() < 0.3:
        rows += await seat.see("interventions", "/risk-alerts", list="assessed")
    for row in rows[:3]:
        path = f"/risk-alerts/{row['id']}"
        if seat.rng.random() < 0.05:
            await seat.do("interventions", f"{path}/close", {"plan": "Seen by somebody else."}, row["version"])
            continue
        if row["acknowledged_by"] not in (None, seat.user.id):
            answer = await seat.do("interventions", f"{path}/take-over", {"reason": "I am here."}, row["version"])
        else:
            answer = await seat.do("interventions", f"{path}/acknowledge", {}, row["version"])
        if not isinstance(answer, No) and seat.rng.random() < 0.8:
            await _assess(seat, path, answer["version"])


async def _assess(seat: Seat, path: str, version: int) -> None:
    talk = {name: seat.rng.choice(("yes", "no", "not_asked")) for name in ASSESSMENT_QUESTIONS}
    body = {**talk, "thoughts": "no", "concern": seat.rng.choice(("low", "medium", "high"))}
    answer = await seat.do("interventions", f"{path}/assess", body, version)
    seat.expect_done(answer, "assess", "alert-closed", "not-the-holder", "not-acknowledged")
    if not isinstance(answer, No) and seat.rng.random() < 0.8:
        closing = await seat.do("interventions", f"{path}/close", {"plan": "Seen today."}, answer["version"])
        seat.expect_done(
            closing, "close an alert", "alert-closed", "not-assessed", "not-the-assessor", "not-acknowledged"
        )
        await seat.see("interventions", path)


async def call_whoever_is_quiet(seat: Seat) -> None:
    """Some of those on the list; not everybody is in."""
    for row in await seat.see("interventions", "/engagements", list="to_call"):
        if seat.rng.random() < 0.4:
            await _log_contact(seat, row["episode_id"])


async def _log_contact(seat: Seat, episode_id: str) -> None:
    page = await seat.see("interventions", f"/episodes/{episode_id}/engagement")
    body = {
        "kind": seat.rng.choice(("phone", "video", "message", "in_person")),
        "reached": seat.rng.random() < 0.5,
        "minutes": seat.rng.randint(0, 40),
        "note": "Spoke about the week.",
    }
    answer = await seat.do("interventions", f"/episodes/{episode_id}/contacts", body, page["version"])
    if page["status"] == "active":
        seat.expect_done(answer, "write down a contact", "episode-closed")


async def _treat(seat: Seat, episode_id: str) -> None:
    view = await seat.see("interventions", f"/episodes/{episode_id}")
    noticed = derived_id("engagement", episode_id) in seat.town.clinic.record.events
    if noticed and view["status"] == "active" and seat.rng.random() < 0.1:
        await _log_contact(seat, episode_id)
        return
    offered = await seat.see("interventions", f"/episodes/{episode_id}/actions")
    useful = [one for one in offered if one["allowed"] and (one["action"] != "finish_early" or seat.rng.random() < 0.1)]
    one = seat.rng.choice(useful) if useful and seat.rng.random() < 0.85 else seat.rng.choice(offered)
    if one["action"] == "finish_early" and seat.rng.random() < 0.3:
        return
    path, body = f"/episodes/{episode_id}", {}
    match one["action"]:
        case "complete_module" if one["module_id"]:
            path += f"/modules/{one['module_id']}/complete"
        case "set_module_aside" if one["module_id"]:
            path, body = f"{path}/modules/{one['module_id']}/set-aside", {"reason_code": "too_hard_now"}
        case "unlock_module" if one["module_id"]:
            path, body = f"{path}/modules/{one['module_id']}/unlock", {"reason": "A visit is planned."}
        case "finish_completed":
            path, body = f"{path}/finish", {"end_reason": "completed", "recommendation": "Keep walking."}
        case "finish_early":
            path, body = f"{path}/finish", {"end_reason": "stopped_by_patient"}
        case _:
            return
    doing = [seat.do("interventions", path, body, view["version"])]
    if one["action"] == "finish_early" and seat.rng.random() < 0.5:
        # The patient leaves by the other door at that very moment.
        leaving = seat.beside(User(view["patient_id"], "patient"))
        doing.append(leaving.do("referrals", f"/referrals/{view['referral_id']}/withdraw"))
    answer, *_ = await asyncio.gather(*doing)
    check_offer(seat, one, answer)


def check_offer(seat: Seat, offered: dict[str, Any], answer: Any) -> None:
    """What was offered must work, and what was barred must not, unless somebody came between."""
    if offered["allowed"]:
        seat.expect_done(answer, f"{offered['action']}, though it was offered")
    else:
        seat.town.clinic.record.happened["tried what is barred"] += 1
        if not isinstance(answer, No):
            seat.blame(f"was told that {offered['action']} is barred ({offered['code']}), and it was done")


async def patient(seat: Seat) -> None:
    """One evening: what comes next in the treatment, an answer to the invitation, messages, consents, people."""
    task = seat.rng.random()
    if task < 0.12:
        await _change_consent(seat)
        return
    if task < 0.17:
        await change_caregivers(seat)
        return
    if task < 0.25:
        await read_messages(seat)
        return
    if task < 0.28:
        await share_a_plan(seat, seat.user.id)
        return
    rows = (await seat.see("referrals", "/referrals", list="mine"))["rows"]
    if seat.rng.random() < (0.05 if rows else 0.1):
        await begin(seat, _resident(seat))
    for row in rows:
        if row["status"] in _ASKED or seat.rng.random() < (0.4 if row["status"] == "waitlisted" else 0.06):
            await act_on_referral(seat, row["id"])
    for row in await seat.see("interventions", "/episodes", list="mine"):
        for _ in range(seat.rng.randint(1, 9)):
            if not await _take_next_step(seat, row["id"]):
                break
        if row["status"] in ("active", "finished") and seat.rng.random() < 0.4:
            await do_a_little(seat, row["id"])


def _resident(seat: Seat) -> Resident:
    return next(one for one in seat.town.patients if one.patient_id == seat.user.id)


async def _take_next_step(seat: Seat, episode_id: str) -> bool:
    """Whether there was something to do."""
    step = await seat.see("interventions", f"/episodes/{episode_id}/next")
    if step["kind"] == "module":
        await seat.see("interventions", f"/episodes/{episode_id}/modules/{step['module_id']}")
        path = f"/episodes/{episode_id}/modules/{step['module_id']}/complete"
        answer = await seat.do("interventions", path)
        seat.expect_done(answer, "complete the open module", "episode-closed")
        if seat.rng.random() < 0.1:
            # Read once more, days later or in another window.
            await seat.do("interventions", path)
        return True
    if step["kind"] == "questionnaire":
        await _answer(seat, step)
        return True
    if step["kind"] == "finished" and seat.rng.random() < 0.3:
        await _answer_late(seat, episode_id)
    return False


async def _answer_late(seat: Seat, episode_id: str) -> None:
    """Fill in a form that has lain open since before the end of the treatment."""
    series_id = derived_id("series", episode_id)
    if series_id in seat.town.clinic.record.events:
        series = await seat.see("interventions", f"/series/{series_id}")
        for form in series["forms"]:
            if not form["complete"]:
                await _answer(seat, {"series_id": series_id, **form})
                return


async def _answer(seat: Seat, step: dict[str, Any]) -> None:
    form = await seat.see("interventions", f"/series/{step['series_id']}/{step['occasion']}/{step['measure']}")
    items = list(MEASURES[step["measure"]].items)
    if seat.rng.random() < 0.3:
        items = seat.rng.sample(items, seat.rng.randint(1, len(items)))
    answers = {str(item): seat.rng.randint(form["lowest"], form["highest"]) for item in items}
    if step["measure"] == "PHQ-9" and "9" in answers:
        answers["9"] = seat.rng.choice((0, 0, 0, 1, 3))
    body = {"occasion": step["occasion"], "measure": step["measure"], "answers": answers}
    answer = await seat.do("interventions", f"/series/{step['series_id']}/answers", body)
    seat.expect_done(answer, "answer the open questionnaire", "measure-complete")


async def _change_consent(seat: Seat) -> None:
    scope = seat.rng.choice(list(ConsentScope))
    granted = not seat.town.consents(seat.user.id, scope) if seat.rng.random() < 0.9 else seat.rng.random() < 0.5
    if scope is ConsentScope.REFER and not granted and seat.rng.random() < 0.7:
        return
    path = f"/patients/{seat.user.id}/consents"
    view = await seat.see("referrals", f"/patients/{seat.user.id}")
    answer = await seat.do("referrals", path, {"scope": scope.value, "granted": granted}, view["version"])
    seat.expect_done(answer, "change a consent")


async def change_caregivers(seat: Seat) -> None:
    """Name somebody, name them no more, or open something to them."""
    resident = _resident(seat)
    view = await seat.see("referrals", f"/patients/{seat.user.id}")
    path = f"/patients/{seat.user.id}/caregivers"
    if view["caregivers"] and seat.rng.random() < 0.5:
        await _change_scopes(seat, view)
        return
    if view["caregivers"] and seat.rng.random() < 0.4:
        gone = seat.rng.choice(view["caregivers"])["caregiver_id"]
        await seat.do("referrals", f"{path}/{gone}/remove", {}, view["version"])
        return
    email = f"{resident.marker.lower()}-family{seat.rng.randint(1, 4)}@people.example"
    body = {"name": f"Edda {resident.marker}", "email": email, "relationship": "sibling"}
    seat.town.add_caregiver(resident, email)
    answer = await seat.do("referrals", path, body, view["version"])
    seat.expect_done(answer, "name somebody they trust", "caregivers-full")


async def _change_scopes(seat: Seat, view: dict[str, Any]) -> None:
    """Open one thing to somebody, mostly news, or close it."""
    known = seat.rng.choice(view["caregivers"])
    scope = seat.rng.choice(("news", "news", "appointments", "plan", "progress", "scores"))
    opened = all(one["scope"] != scope for one in known["scopes"])
    path = f"/patients/{seat.user.id}/caregivers/{known['caregiver_id']}/scopes"
    answer = await seat.do("referrals", path, {"scope": scope, "opened": opened}, view["version"])
    refusals = ("caregiver-consent-missing", "caregiver-unknown", "caregiver-not-accepted")
    seat.expect_done(answer, "open or close something", *refusals)
    if not isinstance(answer, No):
        seat.town.clinic.record.happened["a scope opened" if opened else "a scope closed"] += 1


async def read_messages(seat: Seat) -> None:
    """Open the inbox, and one message in it."""
    inbox = await seat.see("notifications", f"/agendas/{seat.user.id}/inbox")
    for one in inbox["messages"]:
        shown = f"{one['heading']} {one['body']}"
        seat.town.clinic.mail.words.check_inbox(one["template"], one["id"], inbox["language"], shown)
    unread = [one for one in inbox["messages"] if not one["read"]]
    if unread:
        path = f"/agendas/{seat.user.id}/messages/{seat.rng.choice(unread)['id']}/read"
        answer = await seat.do("notifications", path)
        seat.expect_done(answer, "open a message")
