"""Modules open and are done."""

from datetime import timedelta

from services.interventions.domain.actor import staff_id
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.clock import timers
from services.interventions.domain.episode.ending import say_ready
from services.interventions.domain.episode.shared import plan_of, request, require_active, unlocked
from services.interventions.domain.episode.state import DoneModule, EpisodeState, NextModule
from services.interventions.domain.plan import Plan, Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Rejected, TimerDue
from shared.contracts.envelope import Event


def complete(plans: Plans, state: EpisodeState, command: c.CompleteModule) -> list[Event]:
    if not (state.status == "planned" and command.module_id in state.unlocked):
        require_active(state)
    plan = plan_of(plans, state)
    if plan.position(command.module_id) is None:
        raise Rejected("module-unknown", module_id=command.module_id)
    if state.is_done(command.module_id):
        return []
    if command.module_id not in state.unlocked:
        raise _locked(state, command.module_id)
    done = (*state.done, DoneModule(module_id=command.module_id, at=command.now))
    following = _following(plan, state, done)
    completed = e.ModuleCompleted(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        module_id=command.module_id,
        done=len(done),
        total=len(plan.steps),
        next_module_id=following.module_id if following else None,
        next_module_at=following.opens_at if following else None,
    )
    events: list[Event] = [completed]
    if following and following.opens_at <= command.now and state.status == "active":
        events.append(unlocked(state, command, following.module_id))
    if len(done) == len(plan.steps):
        events += request(plans, state, command, "end")
    elif command.module_id == plan.middle_after:
        events += request(plans, state, command, "middle")
    return events + say_ready(plans, state, events, command)


def _following(plan: Plan, state: EpisodeState, done: tuple[DoneModule, ...]) -> NextModule | None:
    """The module that opens by itself: the first one not done, unless it is open already."""
    when = {module.module_id: module.at for module in done}
    place = next((place for place, step in enumerate(plan.steps) if step.module_id not in when), None)
    if place is None or plan.steps[place].module_id in state.unlocked:
        return None
    before, step = when[plan.steps[place - 1].module_id], plan.steps[place]
    return NextModule(module_id=step.module_id, opens_at=before + timedelta(days=step.gap_days))


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


def module_due(state: EpisodeState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now or state.upcoming is None:
        return []
    return [unlocked(state, command, state.upcoming.module_id)]


def _locked(state: EpisodeState, module_id: str) -> Rejected:
    """Says when the module opens, where that is known: only the next one has a date."""
    if state.upcoming and state.upcoming.module_id == module_id:
        return Rejected("module-locked", module_id=module_id, opens_at=state.upcoming.opens_at.isoformat())
    return Rejected("module-locked", module_id=module_id)
