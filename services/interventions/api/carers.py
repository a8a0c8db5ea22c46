"""Routes of somebody whom a patient trusts, for themselves: their course, how they are, support, a word to the team."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from services.interventions import carer_access as access
from services.interventions.api.serving import Body, ReadIn, Served
from services.interventions.carer_reactions import carer_check_of, carer_course_of
from services.interventions.domain.caregiver_check.commands import CarerPhone, GiveCaregiverCheck
from services.interventions.domain.caregiver_course.commands import ReadCaregiverPage
from services.interventions.domain.caregiver_support.commands import AskForCarerSupport, CarerWords
from services.interventions.domain.caregiver_word.commands import SendCaregiverWord
from services.interventions.views import carer_course as course_view
from services.interventions.views import carers as view
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.caregiver import CheckAnswer, SafeAnswer, SupportKind
from shared.runtime.core import Found
from shared.runtime.errors import NotFound, Unavailable
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["caregivers"])


class CheckBody(Body):
    """How they are. Questions may be left out; whether they feel safe may not."""

    answers: dict[str, CheckAnswer] = Field(default={}, max_length=8)
    safe: SafeAnswer | None = None
    phone: CarerPhone | None = None


class SupportBody(Body):
    """What would help."""

    kind: SupportKind
    words: CarerWords | None = None
    phone: CarerPhone | None = None


class WordBody(Body):
    """What the team should know of somebody, and whether the team may say from whom it comes."""

    about_id: Identifier
    text: CarerWords
    may_tell: bool = False
    phone: CarerPhone | None = None


@router.get("/caregivers/{caregiver_id}/course")
async def read_course(
    caregiver_id: str, content: Served, language: ReadIn = "en", caller: Caller = allow("caregiver")
) -> course_view.CourseView:
    """Their course, and where to go on."""
    return course_view.course(content.catalogue.carer_course, await _course(caller, caregiver_id), language)


@router.get("/caregivers/{caregiver_id}/course/{part}/{page}")
async def read_course_page(
    caregiver_id: str,
    part: str,
    page: str,
    content: Served,
    language: ReadIn = "en",
    caller: Caller = allow("caregiver"),
) -> course_view.PageView:
    """One page of it."""
    found = await _course(caller, caregiver_id)
    shown = course_view.page(content.catalogue.carer_course, found, part, page, language)
    if shown is None:
        raise NotFound(f"{part}/{page}")
    return shown


@router.post("/caregivers/{caregiver_id}/course/{part}/{page}")
async def note_page_read(caregiver_id: str, part: str, page: str, caller: Caller = allow("caregiver")) -> Response:
    """They have read it. The part is done with its last page."""
    command = ReadCaregiverPage(now=caller.now, actor=caller.actor, part=part, page=page)
    return await caller.change("caregiver_course", carer_course_of(caregiver_id), command, may=access.is_carer)


@router.get("/caregivers/{caregiver_id}/check")
async def read_check(caregiver_id: str, caller: Caller = allow("caregiver")) -> view.CheckView:
    """How they were, and whether support was offered."""
    return view.check(await caller.load("caregiver_check", carer_check_of(caregiver_id), may=access.is_carer))


@router.post("/caregivers/{caregiver_id}/check")
async def give_check(caregiver_id: str, body: CheckBody, caller: Caller = allow("caregiver")) -> Response:
    """Say how they are."""
    command = GiveCaregiverCheck(now=caller.now, actor=caller.actor, **body.model_dump())
    return await caller.change("caregiver_check", carer_check_of(caregiver_id), command, may=access.is_carer)


@router.get("/caregivers/{caregiver_id}/about")
async def read_about(caregiver_id: str, caller: Caller = allow("caregiver")) -> view.AboutView:
    """The number that they gave last, so that nobody types it twice; and how to speak to them."""
    checked = (await caller.load("caregiver_check", carer_check_of(caregiver_id), may=access.is_carer)).state
    asked = await caller.find("caregiver_support", caregiver_id=caregiver_id)
    told = await caller.find("caregiver_word", caregiver_id=caregiver_id)
    return view.AboutView(phone=view.reached_at(checked, asked, told), young=checked.young)


@router.get("/caregivers/{caregiver_id}/support")
async def list_own_support(caregiver_id: str, caller: Caller = allow("caregiver")) -> list[view.SupportRow]:
    """What they asked for, and what the team offers."""
    found = await caller.find("caregiver_support", caregiver_id=caregiver_id)
    return view.in_order(view.support(one, caller.now) for one in found if access.is_carer(caller.user, one.state))


@router.post("/caregivers/{caregiver_id}/support")
async def ask_for_support(caregiver_id: str, body: SupportBody, caller: Caller = allow("caregiver")) -> Response:
    """Ask for support for themselves."""
    course = await _course(caller, caregiver_id)
    return await caller.create(
        "caregiver_support",
        "carer-support",
        lambda id: AskForCarerSupport(
            now=caller.now,
            actor=caller.actor,
            request_id=id,
            caregiver_id=caregiver_id,
            young=course.state.young,
            **body.model_dump(),
        ),
    )


@router.get("/caregivers/{caregiver_id}/words")
async def list_own_words(caregiver_id: str, caller: Caller = allow("caregiver")) -> list[view.WordRow]:
    """What they told the team, and what came back."""
    found = await caller.find("caregiver_word", caregiver_id=caregiver_id)
    return view.words([one for one in found if access.is_carer(caller.user, one.state)])


@router.post("/caregivers/{caregiver_id}/words")
async def tell_the_team(caregiver_id: str, body: WordBody, caller: Caller = allow("caregiver")) -> Response:
    """Tell the team something about somebody who trusts them. It opens nothing."""
    await _course(caller, caregiver_id)
    if caller.core.permissions is None:
        raise Unavailable("nobody says who trusts whom; set the address of referrals")
    trusted = (await caller.core.permissions.opened(body.about_id, caregiver_id)).named
    return await caller.create(
        "caregiver_word",
        "carer-word",
        lambda id: SendCaregiverWord(
            now=caller.now,
            actor=caller.actor,
            word_id=id,
            caregiver_id=caregiver_id,
            trusted=trusted,
            **body.model_dump(),
        ),
    )


async def _course(caller: Caller, caregiver_id: str) -> Found:
    """The course, which whoever takes part has. Raises `NotFound`."""
    return await caller.load("caregiver_course", carer_course_of(caregiver_id), may=access.is_carer)
