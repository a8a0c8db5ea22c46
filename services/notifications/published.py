"""The clinic's own words, from the store: which version holds as a message is planned, and the text of each version.

A version never changes, so what was read once is right for ever, in each of the processes that run side by side. Which
one holds does change, and is read anew each time.
"""

from collections.abc import Iterable

from services.notifications.agendas import wording_id
from services.notifications.domain.commands import HandleFact, Planned
from services.notifications.domain.state import Message
from services.notifications.domain.wording import WordingState
from services.notifications.texts import LANGUAGES, Texts
from shared.contracts.commands import Command
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED
from shared.runtime.aggregate import Reads


async def with_wordings(reads: Reads, command: Command) -> Command:
    """What is planned remembers the versions that hold right now. Raises `Unavailable`."""
    if not isinstance(command, HandleFact) or not (command.plan or command.remind):
        return command
    planned = (*command.plan, *command.remind)
    ids = [wording_id(one.template, language) for one in planned for language in LANGUAGES]
    current: dict[str, dict[str, int]] = {}
    for found in await reads.load_many("wording", ids):
        state: WordingState = found.state
        if state.current != SHIPPED:
            current.setdefault(state.template, {})[state.language] = state.current

    def worded(planned: Iterable[Planned]) -> tuple[Planned, ...]:
        return tuple(one.model_copy(update={"wording": current.get(one.template, {})}) for one in planned)

    return command.model_copy(update={"plan": worded(command.plan), "remind": worded(command.remind)})


async def learn(texts: Texts, reads: Reads, messages: Iterable[Message], language: Language) -> None:
    """Have `texts` know every version that these messages are told in. Raises `Unavailable`."""
    wanted = {(one.template, one.wording.get(language, SHIPPED)) for one in messages}
    unknown = {template for template, version in wanted if not texts.knows(template, language, version)}
    if not unknown:
        return
    for found in await reads.load_many("wording", [wording_id(one, language) for one in sorted(unknown)]):
        state: WordingState = found.state
        for number, version in enumerate(state.versions, start=1):
            texts.learn(state.template, language, number, version.text)
