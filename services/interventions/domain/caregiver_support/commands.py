"""What can be wanted of a caregiver's request for support."""

from typing import Annotated

from pydantic import StringConstraints

from services.interventions.domain.caregiver_check.commands import CarerPhone
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.caregiver import SupportFrom, SupportKind

CarerWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
"""A technical limit: a few paragraphs."""


class AskForCarerSupport(Command):
    """They would like support for themselves."""

    request_id: Identifier
    caregiver_id: Identifier
    kind: SupportKind
    words: CarerWords | None = None
    phone: CarerPhone | None = None
    source: SupportFrom = "asked"
    urgent: bool = False
    young: bool = False


class TakeCarerSupport(Command):
    """Whoever sends it looks after it, also in another's place."""


class AnswerCarerSupport(Command):
    """What the team offers."""

    kind: SupportKind
    words: CarerWords | None = None


class CloseCarerSupport(Command):
    """There is nothing left to do."""
