"""What somebody may do with an episode now, and why not. The rules themselves are asked, so that no copy can differ."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from services.interventions.content import Content
from services.interventions.domain.codes import CODES
from services.interventions.domain.episode.commands import (
    CompleteModule,
    FinishEpisode,
    MigrateEpisode,
    SetModuleAside,
    UnlockModule,
)
from services.interventions.domain.episode.decide import decide
from services.interventions.domain.episode.state import EpisodeState
from shared.contracts.commands import Command, Rejected
from shared.runtime.auth import User

OfModule = CompleteModule | SetModuleAside | UnlockModule
_ANY_TEXT = "-"


class Action(BaseModel):
    """`why_not` is a sentence for people, `code` and `detail` what the same attempt would be refused with."""

    action: str
    allowed: bool
    module_id: str | None = None
    code: str | None = None
    why_not: str | None = None
    detail: dict[str, str | int] = {}


def actions(content: Content, state: EpisodeState, user: User, now: datetime) -> list[Action]:
    """In the order in which they usually come. Nobody else than the patient and psychology has any."""
    if user.role not in ("patient", "psychology"):
        return []
    who = {"now": now, "actor": user.actor}
    ids = [place.id for place in content.programme(state).order]
    to_do = sorted((i for i in ids if not state.is_done(i)), key=lambda i: i not in state.unlocked)
    to_leave = [i for i in to_do if i not in state.ended]
    to_open = [i for i in ids if i not in state.unlocked]
    left = [SetModuleAside(**who, module_id=i, reason_code="other") for i in to_leave]
    found = [
        _module_action(content, state, "complete_module", [CompleteModule(**who, module_id=i) for i in to_do]),
        _module_action(content, state, "set_module_aside", left),
    ]
    newer = content.plans.later(state.programme_id, state.programme_version)
    if newer:
        found.append(_tried(content, state, "migrate", MigrateEpisode(**who, version=newer.version)))
    if user.role == "psychology":
        early = [UnlockModule(**who, module_id=i, reason=_ANY_TEXT) for i in to_open]
        found.append(_module_action(content, state, "unlock_module", early))
        completed = FinishEpisode(**who, end_reason="completed", recommendation=_ANY_TEXT)
        found.append(_tried(content, state, "finish_completed", completed))
        stopped = FinishEpisode(**who, end_reason="stopped_by_patient")
        found.append(_tried(content, state, "finish_early", stopped))
    return found


def _module_action(
    content: Content,
    state: EpisodeState,
    action: str,
    attempts: Sequence[OfModule],
) -> Action:
    """Offered for the first module that it could concern."""
    if not attempts:
        return Action(action=action, allowed=False, code="nothing-left", why_not=CODES["nothing-left"])
    return _tried(content, state, action, attempts[0]).model_copy(update={"module_id": attempts[0].module_id})


def _tried(content: Content, state: EpisodeState, action: str, attempt: Command) -> Action:
    try:
        decide(content.plans, state, attempt)
    except Rejected as refusal:
        why_not = CODES[refusal.code]
        return Action(action=action, allowed=False, code=refusal.code, why_not=why_not, detail=refusal.detail)
    return Action(action=action, allowed=True)
