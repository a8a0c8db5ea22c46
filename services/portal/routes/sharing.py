"""What a patient opens to those whom they trust, and until when; what these then see; and what they say themselves."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.sharing import shared
from services.portal.visit import Caregiver, Patient, Visit

router = APIRouter()

SCOPES = ("news", "appointments", "progress", "plan", "scores")


@router.get("/privacy/people/{caregiver_id}")
async def person(caregiver_id: str, visit: Patient) -> Response:
    """One of those whom they trust: what is open, and until when."""
    return await _person(visit, caregiver_id, None)


@router.post("/privacy/people/{caregiver_id}/open")
async def open_scope(caregiver_id: str, visit: Patient) -> Response:
    """Open one thing to them."""
    return await _change(visit, caregiver_id, "open-scope", opened=True)


@router.post("/privacy/people/{caregiver_id}/close")
async def close_scope(caregiver_id: str, visit: Patient) -> Response:
    """Close it again, at once."""
    return await _change(visit, caregiver_id, "close-scope", opened=False)


@router.get("/privacy/people/{caregiver_id}/view")
async def preview(caregiver_id: str, visit: Patient) -> Response:
    """Exactly what they see."""
    _, known = await _known(visit, caregiver_id)
    shown = await shared(visit, visit.user.id, known["caregiver_id"])
    return visit.page("shared.html", shown=shown, preview=known, back=f"/privacy/people/{caregiver_id}")


@router.get("/shared/{patient_id}")
async def shared_page(patient_id: str, visit: Caregiver) -> Response:
    """What somebody who trusts them has opened. Without anything, neutral words."""
    people = await visit.get("referrals", at("caregivers", visit.user.id, "patients"))
    found = next((one for one in people if one["patient_id"] == patient_id and one["status"] == "accepted"), None)
    if found is None:
        raise Refused(404, {"code": "not-found"})
    shown = await shared(visit, patient_id, visit.user.id)
    return visit.page("shared.html", shown=shown, preview=None, back="/")


@router.post("/trust/answer")
async def answer(visit: Caregiver) -> Response:
    """Yes or no to somebody who named them."""
    form = visit.form
    yes = form.text("accept") == "yes"
    body = {"accept": yes, "language": form.optional("language"), "email": form.text("email") == "yes"}
    return await _say(visit, "answer", body, "trust-yes" if yes else "trust-no")


@router.post("/trust/preferences")
async def preferences(visit: Caregiver) -> Response:
    """How they would like to be told things."""
    body = {"language": visit.form.text("language"), "email": visit.form.text("email") == "yes"}
    return await _say(visit, "preferences", body, "trust-saved")


@router.post("/trust/young")
async def young(visit: Caregiver) -> Response:
    """Whether they are a child or a young person."""
    return await _say(visit, "young", {"young": visit.form.text("young") == "yes"}, "trust-saved")


@router.post("/trust/leave")
async def leave(visit: Caregiver) -> Response:
    """Take part no longer."""
    return await _say(visit, "leave", {}, "trust-left")


async def _person(visit: Visit, caregiver_id: str, problem: Problem | None) -> Response:
    record, known = await _known(visit, caregiver_id)
    return visit.page(
        "trusted_person.html",
        problem=problem,
        record=record,
        known=known,
        scopes=SCOPES,
        opened={one["scope"]: one["until"] for one in known["scopes"]},
    )


async def _known(visit: Visit, caregiver_id: str) -> tuple[Json, Json]:
    """The patient's record, and in it the one whom they trust. Raises `Refused` if they trust nobody of that id."""
    record = await visit.get("referrals", at("patients", visit.user.id))
    known = next((one for one in record["caregivers"] if one["caregiver_id"] == caregiver_id), None)
    if known is None:
        raise Refused(404, {"code": "not-found"})
    return record, known


async def _change(visit: Visit, caregiver_id: str, form: str, opened: bool) -> Response:
    _, known = await _known(visit, caregiver_id)
    return await visit.submit(
        form,
        "referrals",
        at("patients", visit.user.id, "caregivers", known["caregiver_id"], "scopes"),
        {"scope": visit.form.text("scope"), "opened": opened, "until": visit.form.optional("until")},
        then=f"/privacy/people/{caregiver_id}",
        done="scope-opened" if opened else "scope-closed",
        again=partial(_person, visit, caregiver_id),
    )


async def _say(visit: Visit, what: str, body: Json, done: str) -> Response:
    path = at("patients", visit.form.text("person"), "caregivers", visit.user.id, what)
    await visit.post("referrals", path, body)
    return visit.go("/", done)
