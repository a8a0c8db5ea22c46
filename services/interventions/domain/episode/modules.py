"""Modules open, are done, or are set aside; and a treatment moves to a newer version of its programme."""

from services.interventions.domain.actor import staff_id
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.checking import after_module
from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.ending import say_ready
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.shared import opened, plan_of, request, require_active, unlocked
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plan, Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def complete(plans: Plans, state: EpisodeState, command: c.CompleteModule) -> list[Event]:
    """One that was set aside may be done after all."""
    plan = _require_open(plans, state, command.module_id)
    if state.is_done(command.module_id):
        return []
    completed = e.ModuleCompleted(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        module_id=command.module_id,
        done=len(state.done) + 1,
        total=len(plan.steps),
    )
    return _ended(plans, state, command, completed)


def set_aside(plans: Plans, state: EpisodeState, command: c.SetModuleAside) -> list[Event]:
    """Not while the person only waits: what they may do then is an offer."""
    require_active(state)
    _require_open(plans, state, command.module_id)
    if command.module_id in state.ended:
        return []
    aside = e.ModuleSetAside(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        module_id=command.module_id,
        reason_code=command.reason_code,
    )
    return _ended(plans, state, command, aside)


def unlock(plans: Plans, state: EpisodeState, command: c.UnlockModule) -> list[Event]:
    require_active(state)
    if not command.reason:
        raise Rejected("reason-missing")
    if plan_of(plans, state).position(command.module_id) is None:
        raise Rejected("module-unknown", module_id=command.module_id)
    if command.module_id in state.unlocked:
        return []
    opened = unlocked(state, command, command.module_id)
    return [opened.model_copy(update={"overridden_by": staff_id(command.actor), "reason": command.reason})]


def migrate(plans: Plans, state: EpisodeState, command: c.MigrateEpisode) -> list[Event]:
    if state.status != "planned":
        require_active(state)
    if command.version == state.programme_version:
        return []
    newer = plans.later(state.programme_id, state.programme_version)
    if newer is None or newer.version != command.version:
        raise Rejected("version-not-offered", version=command.version)
    kept = [step.module_id for step in newer.steps]
    had = [step.module_id for step in plan_of(plans, state).steps]
    migrated = e.EpisodeMigrated(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        programme_version=newer.version,
        dropped=tuple(one for one in had if one not in kept),
    )
    after = evolve(state, migrated)
    events: list[Event] = [migrated]
    if after.status == "active":
        events += opened(plans, after, command)
        if len(after.ended) == len(newer.steps):
            events += request(plans, after, command, "end")
    return events + say_ready(plans, state, events, command)


def _require_open(plans: Plans, state: EpisodeState, module_id: str) -> Plan:
    if not (state.status == "planned" and module_id in state.unlocked):
        require_active(state)
    plan = plan_of(plans, state)
    if plan.position(module_id) is None:
        raise Rejected("module-unknown", module_id=module_id)
    if module_id not in state.unlocked:
        raise _locked(plans, state, module_id)
    return plan


def _ended(
    plans: Plans, state: EpisodeState, command: Command, event: e.ModuleCompleted | e.ModuleSetAside
) -> list[Event]:
    """What follows when a module is over, either way."""
    plan, after = plan_of(plans, state), evolve(state, event)
    following = next(iter(openings(plans, after)), None)
    if following:
        event = event.model_copy(update={"next_module_id": following.module_id, "next_module_at": following.opens_at})
        after = evolve(state, event)
    events: list[Event] = [event]
    if state.status == "active":
        events += opened(plans, after, command)
    if len(after.ended) == len(plan.steps):
        events += request(plans, state, command, "end")
    elif event.module_id == plan.middle_after:
        events += request(plans, state, command, "middle")
    elif state.status == "active":
        events += after_module(plans, state, command, event.module_id)
    return events + say_ready(plans, state, events, command)


def _locked(plans: Plans, state: EpisodeState, module_id: str) -> Rejected:
    """Says when the module opens, where that is known."""
    opens_at = next((one.opens_at for one in openings(plans, state) if one.module_id == module_id), None)
    return Rejected("module-locked", module_id=module_id, **({"opens_at": opens_at.isoformat()} if opens_at else {}))
