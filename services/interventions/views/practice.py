"""Practice at home as pages need it: the dose, this week so far, and the weeks before."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.catalogue import Module, Practice
from services.interventions.content import Content
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.practice.dose import Dose, Week, adherence, weeks
from services.interventions.domain.practice.state import PracticeLogState
from shared.runtime.core import Found


class PracticeRow(BaseModel):
    """One practice. `adherence` is the mean share of the dose over the weeks that have passed, from 0 to 1."""

    id: str
    module_id: str
    text: str
    times: int
    per: Literal["day", "week"]
    today: int
    this_week: Week | None
    weeks: tuple[Week, ...]
    adherence: float | None


class PracticePage(BaseModel):
    """All that somebody practises now, and the version to send when they write something down."""

    episode_id: str
    version: int
    today: date
    practices: tuple[PracticeRow, ...]


def practice_page(
    content: Content, found: Found, log: PracticeLogState, version: int, now: datetime, language: str
) -> PracticePage:
    """The practices of every module that was opened, those of the newest first."""
    episode: EpisodeState = found.state
    today = now.astimezone(content.plans.zone).date()
    opened = [module for module in content.programme(episode).modules if module.id in episode.unlocked]
    rows = [
        _row(content, episode, log, module, practice, today, language)
        for module in reversed(opened)
        for practice in module.practices
    ]
    return PracticePage(episode_id=found.id, version=version, today=today, practices=tuple(rows))


def _row(
    content: Content,
    episode: EpisodeState,
    log: PracticeLogState,
    module: Module,
    practice: Practice,
    today: date,
    language: str,
) -> PracticeRow:
    opened = episode.opened_at.get(module.id) or episode.began_at
    since = opened.astimezone(content.plans.zone).date() if opened else today
    found = weeks(Dose(times=practice.times, per=practice.per), practice.id, since, today, log.days)
    return PracticeRow(
        id=practice.id,
        module_id=module.id,
        text=practice.text.in_(language),
        times=practice.times,
        per=practice.per,
        today=log.times(practice.id, today),
        this_week=found[-1] if found else None,
        weeks=found,
        adherence=adherence(found),
    )
