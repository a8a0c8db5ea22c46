"""The clinic's own words, from the store: which version holds as a message is planned, and the text of each version.

A version never changes, so what was read once is right for ever, in each of the processes that run side by side. Which
one holds does change, and is read anew each time.
"""

from collections.abc import Iterable

from services.notifications.agendas import wording_id
from services.notifications.domain.commands import AskToSignIn, ChooseReach, HandleFact, Planned
from services.notifications.domain.state import CONFIRM, SIGN_IN, Message
from services.notifications.domain.wording import WordingState
from services.notifications.texts import LANGUAGES, Texts
from shared.contracts.commands import Command
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED
from shared.runtime.aggregate import Reads


async def with_wordings(reads: Reads, command: Command) -> Command:
    """What is planned remembers the versions that hold right now. Raises `Unavailable`."""
    match command:
        case AskToSignIn():
            return await _worded(reads, command, SIGN_IN)
        case ChooseReach() if command.codes:
            return await _worded(reads, command, CONFIRM)
        case HandleFact() if command.plan or command.remind:
            return await _planned_worded(reads, command)
    return command


async def _worded(reads: Reads, command: Command, template: str) -> Command:
    return command.model_copy(update={"wording": (await _current(reads, [template])).get(template, {})})


async def _planned_worded(reads: Reads, command: HandleFact) -> Command:
    current = await _current(reads, [one.template for one in (*command.plan, *command.remind)])

    def worded(planned: Iterable[Planned]) -> tuple[Planned, ...]:
        return tuple(one.model_copy(update={"wording": current.get(one.template, {})}) for one in planned)

    return command.model_copy(update={"plan": worded(command.plan), "remind": worded(command.remind)})


async def _current(reads: Reads, templates: Iterable[str]) -> dict[str, dict[str, int]]:
    """By template and language, where others than the shipped words hold. Raises `Unavailable`."""
    ids = [wording_id(template, language) for template in templates for language in LANGUAGES]
    current: dict[str, dict[str, int]] = {}
    for found in await reads.load_many("wording", ids):
        state: WordingState = found.state
        if state.current != SHIPPED:
            current.setdefault(state.template, {})[state.language] = state.current
    return current


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
