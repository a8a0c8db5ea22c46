"""What a command makes happen to a question. Who may do what, and when, is in `machine.py`; here is what it says."""

from datetime import timedelta
from typing import Any

from services.referrals.domain.advice import commands as c
from services.referrals.domain.advice import machine
from services.referrals.domain.advice.evolve import timers
from services.referrals.domain.advice.state import AdviceState
from shared.contracts import referrals as e
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, TimerDue
from shared.contracts.envelope import Event

EXPLANATION_GRACE = timedelta(days=1)
"""What psychology has after a late explanation. One in time leaves the due date alone."""


def decide(clinic: Clinic, state: AdviceState, command: Command) -> list[Event]:
    """The events of `command`, or `Rejected`."""
    if isinstance(command, TimerDue):
        return _timer_due(clinic, state, command)
    machine.check(state, command)
    ids = _ids(state, command)
    role, _, user_id = command.actor.partition(":")
    match command:
        case c.AskAdvice():
            return [_asked(clinic, state, command)]
        case c.AskBack():
            return [e.AdviceAskedBack(**ids, question=command.question, asked_by=user_id)]
        case c.ExplainAdvice():
            return [_explained(state, command)]
        case c.AnswerAdvice():
            suggests = command.suggests_referral
            return [e.AdviceAnswered(**ids, answer=command.answer, answered_by=user_id, suggests_referral=suggests)]
        case c.ConvertAdvice():
            authority: e.ConversionAuthority = "referrer" if role == "referrer" else "authorised"
            converted = {"referral_id": command.referral_id, "authority": authority, "converted_by": user_id}
            return [e.AdviceConverted(**ids, **converted)]
        case c.CloseAdvice():
            return [e.AdviceClosed(**ids, reason_code=command.reason_code, closed_by=user_id)]
        case _:
            raise TypeError(f"a question does not know {type(command).__name__}")


def _asked(clinic: Clinic, state: AdviceState, command: c.AskAdvice) -> Event:
    return e.AdviceAsked(
        **_ids(state, command),
        question=command.question,
        topic=command.topic,
        may_convert=command.may_convert,
        answer_due=command.now + timedelta(days=clinic.clocks.advice_days),
    )


def _explained(state: AdviceState, command: c.ExplainAdvice) -> Event:
    due = state.answer_due
    if due is None or due <= command.now:
        due = command.now + EXPLANATION_GRACE
    return e.AdviceExplained(**_ids(state, command), explanation=command.explanation, answer_due=due)


def _timer_due(clinic: Clinic, state: AdviceState, command: TimerDue) -> list[Event]:
    due = timers(clinic, state).get(command.name)
    if due is None or due > command.now:
        return []
    return [e.AdviceOverdue(**_ids(state, command), reminder=state.reminders + 1)]


def _ids(state: AdviceState, command: Command) -> dict[str, Any]:
    of = command if isinstance(command, c.AskAdvice) else state
    return {
        "at": command.now,
        "advice_id": of.advice_id,
        "patient_id": of.patient_id,
        "referrer_id": of.referrer_id,
    }
