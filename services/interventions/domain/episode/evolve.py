"""How an episode's events change its state. Total: an event that is not known changes nothing."""

from services.interventions.domain.episode.evolve_review import evolve_review
from services.interventions.domain.episode.state import (
    Asked,
    CheckInReading,
    DoneModule,
    EpisodeState,
    GroupSession,
    NextModule,
    RecordedMeasure,
    RequestedMeasures,
)
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    CheckInAsked,
    CheckInRecorded,
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeFinished,
    EpisodeMigrated,
    EpisodeOpened,
    EpisodePaced,
    EpisodeReadyToFinish,
    EpisodeStepped,
    GroupSessionNoted,
    MeasureRecorded,
    MeasuresRequested,
    ModuleCompleted,
    ModuleSetAside,
    ModuleUnlocked,
    ReviewDue,
    RiskCleared,
    RiskFlagged,
    StepDecided,
)


def evolve(state: EpisodeState, event: Event) -> EpisodeState:
    """The state after `event`."""
    match event:
        case EpisodeOpened():
            return _opened(state, event)
        case EpisodeActivated():
            begun = {"status": "active", "since": event.at, "activated": True, "began_at": event.at}
            return state.model_copy(update={**begun, "clinician_id": event.clinician_id})
        case ModuleUnlocked():
            return _unlocked(state, event)
        case ModuleCompleted():
            return _completed(state, event)
        case ModuleSetAside():
            return _set_aside(state, event)
        case EpisodeMigrated():
            return _migrated(state, event)
        case MeasuresRequested():
            asked = RequestedMeasures(occasion=event.occasion, measures=event.measures)
            return _asked(state, event, event.occasion, requested=(*state.requested, asked))
        case MeasureRecorded():
            return _recorded(state, event)
        case CheckInAsked():
            return _asked(state, event, event.moment, check_ins=(*state.check_ins, event.moment))
        case CheckInRecorded():
            return _checked_in(state, event)
        case ReviewDue() | StepDecided() | EpisodeStepped() | RiskFlagged() | RiskCleared():
            return evolve_review(state, event)
        case EpisodePaced():
            return state.model_copy(update={"paced_by": event.group_id, "upcoming": None})
        case GroupSessionNoted() if state.status == "planned":
            kept = GroupSession(module_ids=event.module_ids, attended=event.attended)
            return state.model_copy(update={"group_sessions": (*state.group_sessions, kept)})
        case EpisodeReadyToFinish():
            return state.model_copy(update={"ready": True, "since": event.at})
        case EpisodeFinished():
            return _finished(state, event)
        case EpisodeCancelled():
            return state.model_copy(update={"status": "cancelled", "since": event.at, "upcoming": None})
        case _:
            return state


def _opened(state: EpisodeState, event: EpisodeOpened) -> EpisodeState:
    return EpisodeState(
        status="planned",
        since=event.at,
        episode_id=event.episode_id,
        patient_id=event.patient_id,
        referral_id=event.referral_id,
        programme_id=event.programme_id,
        programme_version=event.programme_version,
        step=event.step,
        open_alerts=state.open_alerts,
        alert_since=state.alert_since,
    )


def _finished(state: EpisodeState, event: EpisodeFinished) -> EpisodeState:
    why = {"end_reason": event.summary.end_reason, "end_detail": event.summary.end_detail}
    return state.model_copy(update={"status": "finished", "since": event.at, "upcoming": None, **why})


def _unlocked(state: EpisodeState, event: ModuleUnlocked) -> EpisodeState:
    waits = state.upcoming and state.upcoming.module_id != event.module_id
    return state.model_copy(
        update={
            "unlocked": (*state.unlocked, event.module_id),
            "opened_at": {**state.opened_at, event.module_id: event.at},
            "upcoming": state.upcoming if waits else None,
        }
    )


def _completed(state: EpisodeState, event: ModuleCompleted) -> EpisodeState:
    ended = DoneModule(module_id=event.module_id, at=event.at)
    aside = tuple(module for module in state.set_aside if module.module_id != event.module_id)
    return state.model_copy(
        update={"done": (*state.done, ended), "set_aside": aside, "upcoming": _next(event) or state.upcoming}
    )


def _set_aside(state: EpisodeState, event: ModuleSetAside) -> EpisodeState:
    ended = DoneModule(module_id=event.module_id, at=event.at)
    return state.model_copy(update={"set_aside": (*state.set_aside, ended), "upcoming": _next(event) or state.upcoming})


def _next(event: ModuleCompleted | ModuleSetAside) -> NextModule | None:
    if event.next_module_id and event.next_module_at:
        return NextModule(module_id=event.next_module_id, opens_at=event.next_module_at)
    return None


def _migrated(state: EpisodeState, event: EpisodeMigrated) -> EpisodeState:
    """What was done stays done, where the new version still has it; no date was told for what is new."""
    return state.model_copy(
        update={
            "programme_version": event.programme_version,
            "unlocked": tuple(one for one in state.unlocked if one not in event.dropped),
            "done": tuple(one for one in state.done if one.module_id not in event.dropped),
            "set_aside": tuple(one for one in state.set_aside if one.module_id not in event.dropped),
            "upcoming": None,
            "ready": False,
        }
    )


def _asked(state: EpisodeState, event: MeasuresRequested | CheckInAsked, point: str, **change: object) -> EpisodeState:
    asked = Asked(programme_id=state.later_programme, point=point, measures=event.measures, at=event.at)
    return state.model_copy(update={"asked": (*state.asked, asked), **change})


def _recorded(state: EpisodeState, event: MeasureRecorded) -> EpisodeState:
    record = RecordedMeasure(
        programme_id=event.programme_id,
        occasion=event.occasion,
        measure=event.reading.measure,
        value=event.reading.value,
        total=event.reading.total,
        taken_at=event.reading.taken_at,
    )
    return state.model_copy(update={"recorded": (*state.recorded, record)})


def _checked_in(state: EpisodeState, event: CheckInRecorded) -> EpisodeState:
    taken = CheckInReading(
        moment=event.moment,
        measure=event.reading.measure,
        value=event.reading.value,
        total=event.reading.total,
        taken_at=event.reading.taken_at,
    )
    return state.model_copy(update={"check_in_readings": (*state.check_in_readings, taken)})
