"""The clinic's own words for one template in one language: a draft, and numbered versions that never change."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from services.notifications.domain.state import Part
from services.notifications.domain.wording_checks import Finding
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event, Identifier
from shared.contracts.referrals import Language
from shared.contracts.wordings import SHIPPED, WordingDrafted, WordingEvent, WordingPublished, WordingRestored

Check = Callable[[str, Language, str], Sequence[Finding]]
"""The faults of a text for a template in a language."""
WordingText = Annotated[str, StringConstraints(min_length=1, max_length=12_500)]
"""All parts together; each has its own limit where it is written."""


class DraftWording(Command):
    """Somebody writes other words, or changes what they or somebody else had begun."""

    template: str
    language: Language
    text: WordingText
    by: Identifier


class ChangeWording(Command):
    """The words change. With `reword`, also for what waits already, at `recipient_ids`."""

    template: str
    language: Language
    by: Identifier
    reword: bool = False
    recipient_ids: tuple[Identifier, ...] = ()


class PublishWording(ChangeWording):
    """The draft is what messages say from now on."""


class RestoreWording(ChangeWording):
    """Messages say from now on what the program came with."""


class Draft(Part):
    """Words that nobody reads yet."""

    text: str
    by: str
    at: AwareDatetime


class Published(Part):
    """One version. Version 1 is the first of them."""

    text: str
    by: str
    at: AwareDatetime


class WordingState(Part):
    """`current` is the version that is planned with; 0 the shipped words. `changed_*` say who chose it, and when."""

    template: str = ""
    language: Language = "en"
    draft: Draft | None = None
    versions: tuple[Published, ...] = ()
    current: int = SHIPPED
    changed_by: str | None = None
    changed_at: AwareDatetime | None = None


def decide(check: Check, state: WordingState, command: Command) -> list[Event]:
    """The events that `command` leads to. Raises `Rejected`."""
    match command:
        case DraftWording():
            return _draft(state, command)
        case PublishWording():
            return _publish(check, state, command)
        case RestoreWording():
            return _restore(state, command)
    raise TypeError(f"{type(command).__name__} is no command of a wording")


def evolve(state: WordingState, event: Event) -> WordingState:
    """The state after `event`. Total: an event that is not known changes nothing."""
    if not isinstance(event, WordingEvent):
        return state
    named = {"template": event.template, "language": event.language}
    match event:
        case WordingDrafted():
            draft = Draft(text=event.text, by=event.drafted_by, at=event.at)
            return state.model_copy(update={**named, "draft": draft})
        case WordingPublished():
            version = Published(text=event.text, by=event.changed_by, at=event.at)
            chosen = {"current": event.version, "changed_by": event.changed_by, "changed_at": event.at}
            return state.model_copy(update={**named, **chosen, "draft": None, "versions": (*state.versions, version)})
        case WordingRestored():
            chosen = {"current": SHIPPED, "changed_by": event.changed_by, "changed_at": event.at}
            return state.model_copy(update={**named, **chosen})
    return state


def text_of(state: WordingState, version: int) -> str | None:
    """The text of a version, if there is such a one."""
    return state.versions[version - 1].text if 0 < version <= len(state.versions) else None


def _draft(state: WordingState, c: DraftWording) -> list[Event]:
    if state.draft is not None and state.draft.text == c.text:
        return []
    return [WordingDrafted(at=c.now, template=c.template, language=c.language, text=c.text, drafted_by=c.by)]


def _publish(check: Check, state: WordingState, c: PublishWording) -> list[Event]:
    if state.draft is None:
        raise Rejected("wording-draft-missing")
    found = check(state.template, state.language, state.draft.text)
    if found:
        raise Rejected(found[0].code, part=found[0].part, **found[0].detail)
    version = len(state.versions) + 1
    return [WordingPublished.model_validate({**_changed(c), "version": version, "text": state.draft.text})]


def _restore(state: WordingState, c: RestoreWording) -> list[Event]:
    if state.current == SHIPPED:
        raise Rejected("wording-shipped-already")
    return [WordingRestored.model_validate(_changed(c))]


def _changed(c: ChangeWording) -> dict[str, object]:
    said = {"at": c.now, "template": c.template, "language": c.language, "changed_by": c.by}
    return {**said, "reword": c.reword, "recipient_ids": c.recipient_ids if c.reword else ()}
