"""Signing in and out, and leaving quickly. For development, anybody can be one of the demo people; else patients, and
those whom they trust, are sent a link (`sign_in_link.py`), and staff sign in at the clinic (`staff_sign_in.py`).
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.background import BackgroundTask

from services.portal import session
from services.portal.calls import Away, Refused, at
from services.portal.pages import is_ours
from services.portal.routes.devices import signed_out
from services.portal.visit import Anybody, ByLink, NotFromHere, Visit
from services.portal.words import Language
from shared.runtime.auth import User

router = APIRouter()

_STAFF = ("referrer", "psychology", "operator")
_US = User("portal", "service")
_MOST_PATIENTS = 60


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whom a visitor can be."""

    id: str
    name: str | None
    language: Language
    note: str = ""


@router.get("/sign-in")
async def choose(visit: Anybody) -> Response:
    """Who would you like to be? Or, where people are real: where shall we send the link?"""
    if not visit.portal.settings.development_sign_in:
        return visit.page("sign_in_link.html", back=back_of(visit))
    away = False
    try:
        groups = await _demo_people(visit)
    except Away:
        groups, away = _staff(visit), True
    return visit.page("sign_in.html", groups=groups.items(), away=away)


@router.post("/sign-in")
async def sign_in(visit: Anybody) -> Response:
    """Be that person."""
    if not visit.portal.settings.development_sign_in:
        raise Refused(404, {"code": "not-found"})
    role, _, id = visit.form.text("person").partition(":")
    people = _staff(visit) if role in _STAFF else await _demo_people(visit)
    person = next((one for one in people.get(role, []) if one.id == id), None)
    if person is None:
        raise Refused(404, {"code": "not-found"})
    answer = visit.go("/")
    await visit.portal.sessions.begin(visit, answer, User(person.id, role), "development")
    session.remember_language(visit.portal.settings, answer, person.language)
    return answer


@router.post("/sign-out")
async def sign_out(visit: Anybody) -> Response:
    """Forget who was here."""
    return await signed_out(visit, "signed-out")


@router.post("/leave")
async def leave(visit: ByLink) -> Response:
    """Sign out, and be elsewhere at once. A page that was open for days must do it too, so no token is asked for.

    No redirect: our own policy would stop a form from leading elsewhere. The page that leads on takes the place of the
    one before in the browser's list, and says nothing of us.
    """
    settings = visit.portal.settings
    if not session.is_from_here(settings, visit.request, None, ""):
        raise NotFromHere
    answer = visit.page("leave.html", to=visit.clinic.leave_to)
    answer.headers["Refresh"] = f"0; url={visit.clinic.leave_to}"
    session.sign_out(settings, answer)
    if visit.session is not None:
        # Being elsewhere does not wait for it.
        answer.background = BackgroundTask(visit.portal.sessions.end, visit, visit.session, "signed_out")
    return answer


def back_of(visit: Visit) -> str:
    """Where somebody wanted to be, for the sign-in of staff to lead them there."""
    back = visit.request.query_params.get("back", "")
    return f"?{urlencode({'back': back})}" if is_ours(back) else ""


def _staff(visit: Visit) -> dict[str, list[DemoPerson]]:
    members = visit.clinic.staff
    return {
        role: [DemoPerson(one.id, one.name, one.language) for one in members if one.role == role] for role in _STAFF
    }


async def _demo_people(visit: Visit) -> dict[str, list[DemoPerson]]:
    """Staff from the clinic's settings; patients, and those whom they trust, from their records. Raises `Away`."""
    calls, correlation = visit.portal.calls, str(visit.request.state.correlation)
    rows = await calls.get(_US, correlation, "referrals", "/patients")
    records = await asyncio.gather(
        *(calls.get(_US, correlation, "referrals", at("patients", row["id"])) for row in rows[:_MOST_PATIENTS])
    )
    patients = [DemoPerson(one["id"], one["name"], one["language"]) for one in records]
    caregivers = [
        DemoPerson(link["caregiver_id"], link["name"], link["language"], visit.t("sign_in.trusted", name=one["name"]))
        for one in records
        for link in one["caregivers"]
    ]
    return {**_staff(visit), "patient": patients, "caregiver": caregivers}
