"""Questionnaires come in, and a clinician ends the treatment."""

from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.outcome import summary
from services.interventions.domain.episode.shared import plan_of, require_active
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def record(plans: Plans, state: EpisodeState, command: c.RecordMeasure) -> list[Event]:
    if state.status != "active" or command.reading.measure not in state.awaited(command.occasion):
        return []
    recorded = e.MeasureRecorded(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        occasion=command.occasion,
        reading=command.reading,
    )
    return [recorded, *say_ready(plans, state, [recorded], command)]


def finish(plans: Plans, state: EpisodeState, command: c.FinishEpisode) -> list[Event]:
    require_active(state)
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
    """Said once, when the last module has ended and the last questionnaire is done, whichever came later."""
    after = state
    for event in events:
        after = evolve(after, event)
    complete = len(after.ended) == len(plan_of(plans, after).steps) and not after.missing("end")
    if after.ready or not complete:
        return []
    return [e.EpisodeReadyToFinish(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id)]
