"""What a person said after treatment, for psychology and for themselves. The pain team does not see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.interventions.domain.feedback.state import FeedbackState
from shared.contracts.interventions import FeedbackAnswer
from shared.runtime.core import Found

NEWEST = 200
"""How many answers the list holds. A technical limit: older ones stand with their treatments."""

Standing = Literal["none", "planned", "open", "given", "over"]


class FeedbackView(BaseModel):
    """`standing` is "none" while treatment runs, and "planned" for some days after it. The rest is there once given."""

    id: str | None
    version: int
    standing: Standing
    closes_at: datetime | None = None
    given_at: datetime | None = None
    helpful: FeedbackAnswer | None = None
    taken_seriously: FeedbackAnswer | None = None
    recommend: FeedbackAnswer | None = None
    words: str | None = None


class FeedbackRow(FeedbackView):
    """One answer in the list of all of them."""

    episode_id: str


def feedback(found: Found | None, now: datetime) -> FeedbackView:
    """How it stands with one treatment."""
    if found is None:
        return FeedbackView(id=None, version=0, standing="none")
    state: FeedbackState = found.state
    said = state.model_dump(include={"closes_at", "given_at", "helpful", "taken_seriously", "recommend", "words"})
    return FeedbackView(id=found.id, version=found.version, standing=_standing(state, now), **said)


def given(found: Sequence[Found], now: datetime) -> list[FeedbackRow]:
    """The newest `NEWEST` answers, the newest first."""
    rows = [FeedbackRow(**feedback(one, now).model_dump(), episode_id=one.state.episode_id) for one in found]
    return sorted(rows, key=lambda row: (row.given_at or now, row.id or ""), reverse=True)[:NEWEST]


def _standing(state: FeedbackState, now: datetime) -> Standing:
    if state.given_at is not None:
        return "given"
    if state.closes_at is None:
        return "planned"
    return "over" if state.lapsed or state.closes_at <= now else "open"
