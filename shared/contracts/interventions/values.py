"""Words that more than one of the service's events use."""

from typing import Literal

from pydantic import Field

from shared.contracts.envelope import Contract

Occasion = Literal["start", "middle", "end"]

AsideReason = Literal["not_for_me", "too_hard_now", "known_already", "other"]
"""Why a module is left undone. A local list; there is no published one."""

QuietStep = Literal["nudge", "coach_call", "referrer_note"]
"""What follows when nothing is heard: a kind word to the person, a call by psychology, a note to the referrer."""

ContactKind = Literal["phone", "video", "message", "in_person"]


FeedbackAnswer = Literal["yes", "partly", "no"]
"""How far somebody agrees. Our own words; no published instrument."""


class CarriedAnswer(Contract):
    """One item of a long questionnaire that a short one has answered already. Items count from 1."""

    item: int = Field(ge=1)
    value: int
