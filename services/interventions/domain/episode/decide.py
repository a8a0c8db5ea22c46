"""An episode of treatment: planned, active, then finished or cancelled. Nothing is applied after the end."""

from services.interventions.domain.episode import clock
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.checking import follow_up, record_check_in
from services.interventions.domain.episode.clock import timers
from services.interventions.domain.episode.ending import finish, record, review
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.grouping import kept_sessions, note_session, pace
from services.interventions.domain.episode.modules import complete, migrate, set_aside, unlock
from services.interventions.domain.episode.reviewing import decide_step, flag
from services.interventions.domain.episode.shared import opened
from services.interventions.domain.episode.start import activate, cancel, first, plan_episode
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event


def decide(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """What follows from `command`. Reactions that come too late, or twice, are answered with nothing."""
    match command:
        case c.OpenEpisode():
            return plan_episode(plans, state, command)
        case c.ActivateEpisode():
            return _begin(plans, state, command)
        case c.CancelEpisode():
            return cancel(state, command)
        case c.OfferWhileWaiting():
            return first(plans, state, command) if state.status == "planned" else []
        case c.CompleteModule():
            return complete(plans, state, command)
        case c.UnlockModule():
            return unlock(plans, state, command)
        case c.SetModuleAside():
            return set_aside(plans, state, command)
        case c.MigrateEpisode():
            return migrate(plans, state, command)
        case c.RecordMeasure():
            return record(plans, state, command)
        case c.FinishEpisode():
            return finish(plans, state, command)
        case c.RecordCheckIn():
            return record_check_in(plans, state, command)
        case c.DecideStep():
            return decide_step(plans, state, command)
        case c.PaceByGroup():
            return pace(plans, state, command)
        case c.NoteGroupSession():
            return note_session(plans, state, command)
        case c.FlagRisk() | c.ClearRisk():
            return flag(state, command)
        case TimerDue():
            return timer_due(plans, state, command)
        case _:
            raise TypeError(f"an episode has no branch for {type(command).__name__}")


def _begin(plans: Plans, state: EpisodeState, command: c.ActivateEpisode) -> list[Event]:
    """Treatment starts; what a group went through with the person before this was heard counts too."""
    events = activate(plans, state, command)
    after = state
    for event in events:
        after = evolve(after, event)
    return [*events, *(kept_sessions(plans, after, command) if events else [])]


def timer_due(plans: Plans, state: EpisodeState, command: TimerDue) -> list[Event]:
    """What a timer says, once its time has come."""
    due = timers(plans, state).get(command.name)
    if due is None or due > command.now:
        return []
    match command.name:
        case clock.MODULE_TIMER:
            return opened(plans, state, command)
        case clock.REVIEW_TIMER:
            return review(plans, state, command)
        case clock.FOLLOW_UP_TIMER:
            return follow_up(plans, state, command)
        case _:
            raise TypeError(f"an episode has no timer {command.name}")
