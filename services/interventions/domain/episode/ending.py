"""Questionnaires come in, and a clinician ends the treatment."""

from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.outcome import summary
from services.interventions.domain.episode.reviewing import reviews_due
from services.interventions.domain.episode.shared import plan_of, require_active
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.referrals import END_REASON_OF


def record(plans: Plans, state: EpisodeState, command: c.RecordMeasure) -> list[Event]:
    if state.status != "active" or command.programme_id != state.later_programme:
        return []
    if command.reading.measure not in state.awaited(command.occasion):
        return []
    recorded = e.MeasureRecorded(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        occasion=command.occasion,
        reading=command.reading,
        programme_id=command.programme_id,
    )
    events = [recorded, *reviews_due(plans, evolve(state, recorded), command)]
    return [*events, *say_ready(plans, state, events, command)]


def review(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """A look at the step whose time has come, with what was answered by then."""
    events = reviews_due(plans, state, command)
    return [*events, *say_ready(plans, state, events, command)]


def finish(plans: Plans, state: EpisodeState, command: c.FinishEpisode) -> list[Event]:
    require_active(state)
    if command.end_detail is not None and END_REASON_OF[command.end_detail] != command.end_reason:
        raise Rejected("end-detail-invalid", end_detail=command.end_detail)
    if command.end_reason == "completed":
        if not state.ready:
            raise Rejected("episode-not-ready")
        if not command.recommendation:
            raise Rejected("recommendation-missing")
    return [
        e.EpisodeFinished(
            at=command.now,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            referral_id=state.referral_id,
            summary=summary(plan_of(plans, state), state, command),
        )
    ]


def say_ready(plans: Plans, state: EpisodeState, events: list[Event], command: Command) -> list[Event]:
    """Said once, when the last module has ended and the last questions are answered or their time is over."""
    after = state
    for event in events:
        after = evolve(after, event)
    answered = not after.missing("end") or after.has_reviewed("end")
    if after.ready or not answered or len(after.ended) != len(plan_of(plans, after).steps):
        return []
    return [e.EpisodeReadyToFinish(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id)]
