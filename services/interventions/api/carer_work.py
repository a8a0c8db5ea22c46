"""Routes of those who answer caregivers: worklists of requests for support and of words to the team."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.interventions import carer_access as access
from services.interventions.api.serving import Body
from services.interventions.carer_reactions import carer_check_of
from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_support import commands as s
from services.interventions.domain.caregiver_word import commands as w
from services.interventions.domain.over import OVER, PREFIX
from services.interventions.views import carers as view
from shared.contracts.interventions.caregiver import SupportKind
from shared.runtime.core import Found
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["caregivers"])

After = Annotated[str | None, Query(max_length=1000)]
Limit = Annotated[int, Query(ge=1, le=200)]


class AnswerBody(Body):
    """What the team offers, in words that the caregiver reads."""

    kind: SupportKind
    words: s.CarerWords | None = None


class ReplyBody(Body):
    """A few words back. Nothing of anybody's record belongs in them."""

    text: s.CarerWords


@router.get("/caregiver-support")
async def list_support(caller: Caller = allow("psychology")) -> list[view.SupportRow]:
    """Requests that are not closed, urgent ones first. Only of whoever has one psychology reads how they are."""
    found = await caller.find("caregiver_support", open="yes")
    seen = [one for one in found if access.looks_after_carers(caller.user, one.state)]
    return view.in_order(await _with_checks(caller, seen))


@router.get("/caregiver-support/over")
async def list_closed_support(
    after: After = None, limit: Limit = 50, caller: Caller = allow("psychology")
) -> view.SupportPage:
    """Requests that are closed, the newest first."""
    may = access.looks_after_carers
    page = await caller.page("caregiver_support", OVER, PREFIX, after=after, limit=limit, may=may)
    return view.SupportPage(rows=[view.support(one, caller.now) for one in page.found], next=page.next)


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


@router.get("/caregiver-words/over")
async def list_read_words(
    after: After = None, limit: Limit = 50, caller: Caller = allow("psychology")
) -> view.WordPage:
    """Words that somebody has read, the newest first."""
    may = access.looks_after_carers
    page = await caller.page("caregiver_word", OVER, PREFIX, after=after, limit=limit, may=may)
    return view.WordPage(rows=[view.word(one) for one in page.found], next=page.next)


@router.get("/caregiver-people/{caregiver_id}")
async def read_person(caregiver_id: str, caller: Caller = allow("psychology")) -> view.CarerPerson:
    """One caregiver who has asked for support or told the team something. Of anybody else there is nothing to read."""
    may = access.looks_after_carers
    asked = [o for o in await caller.find("caregiver_support", caregiver_id=caregiver_id) if may(caller.user, o.state)]
    told = [o for o in await caller.find("caregiver_word", caregiver_id=caregiver_id) if may(caller.user, o.state)]
    if not asked and not told:
        raise NotFound(caregiver_id)
    checked = (await _checks(caller, asked)).get(caregiver_id)
    return view.CarerPerson(
        caregiver_id=caregiver_id,
        phone=view.reached_at(checked, asked, told),
        checks=view.given(checked) if checked else (),
        requests=view.in_order(view.support(one, caller.now) for one in asked),
        words=view.words(told),
    )


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


async def _with_checks(caller: Caller, found: Sequence[Found]) -> list[view.SupportRow]:
    checks = await _checks(caller, found)
    return [view.support(one, caller.now, checks.get(one.state.caregiver_id)) for one in found]


async def _checks(caller: Caller, requests: Sequence[Found]) -> dict[str, CaregiverCheckState]:
    """How those who have these requests said they are, by caregiver."""
    ids = {carer_check_of(one.state.caregiver_id) for one in requests}
    checks = await caller.load_many("caregiver_check", ids, may=access.reads_check_of_request)
    return {one.state.caregiver_id: one.state for one in checks.values()}
