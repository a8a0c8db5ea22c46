"""A look at the step of care: what the rules advise, from which readings, and where treatment can go."""

from datetime import datetime

from pydantic import BaseModel

from services.interventions.content import Content
from services.interventions.domain.episode.looks import advice_at
from services.interventions.domain.episode.state import EpisodeState
from shared.contracts.commands import Rejected
from shared.contracts.interventions import ReviewMoment, StepAdvice, StepReason
from shared.runtime.core import Found


class Onward(BaseModel):
    """A programme that this person has not had yet."""

    id: str
    title: str
    step: int


class ReviewPage(BaseModel):
    """The advice is worked out anew each time: readings may have come in since, and an alert may be closed."""

    episode_id: str
    patient_id: str
    version: int
    moment: ReviewMoment
    due_at: datetime
    step: int
    rules_version: int
    advice: StepAdvice
    reasons: tuple[StepReason, ...]
    programmes: tuple[Onward, ...]


def review_page(content: Content, found: Found, language: str) -> ReviewPage:
    """Raises `Rejected` when there is nothing to decide."""
    state: EpisodeState = found.state
    review = state.review
    if review is None:
        raise Rejected("review-not-open")
    advice = advice_at(content.plans, state, review.moment)
    return ReviewPage(
        episode_id=found.id,
        patient_id=state.patient_id,
        version=found.version,
        moment=review.moment,
        due_at=review.due_at,
        step=state.step,
        rules_version=content.plans.treatment.stepping.version,
        advice=advice.advice,
        reasons=advice.reasons,
        programmes=_onward(content, state, language),
    )


def _onward(content: Content, state: EpisodeState, language: str) -> tuple[Onward, ...]:
    had = {state.programme_id, *(one.programme_id for one in state.earlier)}
    newest = [content.catalogue.programme(id) for id in content.clinic.programmes if id not in had]
    return tuple(Onward(id=one.id, title=one.title.in_(language), step=one.step) for one in newest)
