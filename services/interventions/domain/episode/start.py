"""An episode is planned, begun, or called off."""

from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.shared import opened, plan_of, request, unlocked
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command
from shared.contracts.envelope import Event


def plan_episode(plans: Plans, state: EpisodeState, command: c.OpenEpisode) -> list[Event]:
    if state.status is not None and not _may_be_planned_anew(state, command):
        return []
    plan = plans.newest(command.programme_id)
    return [
        e.EpisodeOpened(
            at=command.now,
            episode_id=command.episode_id,
            patient_id=command.patient_id,
            referral_id=command.referral_id,
            programme_id=plan.programme_id,
            programme_version=plan.version,
            step=command.step,
        )
    ]


def _may_be_planned_anew(state: EpisodeState, command: c.OpenEpisode) -> bool:
    """Triage looked again before treatment began: at another programme, or at a referral that had been ended."""
    if state.activated:
        return False
    return state.status == "cancelled" or (state.programme_id, state.step) != (command.programme_id, command.step)


def activate(plans: Plans, state: EpisodeState, command: c.ActivateEpisode) -> list[Event]:
    if state.status != "planned":
        return []
    activated = e.EpisodeActivated(
        at=command.now,
        episode_id=state.episode_id,
        patient_id=state.patient_id,
        clinician_id=command.clinician_id,
    )
    opening = opened(plans, evolve(state, activated), command)
    return [activated, *opening, *request(plans, state, command, "start")]


def first(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """The first module opens while the person waits, unless it is open already."""
    first = plan_of(plans, state).steps[0].module_id
    return [] if first in state.unlocked else [unlocked(state, command, first)]


def cancel(state: EpisodeState, command: c.CancelEpisode) -> list[Event]:
    if state.status not in ("planned", "active"):
        return []
    return [e.EpisodeCancelled(at=command.now, episode_id=state.episode_id, patient_id=state.patient_id)]
