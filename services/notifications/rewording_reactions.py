"""What waits gets the words that were just published or restored, where whoever did so chose that.

The event names the people concerned: one command for each agenda, tried until all of them have it.
"""

from collections.abc import Iterable

from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import RewordMessages
from shared.contracts.envelope import Event
from shared.contracts.wordings import SHIPPED, WordingChanged, WordingPublished, WordingRestored
from shared.runtime.aggregate import Cause, Reaction, Target


def _reword(event: WordingChanged, cause: Cause) -> Iterable[Target]:
    if not event.reword:
        return []
    return [_target(event, cause, recipient) for recipient in event.recipient_ids]


def _target(event: WordingChanged, cause: Cause, recipient: str) -> Target:
    command = RewordMessages(
        now=cause.now,
        actor=cause.actor,
        recipient_id=recipient,
        template=event.template,
        language=event.language,
        wording=event.version if isinstance(event, WordingPublished) else SHIPPED,
        fact_at=event.at,
    )
    return Target(aggregate="agenda", id=agenda_id(recipient), command=command)


WORDINGS: dict[type[Event], Reaction] = {WordingPublished: _reword, WordingRestored: _reword}
