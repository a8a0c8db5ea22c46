"""What is remembered of one person's part in a circle."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import ContactKind
from shared.contracts.interventions.circle_member import NudgeWord
from shared.contracts.personal import Personal

MemberStatus = Literal["invited", "joined", "declined", "left"]


class CircleContact(Part):
    """One time that somebody was in touch with them, or tried to be."""

    at: AwareDatetime
    kind: ContactKind
    reached: bool
    minutes: int
    logged_by: str
    note: Personal[str] = None


class KindWord(Part):
    """A kind word that came."""

    at: AwareDatetime
    from_member_id: str
    word: NudgeWord


class CircleMemberState(Part):
    """`post_ids` are what they wrote in this stay. `muted` are members whom they do not want to read; `nudged` is when
    they last sent each a kind word.
    """

    status: MemberStatus | None = None
    member_id: str = ""
    circle_id: str = ""
    patient_id: str = ""
    episode_id: str = ""
    round: int = 0
    rules_version: int | None = None
    name: Personal[str] = None
    invited_at: AwareDatetime | None = None
    joined_at: AwareDatetime | None = None
    post_ids: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    nudged: dict[str, AwareDatetime] = Field(default_factory=dict)
    kind_words: tuple[KindWord, ...] = ()
    contacts: tuple[CircleContact, ...] = ()
