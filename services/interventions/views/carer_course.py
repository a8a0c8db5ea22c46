"""A caregiver's course as pages need it."""

from pydantic import BaseModel

from services.interventions.catalogue import CarerCourse, CarerPage, served_language
from services.interventions.domain.caregiver_course.state import CaregiverCourseState
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
    young: bool
    before: str | None
    after: str | None


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
        young=state.young,
        before=ids[place - 1] if place else None,
        after=ids[place + 1] if place + 1 < len(ids) else None,
        **_words(shown, language),
    )


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
