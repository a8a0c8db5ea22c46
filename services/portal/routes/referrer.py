"""Pages of somebody in the pain team: my referrals, my patients, a new patient, a new referral."""

import asyncio
from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options, scores
from services.portal.calls import Json, Refused, at
from services.portal.forms import Form, Problem
from services.portal.routes import care_plan
from services.portal.routes.advice import in_two, questions
from services.portal.routes.inbox import unread
from services.portal.visit import Referrer, Visit

router = APIRouter()

_MEASURES = ("PEG", "PHQ-4")
_GROUPS = {
    "to_read": ("outcome_sent",),
    "asked": ("information_requested",),
    "drafts": ("draft",),
    "undecided": ("undecided",),
    "waiting": ("submitted", "accepted"),
    "in_treatment": ("in_treatment",),
    "closed": ("loop_closed", "returned", "declined", "withdrawn"),
}
"""What asks something of the referrer comes first."""


async def home(visit: Visit) -> Response:
    """A page of the referrer's referrals, by what they wait for, their questions, discussions."""
    listed, asked, waiting, discussions = await asyncio.gather(
        visit.get("referrals", "/referrals", list="mine", language=visit.language, **visit.place),
        questions(visit),
        unread(visit),
        care_plan.waiting(visit),
    )
    rows = listed["rows"]
    groups = [(name, [row for row in rows if row["status"] in statuses]) for name, statuses in _GROUPS.items()]
    return visit.page(
        "referrer_home.html",
        groups=[group for group in groups if group[1]],
        questions=None if asked is None else in_two(asked),
        is_whole=listed["total"] == len(rows),
        next=listed["next"],
        unread=waiting,
        discussions=discussions,
    )


@router.get("/patients")
async def patients(visit: Referrer) -> Response:
    """The referrer's own patients."""
    return visit.page("patients.html", patients=await visit.get("referrals", "/patients"))


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


@router.post("/patients/{patient_id}/referrals")
async def draft(patient_id: str, visit: Referrer) -> Response:
    """Begin a referral."""
    made = await visit.post("referrals", "/referrals", {"patient_id": patient_id})
    return visit.go(f"/referrals/{made['id']}/write")


@router.get("/referrals/{referral_id}/write")
async def write(referral_id: str, visit: Referrer) -> Response:
    """The request itself, on one page."""
    return await _refer(visit, referral_id, None)


@router.post("/referrals/{referral_id}/submit")
async def submit(referral_id: str, visit: Referrer) -> Response:
    """Send it to psychology."""
    form = visit.form
    body = {
        "reason": form.text("reason"),
        "goal": form.text("goal"),
        "priority": form.text("priority") or "routine",
        "answers": {measure: given for measure in _MEASURES if (given := _given(form, measure))},
    }

    async def again(problem: Problem) -> Response:
        return await _refer(visit, referral_id, problem)

    return await visit.submit(
        "refer",
        "referrals",
        at("referrals", referral_id, "submit"),
        body,
        then=f"/referrals/{referral_id}",
        done="referred",
        again=again,
    )


async def _refer(visit: Visit, referral_id: str, problem: Problem | None) -> Response:
    referral = await visit.get("referrals", at("referrals", referral_id), language=visit.language)
    if referral["status"] != "draft":
        return visit.go(f"/referrals/{referral_id}")
    open_id = None
    if problem and problem.code == "already-open":
        rows = await visit.get("referrals", at("patients", referral["patient_id"], "referrals"))
        open_id = next((row["id"] for row in rows if row["waiting_days"] is not None), None)
    return visit.page(
        "refer.html",
        problem=problem,
        referral=referral,
        open_id=open_id,
        priorities=options.options(visit.t, "priority", options.PRIORITIES),
        forms=[scores.blank(measure, visit.language) for measure in _MEASURES],
    )


def _given(form: Form, measure: str) -> Json:
    """Answers to one questionnaire, by item."""
    answers = {name.rpartition("-")[2]: form.number(name) for name in _names(form, measure)}
    return {item: value for item, value in answers.items() if item.isdigit() and value is not None}


def _names(form: Form, measure: str) -> Iterable[str]:
    return (name for name in form.fields if name.startswith(f"{measure}-"))


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
