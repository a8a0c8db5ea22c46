"""What is remembered of one person's part in a group."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import PartEnd
from shared.contracts.personal import Personal
from shared.contracts.referrals import MissedReason


class Mark(Part):
    """Whether they were at a session; and if not, why, and whether they had let somebody know."""

    present: bool
    reason_code: MissedReason = "not_specified"
    told: bool = False


MembershipStatus = Literal["invited", "accepted", "seat", "reserve", "declined", "lapsed", "ended"]


class MembershipState(Part):
    """One for each episode. All is of the last group that the person was invited to; `invitation` counts them.

    `marks` says of each session whether they were there, in the order of sessions; `told` are the sessions to which
    they said beforehand that they cannot come, with the time that each had then. `rules_version` is that of the rules
    that they agreed to, `rules_asked` the one that they were asked about since. `had_seat` stays after the end.
    """

    invitation: int = 0
    membership_id: str = ""
    group_id: str = ""
    episode_id: str = ""
    episode_version: int = 1
    patient_id: str = ""
    referral_id: str = ""
    status: MembershipStatus | None = None
    invited_by: str = ""
    answer_by: AwareDatetime | None = None
    rules_version: int | None = None
    rules_asked: int | None = None
    name: Personal[str] = None
    had_seat: bool = False
    told: Mapping[int, AwareDatetime] = Field(default_factory=dict)
    marks: Mapping[int, Mark] = Field(default_factory=dict)
    how_ended: PartEnd | None = None

    @property
    def open(self) -> bool:
        """Whether they are in the group, or have been asked."""
        return self.status in ("invited", "accepted", "seat", "reserve")

    @property
    def attended(self) -> int:
        """How many sessions they came to."""
        return sum(mark.present for mark in self.marks.values())

    @property
    def missed(self) -> int:
        """How many sessions they missed."""
        return len(self.marks) - self.attended

    @property
    def in_the_group(self) -> bool:
        """Whether they said yes and are not out of it again."""
        return self.status in ("accepted", "seat", "reserve")

    def tells(self, number: int, at: datetime) -> bool:
        """Whether they said that they cannot come to that session, as it is at `at`: a new date asks anew."""
        return self.told.get(number) == at

    def row_of(self, number: int) -> tuple[int, ...]:
        """The sessions missed one after the other that `number` belongs to; none if they were there, or it is open."""
        row: list[int] = []
        for one, mark in sorted(self.marks.items()):
            if mark.present:
                if number in row:
                    break
                row = []
            else:
                row.append(one)
        return tuple(row) if number in row else ()
