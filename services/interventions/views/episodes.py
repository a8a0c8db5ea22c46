"""Episodes as screens need them: worklists, one episode, its modules, and the programmes on offer."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.catalogue import Programme, served_language
from services.interventions.content import Content
from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.state import (
    EarlierProgramme,
    EpisodeState,
    EpisodeStatus,
    NextModule,
    RecordedMeasure,
    RequestedMeasures,
)
from services.interventions.reactions import series_of
from services.interventions.views.reading import in_one_language
from shared.contracts.commands import Rejected
from shared.contracts.interventions import ReviewMoment
from shared.contracts.referrals import EndDetail, EndReason, Language
from shared.runtime.core import Found

ModuleState = Literal["done", "set_aside", "open", "locked"]


class EpisodeRow(BaseModel):
    """One line of a worklist. `since` is when the status, or readiness to finish, last changed."""

    id: str
    version: int
    status: EpisodeStatus | None
    patient_id: str
    referral_id: str
    programme_id: str
    programme_version: int
    programme_title: str
    modules_done: int
    modules_total: int
    ready: bool
    since: datetime | None
    waiting_days: int
    last_done_at: datetime | None


class EarlierRow(BaseModel):
    """A programme that the treatment went through before the present one. `modules` are the titles by id."""

    programme_title: str
    step: int
    modules_done: int
    modules_total: int
    modules: dict[str, str]


class EpisodeDetail(EpisodeRow):
    """All that an episode knows, and the id of its questionnaires. `newer_version` is one that it may move to."""

    step: int
    series_id: str
    review: ReviewMoment | None
    open_alerts: int
    earlier: tuple[EarlierRow, ...]
    upcoming: NextModule | None
    newer_version: int | None
    requested: tuple[RequestedMeasures, ...]
    recorded: tuple[RecordedMeasure, ...]
    end_reason: EndReason | None
    end_detail: EndDetail | None


class ModuleRow(BaseModel):
    """A module in the list. `opens_at` is known for what waits for nothing but its day."""

    id: str
    number: int
    title: str
    minutes: int
    state: ModuleState
    opens_at: datetime | None = None
    done_at: datetime | None = None


class ModuleContent(BaseModel):
    """A module to read, whole in one language."""

    episode_id: str
    version: int
    number: int
    total: int
    minutes: int
    state: ModuleState
    language: Language
    content: dict[str, object]


class ProgrammeRow(BaseModel):
    """A version of a programme on offer."""

    id: str
    version: int
    title: str
    summary: str
    step: int
    modules: tuple[str, ...]


def worklist(content: Content, found: list[Found], now: datetime, language: str) -> list[EpisodeRow]:
    """Whoever waits longest comes first."""
    rows = [episode_row(content, one, now, language) for one in found]
    return sorted(rows, key=lambda row: (row.since or now, row.id))


def episode_row(content: Content, found: Found, now: datetime, language: str) -> EpisodeRow:
    """One episode as a line."""
    state: EpisodeState = found.state
    programme = content.programme(state)
    return EpisodeRow(
        id=found.id,
        version=found.version,
        status=state.status,
        patient_id=state.patient_id,
        referral_id=state.referral_id,
        programme_id=state.programme_id,
        programme_version=state.programme_version,
        programme_title=programme.title.in_(language),
        modules_done=len(state.done),
        modules_total=len(programme.order),
        ready=state.ready,
        since=state.since,
        waiting_days=(now - state.since).days if state.since else 0,
        last_done_at=state.done[-1].at if state.done else None,
    )


def episode_detail(content: Content, found: Found, now: datetime, language: str) -> EpisodeDetail:
    """One episode in full."""
    state: EpisodeState = found.state
    newer = content.plans.later(state.programme_id, state.programme_version)
    return EpisodeDetail(
        **episode_row(content, found, now, language).model_dump(),
        step=state.step,
        series_id=series_of(found.id, state.later_programme),
        review=state.review.moment if state.review else None,
        open_alerts=len(state.open_alerts),
        earlier=tuple(_earlier(content, one, language) for one in state.earlier),
        upcoming=next(iter(openings(content.plans, state)), None) if state.status == "active" else None,
        newer_version=newer.version if newer else None,
        requested=state.requested,
        recorded=state.recorded,
        end_reason=state.end_reason,
        end_detail=state.end_detail,
    )


def _earlier(content: Content, before: EarlierProgramme, language: str) -> EarlierRow:
    programme = content.catalogue.programme(before.programme_id, before.version)
    return EarlierRow(
        programme_title=programme.title.in_(language),
        step=before.step,
        modules_done=len(before.done),
        modules_total=len(programme.order),
        modules={module.id: module.title.in_(language) for module in programme.modules},
    )


def module_rows(content: Content, state: EpisodeState, language: str) -> list[ModuleRow]:
    """The modules in their order."""
    done_at = {module.module_id: module.at for module in state.done}
    opens_at = _opens_at(content, state)
    return [
        ModuleRow(
            id=module.id,
            number=number,
            title=module.title.in_(language),
            minutes=module.minutes,
            state=module_state(state, module.id),
            opens_at=opens_at.get(module.id),
            done_at=done_at.get(module.id),
        )
        for number, module in enumerate(content.programme(state).modules, start=1)
    ]


def module_content(
    content: Content, found: Found, module_id: str, language: str, *, may_read_ahead: bool
) -> ModuleContent:
    """The words of one module. Raises `Rejected` for a module that is not there, or not open to this reader."""
    state: EpisodeState = found.state
    programme = content.programme(state)
    if module_id not in (place.id for place in programme.order):
        raise Rejected("module-unknown", module_id=module_id)
    standing = module_state(state, module_id)
    if standing == "locked" and not may_read_ahead:
        opens = _opens_at(content, state).get(module_id)
        raise Rejected("module-locked", module_id=module_id, **({"opens_at": opens.isoformat()} if opens else {}))
    return ModuleContent(
        episode_id=found.id,
        version=found.version,
        number=programme.position(module_id),
        total=len(programme.order),
        minutes=programme.module(module_id).minutes,
        state=standing,
        language=served_language(language),
        content=in_one_language(programme.module(module_id), language),
    )


def module_state(state: EpisodeState, module_id: str) -> ModuleState:
    """Done, open to be done, or locked."""
    if state.is_done(module_id):
        return "done"
    if module_id in state.ended:
        return "set_aside"
    return "open" if module_id in state.unlocked else "locked"


def programme_row(programme: Programme, language: str) -> ProgrammeRow:
    """One programme on offer."""
    return ProgrammeRow(
        id=programme.id,
        version=programme.version,
        title=programme.title.in_(language),
        summary=programme.summary.in_(language),
        step=programme.step,
        modules=tuple(module.title.in_(language) for module in programme.modules),
    )


def _opens_at(content: Content, state: EpisodeState) -> dict[str, datetime]:
    """Only a running treatment opens anything."""
    if state.status != "active":
        return {}
    return {one.module_id: one.opens_at for one in openings(content.plans, state)}
