"""Pages of whoever leads a circle: messages to look at, meetings, who was there, who would like to hear from them."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import circles as c
from services.portal import options
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.visit import Patient, Visit

router = APIRouter()


@router.get("/my-circle/{part}/lead")
async def lead(part: str, visit: Patient) -> Response:
    """What there is to do for whoever leads."""
    return await _lead(visit, part, None)


@router.post("/my-circle/{part}/lead/posts/{post_id}")
async def check(part: str, post_id: str, visit: Patient) -> Response:
    """Show a message, or not."""
    body = c.checked(visit.form)
    form = f"{'show' if body['show'] else 'remove'}-{post_id}"
    done = "circle-shown" if body["show"] else "circle-not-shown"
    return await _submit(visit, part, form, at("circle-posts", post_id, "check"), body, done)


@router.post("/my-circle/{part}/lead/posts/{post_id}/report")
async def pass_on(part: str, post_id: str, visit: Patient) -> Response:
    """Leave a message to psychology."""
    body = {"reason_code": visit.form.text("reason_code")}
    path = at("circle-posts", post_id, "report")
    return await _submit(visit, part, f"report-{post_id}", path, body, "circle-report")


@router.post("/my-circle/{part}/lead/meetings")
async def plan(part: str, visit: Patient) -> Response:
    """Plan the next meeting."""
    path = at("circles", await _circle(visit, part), "meetings")
    return await _submit(visit, part, "plan-meeting", path, c.meeting(visit), "circle-meetings")


@router.post("/my-circle/{part}/lead/meetings/{number}/move")
async def move(part: str, number: int, visit: Patient) -> Response:
    """Another time or place."""
    path = at("circles", await _circle(visit, part), "meetings", str(number), "move")
    body = {name: value for name, value in c.meeting(visit).items() if name != "topic"}
    return await _submit(visit, part, f"move-{number}", path, body, "circle-move")


@router.post("/my-circle/{part}/lead/meetings/{number}/cancel")
async def cancel(part: str, number: int, visit: Patient) -> Response:
    """It does not take place."""
    path = at("circles", await _circle(visit, part), "meetings", str(number), "cancel")
    return await _submit(visit, part, f"cancel-{number}", path, {}, "circle-cancel")


@router.post("/my-circle/{part}/lead/meetings/{number}/held")
async def held(part: str, number: int, visit: Patient) -> Response:
    """Who was there."""
    path = at("circles", await _circle(visit, part), "meetings", str(number), "held")
    return await _submit(visit, part, f"held-{number}", path, {"present": visit.form.all("present")}, "circle-held")


@router.post("/my-circle/{part}/lead/contacts/{member_id}")
async def log_contact(part: str, member_id: str, visit: Patient) -> Response:
    """They were in touch with somebody, or tried to be."""
    path = at("circle-members", member_id, "contacts")
    return await _submit(visit, part, f"contact-{member_id}", path, c.contact(visit.form), "circle-contact")


async def _lead(visit: Visit, part: str, problem: Problem | None) -> Response:
    found = await _led(visit, part)
    return visit.page(
        "lead_circle.html",
        problem=problem,
        own=found,
        called=c.called(found["members"], visit.t),
        here=f"/my-circle/{part}/lead",
        topics=c.topics(found["agenda"], found["meetings"]),
        removals=options.options(visit.t, "circle.removal", c.REMOVALS),
        reports=options.options(visit.t, "circle.report_why", c.REPORTS),
        contacts=c.contact_choices(visit.t),
    )


async def _led(visit: Visit, part: str) -> Json:
    """Their part in a circle that they lead. Raises `Refused` for anybody else."""
    found: Json = await visit.get("interventions", at("circle-members", part), language=visit.language)
    if "lead" not in found["can"]:
        raise Refused(404, {"code": "not-found"})
    return found


async def _circle(visit: Visit, part: str) -> str:
    return str((await _led(visit, part))["circle_id"])


async def _submit(visit: Visit, part: str, form: str, path: str, body: Json, done: str) -> Response:
    return await visit.submit(
        form,
        "interventions",
        path,
        body,
        then=f"/my-circle/{part}/lead",
        done=done,
        again=partial(_lead, visit, part),
    )
