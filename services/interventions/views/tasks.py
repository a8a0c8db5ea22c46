"""All that somebody may do, each in one of five states, and what each state means to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions import words
from services.interventions.catalogue import Module, served_language
from services.interventions.content import Content
from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.schedule import TaskState
from services.interventions.domain.series.state import Form, SeriesState
from services.interventions.views.activities import doings
from shared.runtime.core import Found


class Task(BaseModel):
    """`answer` is what to say to the person who comes to it now. `opens_at` and `closes_at` are there where known."""

    kind: Literal["module", "activity", "questions"]
    id: str
    module_id: str | None = None
    number: int | None = None
    title: str
    state: TaskState
    answer: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def tasks(
    content: Content,
    episode: Found,
    series: SeriesState | None,
    records: Sequence[Found],
    now: datetime,
    language: str,
) -> list[Task]:
    """Questions first, then the modules in their order, each with its activities."""
    found = [_questions(content, form, language) for form in series.forms] if series else []
    for module in content.programme(episode.state).modules:
        found.append(_module(content, episode.state, module, records, language))
        if module.id in episode.state.unlocked:
            found += _activities(content, episode, module, records, now, language)
    return found


def _questions(content: Content, form: Form, language: str) -> Task:
    state: TaskState = "done" if form.reading is not None else "in_progress" if form.answers else "due"
    title = content.clinic.measures.wording(form.measure, served_language(language)).title
    return _task("questions", f"{form.occasion}/{form.measure}", title, state, language)


def _module(content: Content, state: EpisodeState, module: Module, records: Sequence[Found], language: str) -> Task:
    opens_at = {one.module_id: one.opens_at for one in openings(content.plans, state)}.get(module.id)
    standing: TaskState = "due"
    if state.is_done(module.id):
        standing = "done"
    elif module.id in state.ended:
        standing = "expired"
    elif module.id not in state.unlocked:
        standing = "not_yet_open"
    elif any(one.state.module_id == module.id for one in records):
        standing = "in_progress"
    task = _task("module", module.id, module.title.in_(language), standing, language)
    return task.model_copy(update={"module_id": module.id, "opens_at": opens_at})


def _activities(
    content: Content, episode: Found, module: Module, records: Sequence[Found], now: datetime, language: str
) -> list[Task]:
    found = []
    for activity in module.activities:
        last = doings(content, episode, module, activity, records, now)[-1]
        task = _task("activity", activity.id, activity.title.in_(language), last.state, language)
        where = {"module_id": module.id, "number": last.number, "opens_at": last.opens_at, "closes_at": last.closes_at}
        found.append(task.model_copy(update=where))
    return found


def _task(
    kind: Literal["module", "activity", "questions"], id: str, title: str, state: TaskState, language: str
) -> Task:
    return Task(kind=kind, id=id, title=title, state=state, answer=words.TASKS[state].in_(language))
