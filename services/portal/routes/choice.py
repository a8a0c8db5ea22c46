"""What a patient says of their referral: yes, I need time, not now or no; to a place that is held; to a meeting."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.allowed import Allowed, allowed
from services.portal.calls import Json, Refused, at
from services.portal.forms import Problem
from services.portal.routes.patient import home
from services.portal.standing import series, standing
from services.portal.steps import BODIES
from services.portal.visit import Again, Patient, Visit

router = APIRouter()

_FOLLOWS_A_YES = ("offered", "awaiting_booking")


@router.post("/start/yes")
async def agree(visit: Patient) -> Response:
    """Start, or wait for a place."""
    return await _and_look(visit, await _tell(visit, "agree", done="agreed", again=partial(home, visit)))


@router.get("/start/more-time")
async def more_time(visit: Patient) -> Response:
    """What makes it hard to decide?"""
    return await _choice(visit, "undecided", None)


@router.post("/start/more-time")
async def undecided(visit: Patient) -> Response:
    """Be asked again later."""
    return await _tell(visit, "undecided", done="more-time")


@router.get("/start/not-now")
async def later(visit: Patient) -> Response:
    """Why later, and from when?"""
    return await _choice(visit, "not-now", None)


@router.post("/start/not-now")
async def not_now(visit: Patient) -> Response:
    """Be offered it again on that day."""
    return await _tell(visit, "not-now", done="not-now")


@router.get("/start/no-thank-you")
async def stop(visit: Patient) -> Response:
    """Are you sure? The door stays open."""
    return await _choice(visit, "withdraw", None)


@router.post("/start/no-thank-you")
async def withdraw(visit: Patient) -> Response:
    """Do not start, or do not go on."""
    return await _tell(visit, "withdraw", done="withdrawn")


@router.post("/offer/take")
async def take(visit: Patient) -> Response:
    """Take the place."""
    return await _and_look(visit, await _tell(visit, "take-offer", done="offer-taken", again=partial(home, visit)))


@router.get("/offer/another-time")
async def another(visit: Patient) -> Response:
    """Why not this place?"""
    return await _choice(visit, "decline-offer", None)


@router.post("/offer/another-time")
async def wait_on(visit: Patient) -> Response:
    """Wait for another place."""
    return await _tell(visit, "decline-offer", done="offer-declined")


@router.get("/appointment/cancel")
async def cannot_come(visit: Patient) -> Response:
    """Why will it not take place?"""
    return await _choice(visit, "cancel-appointment", None)


@router.post("/appointment/cancel")
async def cancel(visit: Patient) -> Response:
    """Cancel it; another one is found."""
    return await _tell(visit, "cancel-appointment", done="appointment-cancelled")


_PAGES = {
    "undecided": "more_time.html",
    "not-now": "not_now.html",
    "withdraw": "stop.html",
    "decline-offer": "another_time.html",
    "cancel-appointment": "cannot_come.html",
}


async def _choice(visit: Visit, step: str, problem: Problem | None) -> Response:
    """The page of one choice; home for whoever cannot choose it now."""
    found = await standing(visit)
    if found.referral is None:
        return visit.go("/")
    can, action = await allowed(visit, found.referral["id"]), step.replace("-", "_")
    if action not in can:
        return visit.go("/")
    detail = await visit.get("referrals", at("referrals", found.referral["id"]), language=visit.language)
    return visit.page(
        _PAGES[step],
        problem=problem,
        referral=detail,
        reasons=_reasons(can, action),
        can=can,
        contacts=options.contacts(visit.t, own=True),
        started=found.is_treated,
    )


def _reasons(can: Allowed, action: str) -> options.Options:
    reasons = can.reasons(action)
    if action == "cancel_appointment":
        return [reason for reason in reasons if reason[0] in options.OWN_REASONS_TO_CANCEL]
    return reasons


async def _tell(visit: Visit, step: str, *, done: str, again: Again | None = None) -> Response:
    """Say what the patient wants of their referral."""
    referral = await _referral(visit)
    return await visit.submit(
        step,
        "referrals",
        at("referrals", referral["id"], step),
        BODIES[step](visit),
        then="/",
        done=done,
        again=again or partial(_choice, visit, step),
    )


async def _referral(visit: Visit) -> Json:
    found = await standing(visit)
    if found.referral is None:
        raise Refused(404, {"code": "not-found"})
    return found.referral


async def _and_look(visit: Visit, answer: Response) -> Response:
    """After a yes, the next page tells what follows: a place is looked for, and the first step made ready."""

    async def is_told() -> bool:
        return await _is_told(visit)

    if answer.status_code == 303:
        await visit.until(is_told)
    return answer


async def _is_told(visit: Visit) -> bool:
    """Questions come before the first part, so a treatment is ready once they are there."""
    found = await standing(visit)
    if found.is_treated and found.episode:
        return await series(visit, found.episode) is not None
    return found.referral is not None and found.referral["status"] in _FOLLOWS_A_YES
