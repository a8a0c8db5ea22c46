"""What the pain team will read at the end: progress and plan, composed from the episode's own state, never a note."""

from services.interventions.domain.episode.commands import FinishEpisode
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plan
from shared.contracts.referrals import MeasureChange, OutcomeSummary


def summary(plan: Plan, state: EpisodeState, command: FinishEpisode) -> OutcomeSummary:
    """The outcome as `command` ends the episode."""
    return OutcomeSummary(
        end_reason=command.end_reason,
        programme=plan.programme_id,
        modules_done=len(state.done),
        modules_total=len(plan.steps),
        changes=tuple(_change(state, measure) for measure in plan.all_measures),
        recommendation=command.recommendation or None,
    )


def _change(state: EpisodeState, measure: str) -> MeasureChange:
    """First and last value. A single reading is a first without a last: it must not read as "no change"."""
    readings = sorted((record for record in state.recorded if record.measure == measure), key=lambda r: r.taken_at)
    return MeasureChange(
        measure=measure,
        first=readings[0].value if readings else None,
        last=readings[-1].value if len(readings) > 1 else None,
    )
