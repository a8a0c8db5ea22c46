"""Whom a person in danger can reach at once: by country and language, in the clinic's own words."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1, two letters."""


class CrisisLine(BaseModel):
    """A number to call, as it is written there, and when somebody answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    phone: str
    hours: str = ""


class CrisisHelp(BaseModel):
    """What a person in danger reads, and the lines in the order in which to try them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    lines: tuple[CrisisLine, ...] = ()

    @property
    def plain(self) -> str:
        """All of it without a page around it."""
        shown = [f"{line.name}: {line.phone}{f' ({line.hours})' if line.hours else ''}" for line in self.lines]
        return "\n".join((self.text, *shown))


class Crisis(BaseModel):
    """The help of one country. A plain text stands for one without lines: so it was written before there were lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: CrisisHelp
    es: CrisisHelp

    @field_validator("en", "es", mode="before")
    @classmethod
    def _text_alone(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value
