"""What is said of one person's part in a group. There is one membership for each episode: one group at a time."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal
from shared.contracts.referrals import MissedReason

InvitationReason = Literal["time_does_not_fit", "format_does_not_fit", "too_soon", "other"]
PartEnd = Literal["finished", "left", "group_cancelled", "invitation_withdrawn", "no_seat", "treatment_ended"]
"""`invitation_withdrawn`: the group does not take place, and they were only asked."""


class MembershipEvent(Event):
    """What every event of a membership carries. `invitation` counts the times that this person was invited, from 1."""

    invitation: int = Field(ge=1)
    membership_id: Identifier
    group_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    referral_id: Identifier


class InvitedToGroup(MembershipEvent):
    """Somebody may take part, and answers until `answer_by`.

    `episode_version` is how far their treatment had come: what happened in it before does not concern this invitation.
    """

    TYPE: ClassVar[str] = "carepath.membership.invited.v1"

    starts_at: AwareDatetime
    answer_by: AwareDatetime
    invited_by: Identifier
    episode_version: int = Field(ge=1)


class GroupAccepted(MembershipEvent):
    """They want to take part, agreed to the group's rules, and said under which name the others see them.

    `rules_version` is that of the words that they read. `name` is kept in a shape of its own, not taken from the
    record; `None` shows no name at all.
    """

    TYPE: ClassVar[str] = "carepath.membership.accepted.v1"

    rules_version: int = Field(ge=1)
    name: Personal[str] = None


class GroupDeclined(MembershipEvent):
    """They would rather not. Nothing else changes for them."""

    TYPE: ClassVar[str] = "carepath.membership.declined.v1"

    reason_code: InvitationReason


class GroupInvitationLapsed(MembershipEvent):
    """No answer came in time."""

    TYPE: ClassVar[str] = "carepath.membership.invitation_lapsed.v1"


class GroupDatesNoted(MembershipEvent):
    """The dates of the group changed before they had answered. It meets next at `next_session_at`.

    `answer_by` is the time for their answer now: never later than before, nor than that meeting.
    """

    TYPE: ClassVar[str] = "carepath.membership.dates_noted.v1"

    next_session_at: AwareDatetime
    answer_by: AwareDatetime


class GroupSeatNoted(MembershipEvent):
    """What the group said of their seat: they have one, or are on the reserve list."""

    TYPE: ClassVar[str] = "carepath.membership.seat_noted.v1"

    seat: Literal["seat", "reserve"]


class GroupNameChanged(MembershipEvent):
    """They are shown to the others under another name, or none."""

    TYPE: ClassVar[str] = "carepath.membership.name_changed.v1"

    name: Personal[str] = None


class GroupRulesAsked(MembershipEvent):
    """The rules are others than those that they agreed to: they are asked, before session `number`."""

    TYPE: ClassVar[str] = "carepath.membership.rules_asked.v1"

    rules_version: int = Field(ge=1)
    number: int = Field(ge=1)


class GroupRulesAgreed(MembershipEvent):
    """They read the rules as they are now, and agree."""

    TYPE: ClassVar[str] = "carepath.membership.rules_agreed.v1"

    rules_version: int = Field(ge=1)


class GroupAbsenceTold(MembershipEvent):
    """They say beforehand that they cannot come to one session, as it is at `session_at`. A new date begins anew."""

    TYPE: ClassVar[str] = "carepath.membership.absence_told.v1"

    number: int = Field(ge=1)
    session_at: AwareDatetime


class GroupSessionAttended(MembershipEvent):
    """They were there. `first` says that it was the first session that they came to."""

    TYPE: ClassVar[str] = "carepath.membership.session_attended.v1"

    number: int = Field(ge=1)
    module_ids: tuple[str, ...]
    first: bool


class GroupSessionMissed(MembershipEvent):
    """They were not there; what was covered is open for them at home.

    `in_a_row` counts the sessions that they missed one after the other, this one among them, and `row_from` is the
    first of those: a correction in the middle joins what was missed before with what was missed after. `told` says that
    they had let somebody know. `before_first` says that they have not come to any session yet.
    """

    TYPE: ClassVar[str] = "carepath.membership.session_missed.v1"

    number: int = Field(ge=1)
    module_ids: tuple[str, ...]
    reason_code: MissedReason
    told: bool = False
    in_a_row: int = Field(ge=1)
    row_from: int = Field(ge=1)
    before_first: bool = False


class GroupAbsenceCorrected(MembershipEvent):
    """They were not there, as was said before; why, or whether they had let somebody know, is corrected.

    `before_first` says that they have not come to any session yet.
    """

    TYPE: ClassVar[str] = "carepath.membership.absence_corrected.v1"

    number: int = Field(ge=1)
    reason_code: MissedReason
    told: bool = False
    before_first: bool = False


class GroupPartEnded(MembershipEvent):
    """Their part is over; they may be invited to another group. `had_seat` is `None` for whoever never answered."""

    TYPE: ClassVar[str] = "carepath.membership.part_ended.v1"

    how: PartEnd
    had_seat: bool | None = None
    attended: int = Field(ge=0)
    missed: int = Field(ge=0)


MEMBERSHIP_EVENTS: tuple[type[Event], ...] = (
    InvitedToGroup,
    GroupAccepted,
    GroupDeclined,
    GroupInvitationLapsed,
    GroupDatesNoted,
    GroupSeatNoted,
    GroupNameChanged,
    GroupRulesAsked,
    GroupRulesAgreed,
    GroupAbsenceTold,
    GroupSessionAttended,
    GroupSessionMissed,
    GroupAbsenceCorrected,
    GroupPartEnded,
)
