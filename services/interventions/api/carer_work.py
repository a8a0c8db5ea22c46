"""Routes of those who answer caregivers: worklists of requests for support and of words to the team."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from services.interventions import carer_access as access
from services.interventions.api.serving import Body
from services.interventions.carer_reactions import carer_check_of
from services.interventions.domain.caregiver_support import commands as s
from services.interventions.domain.caregiver_word import commands as w
from services.interventions.views import carers as view
from shared.contracts.interventions.caregiver import SupportKind
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["caregivers"])


class AnswerBody(Body):
    """What the team offers, in words that the caregiver reads."""

    kind: SupportKind
    words: s.CarerWords | None = None


class ReplyBody(Body):
    """A few words back. Nothing of anybody's record belongs in them."""

    text: s.CarerWords


class SupportDetail(BaseModel):
    """One request, and how the caregiver said they are."""

    request: view.SupportRow
    checks: tuple[view.GivenView, ...]


@router.get("/caregiver-support")
async def list_support(caller: Caller = allow("psychology")) -> list[view.SupportRow]:
    """Requests that are not closed, urgent ones first."""
    found = await caller.find("caregiver_support", open="yes")
    return view.requests([one for one in found if access.looks_after_carers(caller.user, one.state)], caller.now)


@router.get("/caregiver-support/{request_id}")
async def read_support(request_id: str, caller: Caller = allow("psychology")) -> SupportDetail:
    """One request. Only of whoever has one psychology reads how they are."""
    found = await caller.load("caregiver_support", request_id, may=access.looks_after_carers)
    check_id = carer_check_of(found.state.caregiver_id)
    checks = await caller.load_many("caregiver_check", [check_id], may=access.reads_check_of_request)
    given = view.given(checks[check_id].state) if check_id in checks else ()
    return SupportDetail(request=view.support(found, caller.now), checks=given)


@router.post("/caregiver-support/{request_id}/take")
async def take_support(request_id: str, caller: Caller = allow("psychology")) -> Response:
    """Look after it."""
    command = s.TakeCarerSupport(now=caller.now, actor=caller.actor)
    return await caller.change("caregiver_support", request_id, command, may=access.looks_after_carers)


@router.post("/caregiver-support/{request_id}/answer")
async def answer_support(request_id: str, body: AnswerBody, caller: Caller = allow("psychology")) -> Response:
    """Offer something."""
    command = s.AnswerCarerSupport(now=caller.now, actor=caller.actor, kind=body.kind, words=body.words)
    return await caller.change("caregiver_support", request_id, command, may=access.looks_after_carers)


@router.post("/caregiver-support/{request_id}/close")
async def close_support(request_id: str, caller: Caller = allow("psychology")) -> Response:
    """There is nothing left to do."""
    command = s.CloseCarerSupport(now=caller.now, actor=caller.actor)
    return await caller.change("caregiver_support", request_id, command, may=access.looks_after_carers)


@router.get("/caregiver-words")
async def list_words(about: str | None = None, caller: Caller = allow("psychology")) -> list[view.WordRow]:
    """Words that nobody has read yet; with `about`, all about one person."""
    where = {"about_id": about} if about else {"unread": "yes"}
    found = await caller.find("caregiver_word", **where)
    return view.words([one for one in found if access.looks_after_carers(caller.user, one.state)])


@router.get("/caregiver-words/{word_id}")
async def read_word(word_id: str, caller: Caller = allow("psychology")) -> view.WordRow:
    """One word."""
    return view.word(await caller.load("caregiver_word", word_id, may=access.looks_after_carers))


@router.post("/caregiver-words/{word_id}/read")
async def note_word_read(word_id: str, caller: Caller = allow("psychology")) -> Response:
    """It was read: nobody else is called."""
    command = w.ReadCaregiverWord(now=caller.now, actor=caller.actor)
    return await caller.change("caregiver_word", word_id, command, may=access.looks_after_carers)


@router.post("/caregiver-words/{word_id}/reply")
async def reply_to_word(word_id: str, body: ReplyBody, caller: Caller = allow("psychology")) -> Response:
    """Say a few words back."""
    command = w.ReplyToCaregiverWord(now=caller.now, actor=caller.actor, text=body.text)
    return await caller.change("caregiver_word", word_id, command, may=access.looks_after_carers)
