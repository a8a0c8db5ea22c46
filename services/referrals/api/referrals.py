"""Referrals: from a draft to a closed loop, and the lists that people work from."""

from typing import Annotated

from fastapi import Query, Response

from services.referrals import access, views
from services.referrals.api import bodies
from services.referrals.api.patients import names_of, refer_consented
from services.referrals.api.router import router
from services.referrals.domain.referral import commands as c
from shared.contracts.commands import Command, Rejected
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, Found, allow

READERS = ("referrer", "psychology", "patient", "service")
CLINICIANS_AND_PATIENT = ("referrer", "psychology", "patient")


@router.post("/referrals", status_code=201)
async def draft(body: bodies.DraftBody, caller: Caller = allow("referrer")) -> Response:
    """Begin a referral for one's own patient."""
    await caller.load("patient", body.patient_id, may=access.cares_for)
    referrer = caller.user.id
    return await caller.create(
        "referral",
        "referral",
        lambda id: c.DraftReferral(
            now=caller.now, actor=caller.actor, referral_id=id, referrer_id=referrer, **dict(body)
        ),
    )


@router.get("/referrals")
async def referrals(
    worklist: Annotated[views.Worklist | None, Query(alias="list")] = None,
    language: Language = "en",
    caller: Caller = allow(*READERS),
) -> list[views.ReferralRow]:
    """One of the lists of the caller's role; the longest wait first."""
    role = caller.user.role
    chosen = worklist or ("mine" if role in ("referrer", "patient") else "all_open")
    if chosen not in views.ALLOWED[role]:
        raise Rejected("list-unknown", list=chosen)
    found = await _found(caller, chosen)
    names = await names_of(caller, found)
    rows = [
        views.referral_row(one.id, one.version, one.state, names[one.state.patient_id], role, caller.now, language)
        for one in found
    ]
    return views.in_order(rows, chosen)


@router.get("/referrals/{referral_id}")
async def referral(referral_id: str, language: Language = "en", caller: Caller = allow(*READERS)) -> views.ReferralView:
    """One referral, with all that the caller may see of it."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    patient = await caller.load("patient", found.state.patient_id, may=access.of_a_referral_seen)
    return views.referral_view(found.id, found.version, found.state, patient.state, caller.user, caller.now, language)


@router.get("/referrals/{referral_id}/actions")
async def actions(
    referral_id: str, language: Language = "en", caller: Caller = allow(*READERS)
) -> list[views.ActionView]:
    """What the caller may do with it now, and why not the rest."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    consented = await refer_consented(caller, found.state.patient_id)
    return views.action_views(found.state, caller.user, consented, language)


@router.post("/referrals/{referral_id}/submit")
async def submit(referral_id: str, body: bodies.SubmitBody, caller: Caller = allow("referrer")) -> Response:
    """Send it to psychology."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    consented = await refer_consented(caller, found.state.patient_id)
    command = c.SubmitReferral(now=caller.now, actor=caller.actor, refer_consented=consented, **dict(body))
    return await _change(caller, referral_id, command)


@router.post("/referrals/{referral_id}/ask")
async def ask(referral_id: str, body: bodies.AskBody, caller: Caller = allow("psychology")) -> Response:
    """Ask the referrer for more."""
    return await _change(caller, referral_id, c.AskForInformation(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/answer")
async def answer(referral_id: str, body: bodies.AnswerBody, caller: Caller = allow("referrer")) -> Response:
    """Answer psychology's question."""
    return await _change(caller, referral_id, c.ProvideInformation(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/accept")
async def accept(referral_id: str, body: bodies.AcceptBody, caller: Caller = allow("psychology")) -> Response:
    """Say yes, and into what."""
    return await _change(caller, referral_id, c.AcceptReferral(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/return")
async def send_back(referral_id: str, body: bodies.ReturnBody, caller: Caller = allow("psychology")) -> Response:
    """Send it back with advice."""
    return await _change(caller, referral_id, c.ReturnReferral(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/decline")
async def decline(referral_id: str, body: bodies.DeclineBody, caller: Caller = allow("psychology")) -> Response:
    """Say no, and why."""
    return await _change(caller, referral_id, c.DeclineReferral(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/agree")
async def agree(referral_id: str, caller: Caller = allow(*CLINICIANS_AND_PATIENT)) -> Response:
    """The patient wants to start."""
    return await _change(caller, referral_id, c.AgreeReferral(now=caller.now, actor=caller.actor))


@router.post("/referrals/{referral_id}/undecided")
async def undecided(
    referral_id: str, body: bodies.UndecidedBody, caller: Caller = allow(*CLINICIANS_AND_PATIENT)
) -> Response:
    """The patient needs time."""
    return await _change(caller, referral_id, c.RecordUndecided(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/referrals/{referral_id}/withdraw")
async def withdraw(referral_id: str, caller: Caller = allow(*CLINICIANS_AND_PATIENT)) -> Response:
    """The patient does not want it any more."""
    return await _change(caller, referral_id, c.WithdrawReferral(now=caller.now, actor=caller.actor))


@router.post("/referrals/{referral_id}/acknowledge")
async def acknowledge(referral_id: str, caller: Caller = allow("referrer")) -> Response:
    """The referrer has read the outcome."""
    return await _change(caller, referral_id, c.AcknowledgeOutcome(now=caller.now, actor=caller.actor))


async def _change(caller: Caller, referral_id: str, command: Command) -> Response:
    return await caller.change("referral", referral_id, command, may=access.sees_referral)


async def _found(caller: Caller, worklist: views.Worklist) -> list[Found]:
    """The referrals of a list, and of these only those that the caller may see."""
    statuses = views.STATUSES[worklist]
    own = {"referrer": "referrer_id", "patient": "patient_id"}.get(caller.user.role)
    if own is not None:
        found = await caller.find("referral", **{own: caller.user.id})
    else:
        found = [one for status in statuses for one in await caller.find("referral", status=status.value)]
    return [one for one in found if one.state.status in statuses and access.sees_referral(caller.user, one.state)]
