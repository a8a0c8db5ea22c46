"""An episode of treatment: planned, active, then finished or cancelled. Nothing is applied after the end."""

from datetime import datetime, timedelta

from services.interventions.domain.commands import (
    ActivateEpisode,
    CancelEpisode,
    CompleteModule,
    FinishEpisode,
    OfferWhileWaiting,
    OpenEpisode,
    RecordMeasure,
    UnlockModule,
)
from services.interventions.domain.evolve_episode import evolve
from services.interventions.domain.outcome import summary
from services.interventions.domain.plan import Plan, Plans
from services.interventions.domain.state import DoneModule, EpisodeState, NextModule
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeFinished,
    EpisodeOpened,
    EpisodeReadyToFinish,
    MeasureRecorded,
    MeasuresRequested,
    ModuleCompleted,
    ModuleUnlocked,
    Occasion,
)

MODULE_TIMER = "module"


def decide(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """What follows from `command`. Reactions that come too late, or twice, are answered with nothing."""
    match command:
        case OpenEpisode():
            return _open(plans, state, command)
        case ActivateEpisode():
            return _activate(plans, state, command)
        case CancelEpisode():
            return _cancel(state, command)
        case OfferWhileWaiting():
            return _first(plans, state, command) if state.status == "planned" else []
        case CompleteModule():
            return _complete(plans, state, command)
        case UnlockModule():
            return _unlock(plans, state, command)
        case RecordMeasure():
            return _record(plans, state, command)
        case FinishEpisode():
            return _finish(plans, state, command)
        case TimerDue():
            return _module_due(state, command)
        case _:
            raise TypeError(f"an episode has no branch for {type(command).__name__}")


def timers(state: EpisodeState) -> dict[str, datetime]:
    """The next module opens by itself."""
    if state.status == "active" and state.upcoming:
        return {MODULE_TIMER: state.upcoming.opens_at}
    return {}


def keys(state: EpisodeState) -> dict[str, str | None]:
    """By what episodes are looked up."""
    return {
        "status": state.status,
        "patient_id": state.patient_id or None,
        "referral_id": state.referral_id or None,
        "ready": "yes" if state.status == "active" and state.ready else None,
    }


def person(state: EpisodeState) -> str | None:
    """Whose treatment it is."""
    return state.patient_id or None


def staff_id(actor: str) -> str:
    """`psychology:ana` is `ana`: events name people by their own id."""
    return actor.partition(":")[2] or actor


# --- start and withdrawal ------------------------------------------------------------------------------------------


def _open(plans: Plans, state: EpisodeState, command: OpenEpisode) -> list[Event]:
    if state.status is not None and not _may_be_planned_anew(state, command):
        return []
    plan = plans.newest(command.programme_id)
    return [
        EpisodeOpened(
            at=command.now,
            episode_id=command.episode_id,
            patient_id=command.patient_id,
            referral_id=command.referral_id,
            programme_id=plan.programme_id,
            programme_version=plan.version,
            step=command.step,
        )
    ]


def _may_be_planned_anew(state: EpisodeState, command: OpenEpisode) -> bool:
    """Triage looked again before treatment began: at another programme, or at a referral that had been ended."""
    if state.activated:
        return False
    return state.status == "cancelled" or (state.programme_id, state.step) != (command.programme_id, command.step)


def _activate(plans: Plans, state: EpisodeState, command: ActivateEpisode) -> list[Event]:
    if state.status != "planned":
        return []
    return [
        EpisodeActivated(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id),
        *_first(plans, state, command),
        *_request(plans, state, command, "start"),
    ]


def _first(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """The first module opens, unless it did so while the person waited; what follows it, its own date opens."""
    first = _plan(plans, state).steps[0].module_id
    return [] if first in state.unlocked else [_unlocked(state, command, first)]


def _cancel(state: EpisodeState, command: CancelEpisode) -> list[Event]:
    if state.status not in ("planned", "active"):
        return []
    return [EpisodeCancelled(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id)]


# --- modules -------------------------------------------------------------------------------------------------------


def _complete(plans: Plans, state: EpisodeState, command: CompleteModule) -> list[Event]:
    if not (state.status == "planned" and command.module_id in state.unlocked):
        _require_active(state)
    plan = _plan(plans, state)
    if plan.position(command.module_id) is None:
        raise Rejected("module-unknown", module_id=command.module_id)
    if state.is_done(command.module_id):
        return []
    if command.module_id not in state.unlocked:
        raise _locked(state, command.module_id)
    done = (*state.done, DoneModule(module_id=command.module_id, at=command.now))
    following = _following(plan, state, done)
    completed = ModuleCompleted(
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
        events.append(_unlocked(state, command, following.module_id))
    if len(done) == len(plan.steps):
        events += _request(plans, state, command, "end")
    elif command.module_id == plan.middle_after:
        events += _request(plans, state, command, "middle")
    return events + _ready(plans, state, events, command)


def _following(plan: Plan, state: EpisodeState, done: tuple[DoneModule, ...]) -> NextModule | None:
    """The module that opens by itself: the first one not done, unless it is open already."""
    when = {module.module_id: module.at for module in done}
    place = next((place for place, step in enumerate(plan.steps) if step.module_id not in when), None)
    if place is None or plan.steps[place].module_id in state.unlocked:
        return None
    before, step = when[plan.steps[place - 1].module_id], plan.steps[place]
    return NextModule(module_id=step.module_id, opens_at=before + timedelta(days=step.gap_days))


def _unlock(plans: Plans, state: EpisodeState, command: UnlockModule) -> list[Event]:
    _require_active(state)
    if not command.reason:
        raise Rejected("reason-missing")
    if _plan(plans, state).position(command.module_id) is None:
        raise Rejected("module-unknown", module_id=command.module_id)
    if command.module_id in state.unlocked:
        return []
    opened = _unlocked(state, command, command.module_id)
    return [opened.model_copy(update={"overridden_by": staff_id(command.actor), "reason": command.reason})]


def _module_due(state: EpisodeState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now or state.upcoming is None:
        return []
    return [_unlocked(state, command, state.upcoming.module_id)]


# --- questionnaires and the end ------------------------------------------------------------------------------------


def _record(plans: Plans, state: EpisodeState, command: RecordMeasure) -> list[Event]:
    if state.status != "active" or command.reading.measure not in state.missing(command.occasion):
        return []
    recorded = MeasureRecorded(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        occasion=command.occasion,
        reading=command.reading,
    )
    return [recorded, *_ready(plans, state, [recorded], command)]


def _finish(plans: Plans, state: EpisodeState, command: FinishEpisode) -> list[Event]:
    _require_active(state)
    if command.end_reason == "completed":
        if not state.ready:
            raise Rejected("episode-not-ready")
        if not command.recommendation:
            raise Rejected("recommendation-missing")
    return [
        EpisodeFinished(
            at=command.now,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            referral_id=state.referral_id,
            summary=summary(_plan(plans, state), state, command),
        )
    ]


def _ready(plans: Plans, state: EpisodeState, events: list[Event], command: Command) -> list[Event]:
    """Said once, when the last module and the last questionnaire are done, whichever came later."""
    after = state
    for event in events:
        after = evolve(after, event)
    complete = len(after.done) == len(_plan(plans, state).steps) and not after.missing("end")
    if state.ready or not complete:
        return []
    return [EpisodeReadyToFinish(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id)]


# --- shared --------------------------------------------------------------------------------------------------------


def _require_active(state: EpisodeState) -> None:
    if state.status in ("finished", "cancelled"):
        raise Rejected("episode-closed")
    if state.status != "active":
        raise Rejected("episode-not-active")


def _plan(plans: Plans, state: EpisodeState) -> Plan:
    return plans.pinned(state.programme_id, state.programme_version)


def _locked(state: EpisodeState, module_id: str) -> Rejected:
    """Says when the module opens, where that is known: only the next one has a date."""
    if state.upcoming and state.upcoming.module_id == module_id:
        return Rejected("module-locked", module_id=module_id, opens_at=state.upcoming.opens_at.isoformat())
    return Rejected("module-locked", module_id=module_id)


def _unlocked(state: EpisodeState, command: Command, module_id: str) -> ModuleUnlocked:
    return ModuleUnlocked(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id, module_id=module_id)


def _request(plans: Plans, state: EpisodeState, command: Command, occasion: Occasion) -> list[Event]:
    measures = _plan(plans, state).measures.get(occasion)
    if not measures:
        return []
    return [
        MeasuresRequested(
            at=command.now,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            referral_id=state.referral_id or None,
            occasion=occasion,
            measures=measures,
        )
    ]
