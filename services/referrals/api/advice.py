"""Questions that a pain clinician puts to psychology, without or before a referral."""

from typing import Annotated

from fastapi import Query, Response

from services.referrals import access, advice_views
from services.referrals.api.bodies import Body, Text
from services.referrals.api.patients import names_of, refer_consented
from services.referrals.api.router import router
from services.referrals.domain.advice import commands as c
from services.referrals.views import ActionView
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic, Language
from shared.runtime.aggregate import derived_id
from shared.runtime.http import Caller, Found, allow

CLINICIANS = ("referrer", "psychology")


class QuestionBody(Body):
    """Whom the question is about, and whether psychology may make a referral of it."""

    patient_id: Identifier
    question: Text = ""
    topic: AdviceTopic
    may_convert: bool = False


class AskBackBody(Body):
    """What psychology needs to know first."""

    question: Text = ""


class ExplainBody(Body):
    """The referrer's reply."""

    explanation: Text = ""


class AdviceBody(Body):
    """Psychology's answer, and whether a referral would help."""

    answer: Text = ""
    suggests_referral: bool = False


class CloseBody(Body):
    """Why nothing more is to be done."""

    reason_code: AdviceCloseReason


@router.post("/advice", status_code=201)
async def ask_psychology(body: QuestionBody, caller: Caller = allow("referrer")) -> Response:
    """Ask psychology about one's own patient."""
    await caller.load("patient", body.patient_id, may=access.cares_for)
    referrer = caller.user.id
    return await caller.create(
        "advice",
        "advice",
        lambda id: c.AskAdvice(now=caller.now, actor=caller.actor, advice_id=id, referrer_id=referrer, **dict(body)),
    )


@router.get("/advice")
async def questions(
    chosen: Annotated[advice_views.AdviceList | None, Query(alias="list")] = None,
    language: Language = "en",
    caller: Caller = allow(*CLINICIANS),
) -> list[advice_views.AdviceRow]:
    """One of the lists of the caller's role; what is due first comes first."""
    role = caller.user.role
    wanted = chosen or ("mine" if role == "referrer" else "open")
    if wanted not in advice_views.ALLOWED[role]:
        raise Rejected("list-unknown", list=wanted)
    found = await _found(caller, wanted)
    names = await names_of(caller, found)
    return advice_views.in_order(
        [
            advice_views.advice_row(one.id, one.version, one.state, names[one.state.patient_id], caller.now, language)
            for one in found
        ]
    )


@router.get("/advice/{advice_id}")
async def question(
    advice_id: str, language: Language = "en", caller: Caller = allow(*CLINICIANS)
) -> advice_views.AdviceView:
    """One question with all that was said."""
    one = await caller.load("advice", advice_id, may=access.sees_advice)
    names = await names_of(caller, [one])
    name = names[one.state.patient_id]
    return advice_views.advice_view(one.id, one.version, one.state, name, caller.user, caller.now, language)


@router.get("/advice/{advice_id}/actions")
async def advice_actions(
    advice_id: str, language: Language = "en", caller: Caller = allow(*CLINICIANS)
) -> list[ActionView]:
    """What the caller may do with it now, and why not the rest."""
    one = await caller.load("advice", advice_id, may=access.sees_advice)
    consented = await refer_consented(caller, one.state.patient_id)
    return advice_views.action_views(one.state, caller.user, consented, language)


@router.post("/advice/{advice_id}/answer")
async def answer_question(advice_id: str, body: AdviceBody, caller: Caller = allow("psychology")) -> Response:
    """Answer the pain clinician."""
    return await _change(caller, advice_id, c.AnswerAdvice(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/advice/{advice_id}/ask_back")
async def ask_back(advice_id: str, body: AskBackBody, caller: Caller = allow("psychology")) -> Response:
    """Ask the pain clinician something first."""
    return await _change(caller, advice_id, c.AskBack(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/advice/{advice_id}/explain")
async def explain(advice_id: str, body: ExplainBody, caller: Caller = allow("referrer")) -> Response:
    """Reply to what psychology asked back."""
    return await _change(caller, advice_id, c.ExplainAdvice(now=caller.now, actor=caller.actor, **dict(body)))


@router.post("/advice/{advice_id}/convert")
async def convert(advice_id: str, caller: Caller = allow(*CLINICIANS)) -> Response:
    """Make a referral draft of it. One question makes one referral, whose id follows from its own."""
    one = await caller.load("advice", advice_id, may=access.sees_advice)
    consented = await refer_consented(caller, one.state.patient_id)
    command = c.ConvertAdvice(
        now=caller.now,
        actor=caller.actor,
        referral_id=derived_id("referral", advice_id),
        refer_consented=consented,
    )
    return await _change(caller, advice_id, command)


@router.post("/advice/{advice_id}/close")
async def close(advice_id: str, body: CloseBody, caller: Caller = allow(*CLINICIANS)) -> Response:
    """Nothing more is to be done."""
    return await _change(caller, advice_id, c.CloseAdvice(now=caller.now, actor=caller.actor, **dict(body)))


async def _change(caller: Caller, advice_id: str, command: Command) -> Response:
    return await caller.change("advice", advice_id, command, may=access.sees_advice)


async def _found(caller: Caller, wanted: advice_views.AdviceList) -> list[Found]:
    """The questions of a list, and of these only those that the caller may see."""
    statuses = advice_views.STATUSES[wanted]
    if caller.user.role == "referrer":
        found = await caller.find("advice", referrer_id=caller.user.id)
    else:
        found = [one for status in statuses for one in await caller.find("advice", status=status.value)]
    return [one for one in found if one.state.status in statuses and access.sees_advice(caller.user, one.state)]
