"""What somebody can want of the list of resources."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.interventions.resource import ResourceReaders, ResourceTopic
from shared.contracts.referrals import Language

# Technical limits: a title on one line, and one or two sentences.
ResourceTitle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
ResourceText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]

Link = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=500,
        pattern=r"^https?://[A-Za-z0-9][A-Za-z0-9.\-]*(:[0-9]{1,5})?([/?#][^\s<>\"'\\]*)?$",
    ),
]
"""Of the web only: no script, no file, and no name and password before the host."""
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 \-]{1,22}[0-9]$")]
"""As it is dialled: a short number such as 999, or one with a country's prefix; so without a "(0)"."""


class Entry(BaseModel):
    """What is written in an entry. Never anything about a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ResourceTitle
    text: ResourceText
    link: Link | None = None
    phone: Phone | None = None
    language: Language
    topic: ResourceTopic
    for_whom: ResourceReaders
    owner_id: Identifier


class AddResource(Command):
    """A new entry that is shown until the end of `ends_on`, a day by the clinic's clock."""

    resource_id: Identifier
    entry: Entry
    ends_on: date


class ChangeResource(Command):
    """The entry should read differently, or somebody else should look after it."""

    entry: Entry


class RenewResource(Command):
    """Somebody looked at it and it is still right, until the end of `ends_on`."""

    ends_on: date


class RetireResource(Command):
    """It should not be shown any more, ever."""
