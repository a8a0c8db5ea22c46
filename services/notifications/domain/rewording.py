"""What waits is told in other words, once whoever changed the words chose so."""

from services.notifications.domain.choosing import waiting
from services.notifications.domain.commands import RewordMessages
from services.notifications.domain.state import AgendaState
from shared.contracts.envelope import Event
from shared.contracts.wordings import SHIPPED, MessageReworded


def waits_for(state: AgendaState, template: str) -> tuple[str, ...]:
    """Ids of the messages of `template` whose e-mail waits."""
    return tuple(id for id, one in waiting(state).items() if one.template == template)


def reword(state: AgendaState, c: RewordMessages) -> list[Event]:
    """The words of each that waits. One that was planned after the change has its own, perhaps newer ones."""
    return [
        MessageReworded(at=c.now, recipient_id=c.recipient_id, message_id=id, language=c.language, wording=c.wording)
        for id in waits_for(state, c.template)
        if state.messages[id].planned_at <= c.fact_at
        and state.messages[id].wording.get(c.language, SHIPPED) != c.wording
    ]
