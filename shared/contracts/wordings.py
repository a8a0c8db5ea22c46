"""What is said of the clinic's own words: the texts of messages that its people write in place of the shipped ones.

There is one wording for each template and language. Nothing in it is about a person: no field is personal.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.notifications import MessageEvent
from shared.contracts.referrals import Language

SHIPPED = 0
"""The version of the words that the program comes with."""
WordingVersion = Annotated[int, Field(ge=SHIPPED)]


class WordingEvent(Event):
    """What every event of a wording carries."""

    template: str
    language: Language


class WordingDrafted(WordingEvent):
    """Somebody wrote other words. Nobody reads them until they are published."""

    TYPE: ClassVar[str] = "carepath.wording.drafted.v1"

    text: str
    drafted_by: Identifier


class WordingChanged(WordingEvent):
    """Messages that are planned from now on say it in other words. What was planned before keeps its own, but for those
    that still wait at the `recipient_ids`, where the person who changed it chose so (`reword`).
    """

    changed_by: Identifier
    reword: bool = False
    recipient_ids: tuple[Identifier, ...] = ()


class WordingPublished(WordingChanged):
    """The words of the draft are version `version`. The text of a version never changes."""

    TYPE: ClassVar[str] = "carepath.wording.published.v1"

    version: Annotated[int, Field(ge=1)]
    text: str


class WordingRestored(WordingChanged):
    """The shipped words hold again."""

    TYPE: ClassVar[str] = "carepath.wording.restored.v1"


class MessageReworded(MessageEvent):
    """A message that waited says it, in this language, in the words of version `wording` instead."""

    TYPE: ClassVar[str] = "carepath.agenda.message_reworded.v1"

    language: Language
    wording: WordingVersion


WORDING_EVENTS: tuple[type[Event], ...] = (WordingDrafted, WordingPublished, WordingRestored)
AGENDA_EVENTS: tuple[type[Event], ...] = (MessageReworded,)
EVENTS: tuple[type[Event], ...] = (*WORDING_EVENTS, *AGENDA_EVENTS)
