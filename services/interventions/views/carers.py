"""A caregiver's own things as pages need them, and the worklists of those who answer them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from services.interventions.catalogue import CarerCourse, CarerPage, served_language
from services.interventions.domain.caregiver_check.commands import CHECK_QUESTIONS
from services.interventions.domain.caregiver_check.state import CaregiverCheckState
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
from services.interventions.domain.caregiver_support.state import CarerSupportState, SupportStatus
from services.interventions.domain.caregiver_word.state import CaregiverWordState, WordStatus
from shared.contracts.interventions.caregiver import CheckAnswer, SafeAnswer, SupportFrom, SupportKind
from shared.contracts.referrals import Language
from shared.runtime.core import Found


class PartRow(BaseModel):
    """One part of the course. `next_page` is the first that is not read."""

    id: str
    title: str
    minutes: int
    read: int
    pages: int
    done: bool
    next_page: str


class CourseView(BaseModel):
    """The whole course. `next` is where to go on: the part begun last, or the first that is not done."""

    version: int
    language: Language
    young: bool
    parts: tuple[PartRow, ...]
    next: str | None


class PageView(BaseModel):
    """One page of a part, and what comes after it."""

    version: int
    part: str
    part_title: str
    page: str
    number: int
    of: int
    title: str
    text: str
    together: str | None
    coach: str | None
    read: bool
    before: str | None
    after: str | None


class GivenView(BaseModel):
    """One time that they answered; `answers` and `safe` are empty once their key is gone."""

    at: datetime
    answers: dict[str, CheckAnswer]
    safe: SafeAnswer | None
    offered: bool


class CheckView(BaseModel):
    """The questions in order, and what they said before, the newest first. `show_help`: the newest was not safe."""

    version: int
    questions: tuple[str, ...]
    given: tuple[GivenView, ...]
    offered: bool
    show_help: bool


class SupportRow(BaseModel):
    """One request. A caregiver and psychology read the same."""

    id: str
    version: int
    caregiver_id: str
    kind: SupportKind
    words: str | None
    source: SupportFrom
    urgent: bool
    young: bool
    asked_at: datetime | None
    answer_by: datetime | None
    overdue: bool
    taken_by: str | None
    status: SupportStatus
    answer_kind: SupportKind | None
    answer: str | None


class WordRow(BaseModel):
    """One word to the team. `reader_id` says who read it."""

    id: str
    version: int
    caregiver_id: str
    about_id: str
    text: str | None
    may_tell: bool
    worrying: bool
    sent_at: datetime | None
    status: WordStatus
    reader_id: str | None
    reply: str | None


def course(content: CarerCourse, found: Found, language: str) -> CourseView:
    """The course of one caregiver. Parts that they do not meet are not there."""
    state: CaregiverCourseState = found.state
    rows = tuple(_part(content, part.id, state, language) for part in content.shown(state.young))
    undone = [row.id for row in rows if not row.done]
    resumed = state.last_part if state.last_part in undone else next(iter(undone), None)
    served = served_language(language)
    return CourseView(version=found.version, language=served, young=state.young, parts=rows, next=resumed)


def page(content: CarerCourse, found: Found, part_id: str, page_id: str, language: str) -> PageView | None:
    """One page; `None` where this reader has no such page."""
    state: CaregiverCourseState = found.state
    part = next((one for one in content.shown(state.young) if one.id == part_id), None)
    ids = [one.id for one in part.pages] if part else []
    if part is None or page_id not in ids:
        return None
    place = ids.index(page_id)
    shown = part.pages[place]
    return PageView(
        version=found.version,
        part=part.id,
        part_title=part.title.in_(language),
        page=shown.id,
        number=place + 1,
        of=len(ids),
        read=f"{part.id}/{shown.id}" in state.read,
        before=ids[place - 1] if place else None,
        after=ids[place + 1] if place + 1 < len(ids) else None,
        **_words(shown, language),
    )


def check(found: Found) -> CheckView:
    """How they were, for themselves."""
    state: CaregiverCheckState = found.state
    newest = state.given[-1] if state.given else None
    return CheckView(
        version=found.version,
        questions=CHECK_QUESTIONS,
        given=given(state),
        offered=newest is not None and newest.offered,
        show_help=newest is not None and newest.safe == "no",
    )


def given(state: CaregiverCheckState) -> tuple[GivenView, ...]:
    """What they said, the newest first."""
    said = reversed(state.given)
    return tuple(GivenView(at=one.at, answers=one.answers or {}, safe=one.safe, offered=one.offered) for one in said)


def support(found: Found, now: datetime) -> SupportRow:
    """One request for support."""
    state: CarerSupportState = found.state
    late = state.status in ("open", "taken") and state.answer_by is not None and state.answer_by <= now
    said = state.model_dump(include=set(SupportRow.model_fields))
    return SupportRow.model_validate({**said, "id": found.id, "version": found.version, "overdue": late})


def requests(found: Sequence[Found], now: datetime) -> list[SupportRow]:
    """Urgent ones first, then the one that must be answered first."""
    rows = [support(one, now) for one in found]
    return sorted(rows, key=lambda row: (not row.urgent, not row.young, str(row.answer_by), row.id))


def word(found: Found) -> WordRow:
    """One word to the team."""
    state: CaregiverWordState = found.state
    said = state.model_dump(include=set(WordRow.model_fields))
    return WordRow.model_validate({**said, "id": found.id, "version": found.version})


def words(found: Sequence[Found]) -> list[WordRow]:
    """What worries first, then the oldest."""
    return sorted((word(one) for one in found), key=lambda row: (not row.worrying, str(row.sent_at), row.id))


def _part(content: CarerCourse, part_id: str, state: CaregiverCourseState, language: str) -> PartRow:
    part = content.part(part_id)
    if part is None:
        raise LookupError(f"the course has no part {part_id}")
    ids = [one.id for one in part.pages]
    unread = [id for id in ids if f"{part.id}/{id}" not in state.read]
    return PartRow(
        id=part.id,
        title=part.title.in_(language),
        minutes=part.minutes,
        read=len(ids) - len(unread),
        pages=len(ids),
        done=part.id in state.done,
        next_page=next(iter(unread), ids[0]),
    )


def _words(shown: CarerPage, language: str) -> dict[str, str | None]:
    return {
        "title": shown.title.in_(language),
        "text": shown.text.in_(language),
        "together": shown.together.in_(language) if shown.together else None,
        "coach": shown.coach.in_(language) if shown.coach else None,
    }
