"""A few questions between the fixed points of treatment, and some months after it."""

from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.clock import FOLLOW_UP, follow_up_due
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.reviewing import reviews_due
from services.interventions.domain.episode.shared import plan_of, said
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.local import days_after
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command
from shared.contracts.envelope import Event


def after_module(plans: Plans, state: EpisodeState, command: Command, module_id: str) -> list[Event]:
    """What the programme asks after each module, once for each."""
    measures = plan_of(plans, state).asked_after(module_id)
    return _ask(plans, state, command, module_id, measures, plans.treatment.check_in_days)


def follow_up(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """How the person is, some months after the end."""
    due = follow_up_due(plans, state)
    if due is None or due[1] > command.now:
        return []
    return _ask(plans, state, command, due[0], plan_of(plans, state).follow_up, plans.treatment.follow_up_days)


def record_check_in(plans: Plans, state: EpisodeState, command: c.RecordCheckIn) -> list[Event]:
    """Taken note of while treatment runs; after its end only what is asked some months later."""
    known = {(one.moment, one.measure) for one in state.check_in_readings}
    if command.moment not in state.check_ins or (command.moment, command.reading.measure) in known:
        return []
    if state.status != "active" and not (state.status == "finished" and command.moment.startswith(FOLLOW_UP)):
        return []
    recorded = e.CheckInRecorded(**said(state, command), moment=command.moment, reading=command.reading)
    if state.status != "active":
        return [recorded]
    return [recorded, *reviews_due(plans, evolve(state, recorded), command)]


def _ask(
    plans: Plans, state: EpisodeState, command: Command, moment: str, measures: tuple[str, ...], days: int
) -> list[Event]:
    if not measures or moment in state.check_ins:
        return []
    closes_at = days_after(command.now, days, plans.zone)
    return [e.CheckInAsked(**said(state, command), moment=moment, measures=measures, closes_at=closes_at)]
