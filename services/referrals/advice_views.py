"""What screens read of questions to psychology: lists, and one question with all that was said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.referrals import advice_words
from services.referrals.domain.advice import machine
from services.referrals.domain.advice.state import AdviceState, Status, Turn
from services.referrals.views import ActionView
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic, ConversionAuthority, Language
from shared.runtime.auth import User

AdviceList = Literal["mine", "to_answer", "answered", "open"]

STATUSES: dict[AdviceList, tuple[Status, ...]] = {
    "mine": tuple(Status),
    "to_answer": (Status.ASKED,),
    "answered": (Status.ANSWERED,),
    "open": machine.OPEN,
}
ALLOWED: dict[str, frozenset[AdviceList]] = {
    "referrer": frozenset({"mine", "answered", "open"}),
    "psychology": frozenset({"to_answer", "answered", "open"}),
}


class AdviceRow(BaseModel):
    """One line of a list. `answer_due` is what psychology owes an answer by, and none once it has answered."""

    id: str
    version: int
    status: Status
    status_sentence: str
    patient_id: str
    patient_name: str | None
    referrer_id: str
    topic: AdviceTopic
    topic_sentence: str
    asked_at: datetime
    answer_due: datetime | None
    overdue: bool
    may_convert: bool


class AdviceView(AdviceRow):
    """One question with all that was said, oldest first. For `close_reasons` the reader may close it now."""

    thread: tuple[Turn, ...]
    suggests_referral: bool | None
    referral_id: str | None
    authority: ConversionAuthority | None
    converted_by: str | None
    close_reason: AdviceCloseReason | None
    close_sentence: str | None
    close_reasons: tuple[AdviceCloseReason, ...]
    closed_by: str | None
    closed_at: datetime | None


def advice_row(
    id: str, version: int, state: AdviceState, name: str | None, now: datetime, language: Language
) -> AdviceRow:
    """A question in one line."""
    status, topic, asked_at = state.status, state.topic, state.asked_at
    # Whatever is stored was asked before anything else.
    assert status is not None
    assert topic is not None
    assert asked_at is not None
    due = state.answer_due if status in machine.AWAITING_ANSWER else None
    return AdviceRow(
        id=id,
        version=version,
        status=status,
        status_sentence=advice_words.status_sentence(status, language),
        patient_id=state.patient_id,
        patient_name=name,
        referrer_id=state.referrer_id,
        topic=topic,
        topic_sentence=advice_words.topic_sentence(topic, language),
        asked_at=asked_at,
        answer_due=due,
        overdue=due is not None and due <= now,
        may_convert=state.may_convert,
    )


def advice_view(
    id: str, version: int, state: AdviceState, name: str | None, user: User, now: datetime, language: Language
) -> AdviceView:
    """A question in full."""
    row = advice_row(id, version, state, name, now, language)
    same = {name: getattr(state, name) for name in AdviceView.model_fields if name in AdviceState.model_fields}
    reason = state.close_reason
    computed = {
        "close_sentence": advice_words.closed_sentence(reason, language) if reason else None,
        "close_reasons": machine.close_reasons(state, user.role),
    }
    return AdviceView.model_validate({**same, **row.model_dump(), **computed})


def action_views(state: AdviceState, user: User, refer_consented: bool, language: Language) -> list[ActionView]:
    """What this user may do now, and why not the rest."""
    own = machine.owns(state, user.role, user.id)
    return [
        ActionView(
            action=possible.action,
            allowed=possible.allowed,
            why_not=possible.why_not,
            why_not_sentence=advice_words.why_not_sentence(possible.why_not, language) if possible.why_not else None,
        )
        for possible in machine.actions(state, user.role, own, refer_consented)
    ]


def in_order(rows: Sequence[AdviceRow]) -> list[AdviceRow]:
    """What is due first comes first; what is not due any more after it, the oldest question first."""
    return sorted(rows, key=lambda row: (row.answer_due is None, row.answer_due or row.asked_at, row.id))
