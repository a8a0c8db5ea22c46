"""Recordings that a clinic puts in, for people who would rather listen to an activity than read it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.referrals import Language

Kind = Literal["mp3", "m4a", "ogg"]
MEDIA_TYPES: dict[Kind, str] = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg"}


class Recording(BaseModel):
    """One file. `name` is what an activity of the catalogue calls it under `audio`; `path` is where it lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    language: Language
    kind: Kind
    path: str

    @property
    def media_type(self) -> str:
        """What browsers are told that it is."""
        return MEDIA_TYPES[self.kind]
