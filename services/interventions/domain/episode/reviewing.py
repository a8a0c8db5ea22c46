"""The step of care is looked at again: after an early module, in the middle and at the end; and a person decides."""

from services.interventions.domain.actor import staff_id
from services.interventions.domain.episode import commands as c
from services.interventions.domain.episode.evolve import evolve
from services.interventions.domain.episode.looks import advice_at, looks
from services.interventions.domain.episode.shared import opened, require_active, said
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans
from shared.contracts import interventions as e
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event


def reviews_due(plans: Plans, state: EpisodeState, command: Command) -> list[Event]:
    """Every look whose readings are in, or whose time is over."""
    due = [look.moment for look in looks(plans, state) if look.complete or look.at_the_latest <= command.now]
    events: list[Event] = []
    for moment in due:
        advice = advice_at(plans, state, moment)
        events.append(
            e.ReviewDue(
                **said(state, command),
                moment=moment,
                rules_version=plans.treatment.stepping.version,
                advice=advice.advice,
                reasons=advice.reasons,
            )
        )
    return events


def decide_step(plans: Plans, state: EpisodeState, command: c.DecideStep) -> list[Event]:
    require_active(state)
    review = state.review
    if review is None or review.moment != command.moment:
        raise Rejected("review-not-open", moment=command.moment)
    advice = advice_at(plans, state, command.moment)
    departs = command.decision != advice.advice and (command.decision, advice.advice) != ("consult", "safety_first")
    if departs and not command.departure_reason:
        raise Rejected("departure-reason-missing", advice=advice.advice)
    stepped = _stepped(plans, state, command)
    decided = e.StepDecided(
        **said(state, command),
        moment=command.moment,
        rules_version=plans.treatment.stepping.version,
        advice=advice.advice,
        reasons=advice.reasons,
        decision=command.decision,
        decided_by=staff_id(command.actor),
        departs=departs,
        departure_reason=(command.departure_reason or None) if departs else None,
    )
    return [decided, *stepped]


def flag(state: EpisodeState, command: c.FlagRisk | c.ClearRisk) -> list[Event]:
    """Only while there is a treatment whose step could be advised."""
    raised = isinstance(command, c.FlagRisk)
    if state.status not in ("planned", "active") or (command.alert_id in state.open_alerts) == raised:
        return []
    kind = e.RiskFlagged if raised else e.RiskCleared
    return [kind(**said(state, command), alert_id=command.alert_id)]


def _stepped(plans: Plans, state: EpisodeState, command: c.DecideStep) -> list[Event]:
    """Into a programme that this person has not had, in the direction decided. Its first module opens at once."""
    if command.programme_id is None:
        return []
    if command.decision not in ("step_up", "step_down"):
        raise Rejected("programme-not-asked", decision=command.decision)
    if command.programme_id in (state.programme_id, *(one.programme_id for one in state.earlier)):
        raise Rejected("programme-had", programme_id=command.programme_id)
    if not plans.offers(command.programme_id):
        raise Rejected("programme-unknown", programme_id=command.programme_id)
    plan = plans.newest(command.programme_id)
    step = command.step or plan.step
    if step == state.step or (step > state.step) != (command.decision == "step_up"):
        raise Rejected("step-not-in-direction", step=step, from_step=state.step)
    stepped = e.EpisodeStepped(
        **said(state, command),
        referral_id=state.referral_id,
        from_programme_id=state.programme_id,
        from_step=state.step,
        programme_id=plan.programme_id,
        programme_version=plan.version,
        step=step,
    )
    return [stepped, *opened(plans, evolve(state, stepped), command)]
