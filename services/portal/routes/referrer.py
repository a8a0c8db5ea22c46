"""Pages of somebody in the pain team: my referrals, my patients, a new patient, a new referral."""

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, refresh, worklists
from services.portal.calls import Refused, at
from services.portal.forms import Form, Problem
from services.portal.routes import care_plan
from services.portal.routes.advice import in_two
from services.portal.routes.inbox import unread
from services.portal.visit import Referrer, Visit

router = APIRouter()

_SHOWN = 5
_LISTS = {
    "to_read": "outcome_to_read",
    "asked": "waiting_on_referrer",
    "returned": "returned",
    "missed": "missed",
    "to_book": "awaiting_booking",
    "undecided": "undecided",
    "drafts": "drafts",
    "in_treatment": "in_treatment",
    "open": "all_open",
    "all": "mine",
}
"""Names of lists in addresses and texts, by what the service calls them."""
_ON_HOME = ("to_read", "asked", "returned", "missed", "to_book", "undecided", "drafts")
"""What asks something of the referrer comes first; the others are a link away."""


async def home(visit: Visit) -> Response:
    """The beginning of each worklist, the questions to psychology, and the discussions asked for."""
    desk, waiting = await asyncio.gather(_desk(visit), unread(visit))
    lists = {name: desk["lists"][called] for name, called in _LISTS.items()} if desk else {}
    asked, discussions = (
        (desk["questions"], care_plan.waiting(desk["to_answer"], desk["asked"])) if desk else (None, None)
    )
    on_home = [name for name in _ON_HOME if name in lists]
    return refresh.page(
        visit,
        "referrer_home.html",
        [[lists.get(name) for name in _ON_HOME], asked, discussions],
        beyond=[lists[name]["total"] for name in on_home],
        groups=[(name, lists[name]) for name in on_home if lists[name]["rows"]],
        others=[(name, one) for name, one in lists.items() if name not in _ON_HOME],
        known=len(lists) == len(_LISTS),
        questions=None if asked is None else in_two(asked),
        unread=waiting,
        discussions=discussions,
    )


@router.get("/mine/{name}")
async def mine(name: str, visit: Referrer) -> Response:
    """One worklist, page after page."""
    return await _mine(visit, _known(name), None)


@router.post("/mine/{name}/views")
async def keep_view(name: str, visit: Referrer) -> Response:
    """Keep the list as it is chosen and sorted."""
    return await worklists.keep(visit, at("mine", name), partial(_mine, visit, _known(name)))


@router.post("/find")
async def find(visit: Referrer) -> Response:
    """A referral by its number, or by the number that the pain team gave it."""
    number = visit.form.text("number")
    listed = (
        await visit.found("referrals", "/referrals", identifier=number, language=visit.language) if number else None
    )
    rows = listed["rows"] if listed else []
    if len(rows) == 1:
        return visit.go(f"/referrals/{rows[0]['id']}")
    return visit.page("found.html", number=number, rows=rows)


def _known(name: str) -> str:
    if name not in _LISTS:
        raise Refused(404, {"code": "not-found"})
    return name


async def _mine(visit: Visit, name: str, problem: Problem | None) -> Response:
    listed = await worklists.read(visit, _LISTS[name])
    return worklists.page(visit, "mine.html", at("mine", name), listed, problem, name=name)


async def _desk(visit: Visit) -> Any:
    lists = list(_LISTS.values())
    return await visit.maybe("referrals", "/desk", list=lists, limit=str(_SHOWN), language=visit.language)


@router.get("/patients")
async def patients(visit: Referrer) -> Response:
    """The referrer's own patients, the newest first; or those whose name is looked for."""
    contains = visit.request.query_params.get("contains", "").strip()[: worklists.LONGEST]
    asked = {"contains": contains} if contains else {}
    listed = await visit.get("referrals", "/my-patients", **asked, **visit.place)
    following = worklists.address("/patients", {**asked, "after": listed["next"]}) if listed["next"] else None
    return visit.page("patients.html", listed=listed, contains=contains, following=following)


@router.get("/patients/new")
async def new_patient(visit: Referrer) -> Response:
    """A form for a person who is not known yet."""
    return _register(visit)


@router.post("/patients/new")
async def register(visit: Referrer) -> Response:
    """Make a person known, with what they agreed to and whom they trust."""
    form = visit.form
    if problem := _half_a_caregiver(form):
        return _register(visit, problem)
    body = {
        "name": form.text("name"),
        "email": form.text("email"),
        "birth_date": form.text("birth_date"),
        "phone": form.optional("phone"),
        "language": form.text("language") or visit.language,
        "time_zone": visit.clinic.time_zone,
        "new_to_mental_health": "yes" in form.all("new_to_mental_health"),
        "consents": [scope for scope in options.CONSENTS if scope in form.all("consents")],
    }
    try:
        patient = await visit.post("referrals", "/patients", body)
    except Refused as refused:
        return _register(visit, Problem.of("register-patient", refused, form))
    then = f"/patients/{patient['id']}"
    if not form.text("caregiver_name"):
        return visit.go(then, "registered")
    link = {
        "name": form.text("caregiver_name"),
        "email": form.text("caregiver_email"),
        "relationship": form.text("caregiver_relationship"),
        "language": body["language"],
        "time_zone": visit.clinic.time_zone,
    }
    try:
        await visit.post("referrals", at("patients", patient["id"], "caregivers"), link, part="caregiver")
    except Refused:
        return visit.go(then, "registered-alone")
    return visit.go(then, "registered")


def _register(visit: Visit, problem: Problem | None = None) -> Response:
    return visit.page(
        "register.html",
        problem=problem,
        languages=options.languages(visit.t),
        consents=[(scope, visit.t(f"consent.{scope}.ask")) for scope in options.CONSENTS],
        relationships=options.relationships(visit.t),
    )


def _half_a_caregiver(form: Form) -> Problem | None:
    """Asked here and not by the service, which would have made the patient known before it could refuse the rest."""
    name, email = form.text("caregiver_name"), form.text("caregiver_email")
    if not name and not email:
        return None
    missing = {field: f"invalid-{field}" for field in ("caregiver_name", "caregiver_email") if not form.text(field)}
    if email and ("@" not in email or " " in email):
        missing["caregiver_email"] = "invalid-caregiver_email"
    elif email and email.lower() == form.text("email").lower():
        missing["caregiver_email"] = "caregiver-invalid"
    return Problem("register-patient", "invalid", fields=missing, kept=form) if missing else None
