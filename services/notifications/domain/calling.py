"""A call for help that reaches nobody is said aloud at once, so that somebody else is called."""

from typing import TypeGuard

from services.notifications.domain.state import CALL_FAILED, AgendaState
from shared.contracts.envelope import Event
from shared.contracts.notifications import CallFailed, MessageDropped, MessageFailed
from shared.contracts.reach import MessageRerouted, MessageReturned


def with_failed_calls(state: AgendaState, events: list[Event]) -> list[Event]:
    """`events`, each that ends a critical message to staff without their having got it followed by `CallFailed`.

    Not of the word to operators that a call failed: that would go round in a circle.
    """
    going_on = {event.message_id for event in events if isinstance(event, MessageRerouted)}
    return [one for event in events for one in (event, *_failed(state, event, going_on))]


def _failed(state: AgendaState, event: Event, going_on: set[str]) -> tuple[Event, ...]:
    if not _is_over(event) or state.kind != "staff" or event.message_id in going_on:
        return ()
    message = state.messages.get(event.message_id)
    if message is None or not message.critical or message.template == CALL_FAILED:
        return ()
    return (
        CallFailed(
            at=event.at,
            recipient_id=state.recipient_id,
            message_id=event.message_id,
            template=message.template,
            topic=message.topic,
            parameters=message.parameters,
            about=message.about,
            fact_at=message.fact_at,
        ),
    )


def _is_over(event: Event) -> TypeGuard[MessageFailed | MessageDropped | MessageReturned]:
    """A call that has become pointless did not fail."""
    if isinstance(event, MessageDropped):
        return event.reason == "no_address"
    return isinstance(event, MessageReturned) or (isinstance(event, MessageFailed) and event.retry_at is None)
