"""What follows when the e-mail of a call for help failed for good: the next person is called, operators are told.

It ends by itself: each call goes further up the ladder of the fact's moment, and nobody stands above its last rung.
"""

from collections.abc import Iterable

from services.notifications import topics
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import HandleFact, Planned
from services.notifications.domain.state import CALL_FAILED
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import CallFailed
from shared.contracts.on_call import duties
from shared.runtime.aggregate import Cause, Target, derived_id


def on_failed_call(clinic: Clinic, event: CallFailed, cause: Cause) -> Iterable[Target]:
    """The next person and the operators, each once for one call, however often this is heard."""
    plans = {operator: _word(event, operator) for operator in operators(clinic)}
    following = next_after(clinic, event)
    if following is not None:
        plans[following] = _same_call(event, following)
    return [_target(event, cause, recipient, planned) for recipient, planned in plans.items()]


def operators(clinic: Clinic) -> tuple[str, ...]:
    """Who looks after the system."""
    return tuple(member.id for member in clinic.staff if member.role == "operator")


def next_after(clinic: Clinic, event: CallFailed) -> str | None:
    """Who stands above the one whose call failed; the first where they are not on duty; `None` above the last."""
    ladder = duties(clinic, event.fact_at)
    if event.recipient_id not in ladder:
        return ladder[0]
    return next(iter(ladder[ladder.index(event.recipient_id) + 1 :]), None)


def _same_call(event: CallFailed, recipient: str) -> Planned:
    return Planned(
        message_id=derived_id("message", event.message_id, event.template, recipient),
        template=event.template,
        topic=event.topic,
        parameters=event.parameters,
        about=event.about,
        critical=True,
    )


def _word(event: CallFailed, operator: str) -> Planned:
    # By topic and person, not by cause: a last rung that is called again and again is said to be out of reach once.
    return Planned(
        message_id=derived_id("message", event.topic, CALL_FAILED, event.recipient_id, operator),
        template=CALL_FAILED,
        topic=topics.CALL_FAILED.format(recipient_id=event.recipient_id),
        parameters={"recipient_id": event.recipient_id},
        critical=True,
    )


def _target(event: CallFailed, cause: Cause, recipient: str, planned: Planned) -> Target:
    is_word = planned.template == CALL_FAILED
    command = HandleFact(
        now=cause.now,
        actor=cause.actor,
        recipient_id=recipient,
        kind="staff",
        cause=cause.envelope.id,
        # The call is about what happened then: if that is settled by now, nobody else is called.
        fact_at=event.at if is_word else event.fact_at,
        plan=(planned,),
    )
    return Target(aggregate="agenda", id=agenda_id(recipient), command=command)
