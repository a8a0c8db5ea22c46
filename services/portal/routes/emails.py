"""What reaches somebody by e-mail: what they choose, what waits and can be stopped, and why one did or did not come."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, at
from services.portal.forms import Problem
from services.portal.visit import Chooser, Psychology, SignedIn, Visit

router = APIRouter()


@router.get("/inbox/emails")
async def choices(visit: Chooser) -> Response:
    """Which messages reach me by e-mail, how many, and when not."""
    return await _choices(visit, None)


@router.post("/inbox/emails")
async def choose(visit: Chooser) -> Response:
    """All of it anew."""
    form = visit.form
    standing = await _standing(visit)
    wanted = set(form.all("by_email"))
    body: dict[str, Any] = {
        "inbox_only": [one for one in standing["categories"] if one not in wanted],
        "weekly_emails": form.number("weekly_emails"),
    }
    start, end = form.optional("quiet_from"), form.optional("quiet_to")
    if start or end:
        body["hours"] = {"quiet_from": start, "quiet_to": end}
    path = at("agendas", visit.user.id, "preferences")
    again = partial(_choices, visit)
    return await visit.submit(
        "emails", "notifications", path, body, then="/inbox/emails", done="emails-chosen", again=again
    )


@router.post("/inbox/stop")
async def stop(visit: Chooser) -> Response:
    """One e-mail that waits is not sent."""
    path = at("agendas", visit.user.id, "messages", visit.form.text("message"), "stop")

    async def again(problem: Problem) -> Response:
        return await _planned(visit, problem)

    return await visit.submit(
        "stop-message", "notifications", path, {}, then="/inbox/planned", done="email-stopped", again=again
    )


@router.get("/inbox/planned")
async def planned(visit: Chooser) -> Response:
    """The e-mails that wait, and when they go."""
    return await _planned(visit, None)


@router.get("/inbox/{message_id}/why")
async def why(message_id: str, visit: SignedIn) -> Response:
    """Why did I, or did I not, get this?"""
    inbox = await visit.get("notifications", at("agendas", visit.user.id, "inbox"), language=visit.language)
    message = next((one for one in (*inbox["messages"], *inbox["to_come"]) if one["id"] == message_id), None)
    path = at("agendas", visit.user.id, "messages", message_id, "why")
    steps = await visit.get("notifications", path, language=visit.language)
    return visit.page("why.html", message=message, steps=steps, back="/inbox")


@router.get("/patients/{patient_id}/messages")
async def of_patient(patient_id: str, visit: Psychology) -> Response:
    """What this person was told and is going to be told, without its words."""
    return await _of_patient(visit, patient_id, None)


@router.get("/patients/{patient_id}/messages/{message_id}/why")
async def why_of_patient(patient_id: str, message_id: str, visit: Psychology) -> Response:
    """The same as they read it."""
    path = at("agendas", patient_id, "messages", message_id, "why")
    steps = await visit.get("notifications", path, language=visit.language)
    return visit.page("why.html", message=None, steps=steps, back=f"/patients/{patient_id}/messages")


@router.post("/patients/{patient_id}/messages/stop")
async def stop_of_patient(patient_id: str, visit: Psychology) -> Response:
    """One e-mail to them is not sent."""
    path = at("agendas", patient_id, "messages", visit.form.text("message"), "stop")
    page = f"/patients/{patient_id}/messages"

    async def again(problem: Problem) -> Response:
        return await _of_patient(visit, patient_id, problem)

    return await visit.submit("stop-message", "notifications", path, {}, then=page, done="email-stopped", again=again)


async def _standing(visit: Visit) -> Json:
    found: Json = await visit.get("notifications", at("agendas", visit.user.id, "preferences"))
    return found


async def _choices(visit: Visit, problem: Problem | None) -> Response:
    standing = await _standing(visit)
    categories = [(one, visit.t(f"emails.category.{one}")) for one in standing["categories"]]
    wanted = [one for one in standing["categories"] if one not in standing["inbox_only"]]
    weeks = [
        ("", visit.t("emails.clinic_decides")),
        *((str(n), visit.t.count("emails.a_week", n)) for n in range(1, 8)),
    ]
    return visit.page(
        "emails.html", problem=problem, standing=standing, categories=categories, wanted=wanted, weeks=weeks
    )


async def _planned(visit: Visit, problem: Problem | None) -> Response:
    inbox = await visit.get("notifications", at("agendas", visit.user.id, "inbox"), language=visit.language)
    waiting = [one for one in (*inbox["messages"], *inbox["to_come"]) if one["send_at"]]
    waiting.sort(key=lambda one: str(one["send_at"]))
    return visit.page("planned.html", problem=problem, messages=waiting)


async def _of_patient(visit: Visit, patient_id: str, problem: Problem | None) -> Response:
    plan = await visit.found("notifications", at("agendas", patient_id), language=visit.language)
    return visit.page("messages_of.html", problem=problem, plan=plan, patient_id=patient_id)
