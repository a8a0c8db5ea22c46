"""When the step of care is looked at again, and what the readings say by then."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from services.interventions.domain.episode.state import Asked, EpisodeState
from services.interventions.domain.local import days_after
from services.interventions.domain.plan import Plans
from services.interventions.domain.stepping.advice import Advice, advise
from services.interventions.domain.stepping.readings import Readings
from shared.contracts.interventions import ReviewMoment

_ORDER: tuple[ReviewMoment, ...] = ("early", "middle", "end")


def review_due_at(plans: Plans, state: EpisodeState) -> datetime | None:
    """When the next look takes place at the latest, whatever was not answered by then."""
    return min((look.at_the_latest for look in looks(plans, state)), default=None)


class Look(NamedTuple):
    """One look at the step that is still to come. `complete` says that all its questions were answered."""

    moment: ReviewMoment
    complete: bool
    at_the_latest: datetime


def looks(plans: Plans, state: EpisodeState) -> Iterator[Look]:
    """Each for which questions were asked in the present programme, unless it, or a later one, has taken place."""
    plan, here = plans.pinned(state.programme_id, state.programme_version), state.later_programme
    moments: dict[str, ReviewMoment] = {"middle": "middle", "end": "end"}
    if plan.review_after is not None:
        moments[plan.review_after] = "early"
    for asked in state.asked:
        moment = moments.get(asked.point)
        if asked.programme_id == here and moment is not None and not _over(state, moment):
            complete = all(_total(state, asked, measure) is not None for measure in asked.measures)
            yield Look(moment, complete, days_after(asked.at, plans.treatment.review_days, plans.zone))


def _over(state: EpisodeState, moment: ReviewMoment) -> bool:
    return any(state.has_reviewed(one) for one in _ORDER[_ORDER.index(moment) :])


def advice_at(plans: Plans, state: EpisodeState, moment: ReviewMoment) -> Advice:
    """What the rules say, from every reading there is now."""
    return advise(
        plans.treatment.stepping,
        readings(state),
        moment=moment,
        step=state.step,
        risk_open=bool(state.open_alerts),
    )


def readings(state: EpisodeState) -> tuple[Readings, ...]:
    """Each measure with what came of every time it was asked, from the start of treatment on."""
    named = dict.fromkeys(measure for asked in state.asked for measure in asked.measures)
    return tuple(
        Readings(measure, tuple(_total(state, asked, measure) for asked in state.asked if measure in asked.measures))
        for measure in named
    )


def _total(state: EpisodeState, asked: Asked, measure: str) -> int | None:
    for one in state.recorded:
        if (one.programme_id, one.occasion, one.measure) == (asked.programme_id, asked.point, measure):
            return one.total
    for taken in state.check_in_readings:
        if (taken.moment, taken.measure) == (asked.point, measure):
            return taken.total
    return None
