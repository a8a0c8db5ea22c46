"""A patient asks for support themselves, or sends what a trusted person began; and says how they are meanwhile."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import answers
from services.portal.allowed import allowed
from services.portal.calls import Json, Refused, at
from services.portal.forms import Form, Problem
from services.portal.standing import Standing, standing
from services.portal.visit import Patient, Visit

router = APIRouter()

_CONSENT = "refer"


@router.get("/ask-for-support")
async def write(visit: Patient) -> Response:
    """Why, what for, and how the person is."""
    return await _write(visit, None)


@router.post("/ask-for-support")
async def send(visit: Patient) -> Response:
    """Send it to psychology. What was begun before is sent, not a second one."""
    found = await standing(visit)
    if found.is_open:
        return visit.go("/")
    form, pathway = visit.form, _pathway(visit, found)
    given = answers.given(form, *answers.asked(visit.clinic, pathway))
    # Whatever becomes of it, help is shown to whoever may be unsafe.
    visit.worried = answers.is_worrying(given)
    try:
        await _agree_to_it(visit)
        draft = found.drafts[0]["id"] if found.drafts else await _draft(visit, pathway)
        body = {"reason": form.text("reason"), "goal": form.text("goal"), "answers": given}
        await visit.post("referrals", at("referrals", draft, "submit"), body, part="submit")
    except Refused as refused:
        if refused.status in (401, 404):
            raise
        return await _write(visit, _problem(refused, form))
    return visit.go("/support" if visit.worried else "/", "asked-for-support")


@router.post("/ask-for-support/discard")
async def discard(visit: Patient) -> Response:
    """Do not send it. All that was begun goes, lest the next one stand there as if nothing had been said."""
    found = await standing(visit)
    for number, draft in enumerate(found.drafts):
        await visit.post("referrals", at("referrals", draft["id"], "discard"), {}, part=str(number))
    return visit.go("/", "discarded-draft")


@router.get("/how-are-you")
async def ask(visit: Patient) -> Response:
    """The questions that are open while the person waits."""
    return await _how_are_you(visit, None)


@router.post("/how-are-you")
async def tell(visit: Patient) -> Response:
    """Send the answers. Whoever is worse is looked at again."""
    referral = (await standing(visit)).referral
    if referral is None:
        raise Refused(404, {"code": "not-found"})
    given = answers.given(visit.form, *answers.asked(visit.clinic, referral["pathway"]))
    visit.worried = answers.is_worrying(given)
    return await visit.submit(
        "how-are-you",
        "referrals",
        at("referrals", referral["id"], "rescreen"),
        {"answers": given},
        then="/support" if visit.worried else "/",
        done="answers-sent",
        again=lambda problem: _how_are_you(visit, problem),
    )


@router.get("/support")
async def support(visit: Patient) -> Response:
    """Whom to call, before anything else."""
    return visit.page("support.html", forward="/")


async def _write(visit: Visit, problem: Problem | None) -> Response:
    found = await standing(visit)
    if found.is_open:
        return visit.go("/")
    record = await visit.get("referrals", at("patients", visit.user.id))
    return visit.page(
        "ask_for_support.html",
        problem=problem,
        begun=bool(found.drafts),
        suggested=bool(found.drafts) and found.drafts[0]["requester"] == "caregiver",
        agreed=_CONSENT in record["consents"],
        forms=answers.blanks(answers.asked(visit.clinic, _pathway(visit, found)), visit.language),
    )


def _problem(refused: Refused, form: Form) -> Problem:
    problem = Problem.of("ask-for-support", refused, form)
    if refused.code == "consent-missing":
        return replace(problem, fields={"consents": "consent-missing-own"})
    return problem


async def _how_are_you(visit: Visit, problem: Problem | None) -> Response:
    referral = (await standing(visit)).referral
    if referral is None or "rescreen" not in await allowed(visit, referral["id"]):
        return visit.go("/")
    forms = answers.blanks(answers.asked(visit.clinic, referral["pathway"]), visit.language)
    return visit.page("how_are_you.html", problem=problem, referral=referral, forms=forms)


def _pathway(visit: Visit, found: Standing) -> str:
    """The one that was begun; else the clinic's first."""
    return str(found.drafts[0]["pathway"]) if found.drafts else visit.clinic.pathways[0].id


async def _agree_to_it(visit: Visit) -> None:
    """To be referred needs a consent, which the person may give with the same form."""
    if _CONSENT not in visit.form.all("consents"):
        return
    body = {"scope": _CONSENT, "granted": True}
    await visit.post("referrals", at("patients", visit.user.id, "consents"), body, part="consent")


async def _draft(visit: Visit, pathway: str) -> str:
    body: Json = {"patient_id": visit.user.id, "pathway": pathway}
    made: Any = await visit.post("referrals", "/referrals", body, part="draft")
    return str(made["id"])
