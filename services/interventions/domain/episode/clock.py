"""When an episode moves by itself: modules open, each after what must come before it and no sooner than its gap."""

from datetime import datetime

from services.interventions.domain.episode.looks import review_due_at
from services.interventions.domain.episode.state import EpisodeState, NextModule
from services.interventions.domain.local import days_after, months_after
from services.interventions.domain.plan import Plan, Plans, Step

MODULE_TIMER = "module"
FOLLOW_UP_TIMER = "follow-up"
REVIEW_TIMER = "review"
FOLLOW_UP = "follow-up-"
"""How the moments begin that are some months after the end."""


def timers(plans: Plans, state: EpisodeState) -> dict[str, datetime]:
    """What opens, is looked at, or is asked by itself."""
    if state.status == "finished":
        due = follow_up_due(plans, state)
        return {FOLLOW_UP_TIMER: due[1]} if due else {}
    if state.status != "active":
        return {}
    found, review_at = openings(plans, state), review_due_at(plans, state)
    return {
        **({MODULE_TIMER: found[0].opens_at} if found else {}),
        **({REVIEW_TIMER: review_at} if review_at else {}),
    }


def follow_up_due(plans: Plans, state: EpisodeState) -> tuple[str, datetime] | None:
    """The moment that is asked about next, and when. Only of a treatment that was completed."""
    if state.end_reason != "completed" or state.since is None:
        return None
    plan = plans.pinned(state.programme_id, state.programme_version)
    for months in sorted(plan.follow_up_months) if plan.follow_up else ():
        if (moment := f"{FOLLOW_UP}{months}") not in state.check_ins:
            return moment, months_after(state.since, months, plans.zone)
    return None


def openings(plans: Plans, state: EpisodeState) -> tuple[NextModule, ...]:
    """The modules that will open by themselves and when, the earliest first. What waits for another has no date yet;
    in a group none opens by itself.
    """
    if state.paced_by is not None:
        return ()
    plan = plans.pinned(state.programme_id, state.programme_version)
    over = state.ended
    found = []
    for place, step in enumerate(plan.steps):
        if step.module_id in state.unlocked or step.module_id in over:
            continue
        opens_at = _opens_at(plans, state, plan, place)
        if opens_at is not None:
            found.append(NextModule(module_id=step.module_id, opens_at=opens_at))
    return tuple(sorted(found, key=lambda one: one.opens_at))


def _opens_at(plans: Plans, state: EpisodeState, plan: Plan, place: int) -> datetime | None:
    step, over = plan.steps[place], state.ended
    if any(one not in over for one in _before(plan, place)):
        return None
    if state.upcoming is not None and state.upcoming.module_id == step.module_id:
        return state.upcoming.opens_at
    return _earliest(plans, state, plan, step, place)


def _earliest(plans: Plans, state: EpisodeState, plan: Plan, step: Step, place: int) -> datetime | None:
    """By the gap and by the days since treatment began; `None` where neither has anything to count from."""
    over, began = state.ended, state.began_at
    counted_from = _before(plan, place) if step.after is not None else _before(plan, place)[-1:]
    times = [days_after(over[one], step.gap_days, plans.zone) for one in counted_from]
    if began is not None:
        times.append(days_after(began, step.not_before_days, plans.zone))
    elif step.not_before_days and not state.activated:
        return None
    return max(times, default=None)


def _before(plan: Plan, place: int) -> tuple[str, ...]:
    """The modules that must have ended first."""
    step = plan.steps[place]
    return step.after if step.after is not None else tuple(one.module_id for one in plan.steps[:place])
