"""Treatment in a group: modules open as the group meets, and who was there has done them."""

from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.modules import complete
from services.interventions.domain.episode.shared import opened, plan_of, said, unlocked
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command
from shared.contracts.envelope import Event


def pace(plans: Plans, state: EpisodeState, command: c.PaceByGroup) -> list[Event]:
    """With a seat in a group nothing opens by itself; without one everything goes on as usual."""
    if state.status not in ("planned", "active") or state.paced_by == command.group_id:
        return []
    paced = e.EpisodePaced(**said(state, command), group_id=command.group_id)
    after = evolve(state, paced)
    return [paced, *(opened(plans, after, command) if state.status == "active" else [])]


def note_session(plans: Plans, state: EpisodeState, command: c.NoteGroupSession) -> list[Event]:
    """Before treatment has begun it is kept: the same session starts treatment, and either fact may come first."""
    if state.status not in ("planned", "active"):
        return []
    told = command.model_dump(include={"number", "module_ids", "attended"})
    noted = e.GroupSessionNoted(**said(state, command), **told)
    if state.status == "planned":
        return [noted]
    return [noted, *_applied(plans, evolve(state, noted), command, command.module_ids, command.attended)]


def kept_sessions(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """What was kept until treatment began."""
    events: list[Event] = []
    for session in state.group_sessions:
        found = _applied(plans, state, command, session.module_ids, session.attended)
        events += found
        for event in found:
            state = evolve(state, event)
    return events


def _applied(
    plans: Plans, state: EpisodeState, command: Command, module_ids: tuple[str, ...], attended: bool
) -> list[Event]:
    """What another version of the programme does not have is passed over."""
    events: list[Event] = []
    for module_id in module_ids:
        if plan_of(plans, state).position(module_id) is None:
            continue
        found: list[Event] = []
        if module_id not in state.unlocked:
            opening = unlocked(state, command, module_id).model_copy(update={"by_group": True})
            found, state = [opening], evolve(state, opening)
        if attended:
            done = c.CompleteModule(now=command.now, actor=command.actor, module_id=module_id)
            following = complete(plans, state, done)
            for event in following:
                state = evolve(state, event)
            found += following
        events += found
    return events
