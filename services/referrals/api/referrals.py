"""Referrals: begun, looked up, and the lists that people work from. Their steps are in `steps.py`."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Response

from services.referrals import access, choosing, views, words
from services.referrals.api import bodies
from services.referrals.api.listing import listed, rows_of
from services.referrals.api.patients import MOST_COUNTED, of_referral
from services.referrals.api.router import router
from services.referrals.api.serving import Configured
from services.referrals.choosing import Wanted
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import lists
from services.referrals.domain.referral.facts import facts
from services.referrals.domain.referral.standings import OPEN
from services.referrals.domain.referral.state import Status
from shared.contracts.commands import Rejected
from shared.contracts.referrals import ConsentScope, Language, Priority
from shared.runtime.http import Caller, allow

READERS = ("referrer", "psychology", "patient", "service")


async def wanted(
    priority: Priority | None = None,
    due: choosing.Due | None = None,
    responsible: Annotated[str | None, Query(max_length=64)] = None,
    contains: Annotated[str | None, Query(max_length=64)] = None,
    sort: choosing.Sort | None = None,
) -> Wanted:
    """Whom the caller asks for in a list."""
    return Wanted(priority, due, responsible or None, (contains or "").strip() or None, sort)


@router.post("/referrals", status_code=201)
async def draft(body: bodies.DraftBody, caller: Caller = allow("referrer", "patient", "caregiver")) -> Response:
    """Begin a referral: for one's own patient, for that of a colleague whom one acts for, for oneself, or for somebody
    who trusts one.
    """
    patient = await caller.load("patient", body.patient_id, may=access.may_ask_for(body.on_behalf_of))
    await _no_open_one(caller, body)
    role = caller.user.role
    referrer = body.on_behalf_of or caller.user.id if role == "referrer" else patient.state.registered_by
    if referrer is None:
        raise Rejected("referrer-unknown")
    fields = body.model_dump(exclude={"on_behalf_of"})
    return await caller.create(
        "referral",
        "referral",
        lambda id: c.DraftReferral(
            now=caller.now, actor=caller.actor, referral_id=id, referrer_id=referrer, requester=role, **fields
        ),
    )


@router.get("/referrals")
async def referrals(
    clinic: Configured,
    worklist: Annotated[views.Worklist | None, Query(alias="list")] = None,
    after: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    identifier: Annotated[str | None, Query(max_length=64)] = None,
    chosen_by: Wanted = Depends(wanted),
    language: Language = "en",
    caller: Caller = allow(*READERS),
) -> views.ReferralList:
    """A page of one of the lists of the caller's role; in each stage the longest wait first. Psychology reads why.

    What is asked for besides is looked for up to `MOST_LOOKED`, and sorted as `listed` says.
    With an `identifier`, those that have it as their number, or as the number that the referring side gave them.
    """
    if identifier is not None:
        return await _by_identifier(caller, identifier, language)
    role = caller.user.role
    chosen = worklist or ("mine" if role in ("referrer", "patient") else "all_open")
    if chosen not in views.ALLOWED[role]:
        raise Rejected("list-unknown", list=chosen)
    key, prefix = views.listed_by(chosen, caller.user)
    if chosen == "awaiting_triage" and chosen_by.priority and chosen_by.sort in (None, "name"):
        prefix, chosen_by = lists.of_priority(prefix, chosen_by.priority), replace(chosen_by, priority=None)
    total = await caller.count("referral", key, prefix, MOST_COUNTED)
    if chosen_by != Wanted():
        some = await listed(caller, chosen, prefix, chosen_by, after, limit, language)
        return views.ReferralList(rows=some.rows, next=some.next, total=total, looked=some.looked)
    page = await caller.page("referral", key, prefix, after=after, limit=limit, may=access.sees_referral)
    rows, order = await rows_of(caller, page.found, language), None
    if role == "psychology":
        order = words.order_sentence(chosen, language)
        for row, one in zip(rows, page.found, strict=True):
            row.why_here = words.standing_sentence(clinic, one.state, caller.now, language)
    return views.ReferralList(rows=rows, next=page.next, total=total, order=order)


@router.get("/patients/{patient_id}/referrals")
async def of_patient(
    patient_id: str, language: Language = "en", caller: Caller = allow(*READERS)
) -> list[views.ReferralRow]:
    """All of one patient's referrals that the caller may see, in the order of the lists."""
    await caller.load("patient", patient_id, may=access.sees_patient)
    found = await caller.find("referral", patient_id=patient_id)
    seen = [one for one in found if access.sees_referral(caller.user, one.state)]
    return await rows_of(caller, sorted(seen, key=lambda one: lists.order(one.state)), language)


@router.get("/referrals/{referral_id}")
async def referral(referral_id: str, language: Language = "en", caller: Caller = allow(*READERS)) -> views.ReferralView:
    """One referral, with all that the caller may see of it."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    patient = await of_referral(caller, found.state.patient_id)
    return views.referral_view(found.id, found.version, found.state, patient, caller.user, caller.now, language)


@router.get("/referrals/{referral_id}/actions")
async def actions(
    referral_id: str,
    response: Response,
    clinic: Configured,
    language: Language = "en",
    caller: Caller = allow(*READERS),
) -> list[views.ActionView]:
    """What the caller may do with it now, and why not the rest. Of the version in `ETag`, and not to be kept."""
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    patient = await of_referral(caller, found.state.patient_id)
    response.headers.update({"ETag": f'"{found.version}"', "Cache-Control": "no-store"})
    given = facts(clinic, found.state, caller.now, ConsentScope.REFER in patient.consents)
    return views.action_views(found.state, caller.user, given, language)


async def _no_open_one(caller: Caller, body: bodies.DraftBody) -> None:
    """Says at once what sending would say later; the unique key is what holds under a race.

    To a trusted person it says nothing of a referral: that there is one is the patient's to know, who sends this one.
    """
    for one in await caller.find("referral", patient_id=body.patient_id):
        if one.state.pathway != body.pathway:
            continue
        if caller.user.role == "caregiver":
            if one.state.status is Status.DRAFT and one.state.author_id == caller.user.id:
                raise Rejected("draft-exists")
        elif one.state.status in OPEN:
            seen = {"referral_id": one.id} if access.sees_referral(caller.user, one.state) else {}
            raise Rejected("already-open", **seen)


async def _by_identifier(caller: Caller, identifier: str, language: Language) -> views.ReferralList:
    found = {
        one.id: one
        for key in ("number", "placer")
        for one in await caller.find("referral", **{key: identifier})
        if access.sees_referral(caller.user, one.state)
    }
    rows = await rows_of(caller, list(found.values()), language)
    return views.ReferralList(rows=rows, next=None, total=len(rows))
