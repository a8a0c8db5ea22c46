"""What people wish to be told by e-mail and when, and what is not sent because of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.clinic_agenda import Hours, WallClock
from shared.contracts.envelope import Event
from shared.contracts.notifications import AgendaEvent, MessageEvent

Category = Literal["decisions", "meetings", "treatment", "encouragement", "people", "carers"]
"""Kinds of messages that a person may keep to the inbox alone. What is about safety is none of them: it always goes."""
WithheldReason = Literal["inbox_only", "stopped", "too_late"]

MostEmails = Annotated[int, Field(ge=1, le=50)]
"""How many e-mails a week are enough before what can wait is held back."""


class PreferencesChosen(AgendaEvent):
    """The person chose what reaches them by e-mail. `inbox_only` stays in the inbox; `weekly_emails` and the quiet
    hours (both or none) take the place of what the clinic set, where they are there.
    """

    TYPE: ClassVar[str] = "carepath.agenda.preferences_chosen.v1"

    inbox_only: tuple[Category, ...] = ()
    weekly_emails: MostEmails | None = None
    quiet_from: WallClock | None = None
    quiet_to: WallClock | None = None

    @property
    def hours(self) -> Hours | None:
        """Their own quiet hours."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return Hours(quiet_from=self.quiet_from, quiet_to=self.quiet_to)


class MessageWithheld(MessageEvent):
    """It stands in the inbox, and no e-mail of it will be sent: its kind is kept there, somebody stopped it, or its
    meeting has begun.
    """

    TYPE: ClassVar[str] = "carepath.agenda.message_withheld.v1"

    reason: WithheldReason


EVENTS: tuple[type[Event], ...] = (PreferencesChosen, MessageWithheld)
