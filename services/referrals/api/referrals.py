"""Referrals: from a draft to a closed loop, and the lists that people work from."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from services.referrals import access, views
from services.referrals.api import bodies
from services.referrals.api.patients import refer_consented
from services.referrals.api.router import router
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import lists
from shared.contracts.commands import Command, Rejected
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, Found, allow

READERS = ("referrer", "psychology", "patient", "service")
CLINICIANS_AND_PATIENT = ("referrer", "psychology", "patient")
MOST_COUNTED = 1000
"""Beyond this, how many there are changes nothing for whoever works through them, and counting on would take longer."""


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
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    language: Language = "en",
    caller: Caller = allow(*READERS),
) -> views.ReferralList:
    """A page of one of the lists of the caller's role; in each stage the longest wait first."""
    role = caller.user.role
    chosen = worklist or ("mine" if role in ("referrer", "patient") else "all_open")
    if chosen not in views.ALLOWED[role]:
        raise Rejected("list-unknown", list=chosen)
    key, prefix = views.listed_by(chosen, caller.user)
    page = await caller.page("referral", key, prefix, after=after, limit=limit, may=access.sees_referral)
    total = await caller.count("referral", key, prefix, MOST_COUNTED)
    return views.ReferralList(rows=await _rows(caller, page.found, language), next=page.next, total=total)


@router.get("/patients/{patient_id}/referrals")
async def of_patient(
    patient_id: str, language: Language = "en", caller: Caller = allow(*READERS)
) -> list[views.ReferralRow]:
    """All of one patient's referrals that the caller may see, in the order of the lists."""
    await caller.load("patient", patient_id, may=access.sees_patient)
    found = await caller.find("referral", patient_id=patient_id)
    seen = [one for one in found if access.sees_referral(caller.user, one.state)]
    return await _rows(caller, sorted(seen, key=lambda one: str(lists.keys(one.state)[lists.REFERRER])), language)


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


async def _rows(caller: Caller, found: Sequence[Found], language: Language) -> list[views.ReferralRow]:
    ids = {one.state.patient_id for one in found}
    patients = await caller.load_many("patient", ids, may=access.of_a_referral_seen)
    names = {id: patient.state.name for id, patient in patients.items()}
    role, now = caller.user.role, caller.now
    return [
        views.referral_row(one.id, one.version, one.state, names.get(one.state.patient_id), role, now, language)
        for one in found
    ]
