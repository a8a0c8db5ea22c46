"""What the parts of an episode have in common."""

from typing import Any

from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plan, Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import Occasion


def require_active(state: EpisodeState) -> None:
    if state.status in ("finished", "cancelled"):
        raise Rejected("episode-closed")
    if state.status != "active":
        raise Rejected("episode-not-active")


def said(state: EpisodeState, command: Command) -> dict[str, Any]:
    """What every event of this episode carries."""
    return {"at": command.now, "episode_id": state.episode_id, "patient_id": state.patient_id}


def plan_of(plans: Plans, state: EpisodeState) -> Plan:
    return plans.pinned(state.programme_id, state.programme_version)


def unlocked(state: EpisodeState, command: Command, module_id: str) -> e.ModuleUnlocked:
    return e.ModuleUnlocked(
        at=command.now, episode_id=state.episode_id, patient_id=state.patient_id, module_id=module_id
    )


def opened(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """Every module whose time has come."""
    return [unlocked(state, command, one.module_id) for one in openings(plans, state) if one.opens_at <= command.now]


def request(plans: Plans, state: EpisodeState, command: Command, occasion: Occasion) -> list[Event]:
    """Once for each occasion, and only where the programme asks anything then."""
    measures = plan_of(plans, state).measures.get(occasion)
    if not measures or any(asked.occasion == occasion for asked in state.requested):
        return []
    return [
        e.MeasuresRequested(
            at=command.now,
            episode_id=state.episode_id,
            patient_id=state.patient_id,
            referral_id=state.referral_id or None,
            occasion=occasion,
            measures=measures,
            programme_id=state.later_programme,
        )
    ]
