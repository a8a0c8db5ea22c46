"""What is said of one person's part in a circle. There is one for each person and circle."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import ContactKind
from shared.contracts.personal import Personal

NudgeWord = Literal["thinking_of_you", "good_to_see_you", "how_did_it_go", "well_done"]
"""Kind words that can be sent with one click. Our own; texts say them in the reader's language."""

WorryField = Literal["name", "note"]
"""Where, beside posts, words are typed in a circle."""


class CircleMemberEvent(Event):
    """What every event of a member carries. `episode_id` is the treatment that they were invited after."""

    member_id: Identifier
    circle_id: Identifier
    patient_id: Identifier
    episode_id: Identifier


class CircleInvited(CircleMemberEvent):
    """They may join. `round` counts their invitations to this circle, from 1."""

    TYPE: ClassVar[str] = "carepath.circle_member.invited.v1"

    round: int = Field(ge=1)
    invited_by: Identifier


class CircleJoined(CircleMemberEvent):
    """They are in, agreed to the circle's rules, and said under which name the others see them; `None` shows none."""

    TYPE: ClassVar[str] = "carepath.circle_member.joined.v1"

    round: int = Field(ge=1)
    rules_version: int = Field(ge=1)
    name: Personal[str] = None


class CircleDeclined(CircleMemberEvent):
    """They would rather not. No reason is asked."""

    TYPE: ClassVar[str] = "carepath.circle_member.declined.v1"

    round: int = Field(ge=1)


class CircleNameChanged(CircleMemberEvent):
    """They are shown to the others under another name, or none."""

    TYPE: ClassVar[str] = "carepath.circle_member.name_changed.v1"

    name: Personal[str] = None


class CircleLeft(CircleMemberEvent):
    """They are not in it any more. The others see neither this, nor their name, nor what they wrote.

    `post_ids` are what they wrote. `by_team` says that psychology took them out, or back an invitation.
    """

    TYPE: ClassVar[str] = "carepath.circle_member.left.v1"

    round: int = Field(ge=1)
    post_ids: tuple[Identifier, ...] = ()
    by_team: bool = False


class CirclePostNoted(CircleMemberEvent):
    """They wrote a post, which goes with them when they leave."""

    TYPE: ClassVar[str] = "carepath.circle_member.post_noted.v1"

    post_id: Identifier

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """The post itself says so."""
        return False


class CirclePostsOrphaned(CircleMemberEvent):
    """What they wrote crossed with their leaving: it is gone as well."""

    TYPE: ClassVar[str] = "carepath.circle_member.posts_orphaned.v1"

    post_ids: tuple[Identifier, ...]

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """It only sets right what crossed."""
        return False


class CircleMuteSet(CircleMemberEvent):
    """They do not want to read one other member, or do again. Only their own view changes, and nobody is told."""

    TYPE: ClassVar[str] = "carepath.circle_member.mute_set.v1"

    other_id: Identifier
    muted: bool

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """Whoever looks over their shoulder need not read it."""
        return False


class CircleNudgeSent(CircleMemberEvent):
    """They sent somebody a kind word. Whether it is shown there is not said."""

    TYPE: ClassVar[str] = "carepath.circle_member.nudge_sent.v1"

    to_member_id: Identifier
    word: NudgeWord

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """A small thing, which the circle shows."""
        return False


class CircleNudged(CircleMemberEvent):
    """Somebody whom they have not muted sent them a kind word."""

    TYPE: ClassVar[str] = "carepath.circle_member.nudged.v1"

    from_member_id: Identifier
    word: NudgeWord

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """A small thing, which the circle shows as long as whoever sent it is in it."""
        return False


class CircleMemberRiskWordsWritten(CircleMemberEvent):
    """Words of the clinic's list: a person must look at it now. `field` says whether they stand in the name that they
    chose, which is then not shown, or in the note of a contact that the circle's leader had with them.
    """

    TYPE: ClassVar[str] = "carepath.circle_member.risk_words_written.v1"

    field: WorryField
    words: Personal[tuple[str, ...]] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """What becomes of it is: the alert."""
        return False


class CircleContactLogged(CircleMemberEvent):
    """Psychology, or the circle's leader, was in touch with them, or tried to be. `minutes` is the time it took."""

    TYPE: ClassVar[str] = "carepath.circle_member.contact_logged.v1"

    kind: ContactKind
    reached: bool
    minutes: int = Field(ge=0)
    logged_by: Identifier
    note: Personal[str] = None

    @classmethod
    def is_for_patient(cls, data: Mapping[str, Any]) -> bool:
        """A working note."""
        return False


CIRCLE_MEMBER_EVENTS: tuple[type[Event], ...] = (
    CircleInvited,
    CircleJoined,
    CircleDeclined,
    CircleNameChanged,
    CircleLeft,
    CirclePostNoted,
    CirclePostsOrphaned,
    CircleMuteSet,
    CircleNudgeSent,
    CircleNudged,
    CircleContactLogged,
    CircleMemberRiskWordsWritten,
)
