"""What is remembered of one person's part in a group."""

from collections.abc import Mapping
from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import PartEnd
from shared.contracts.personal import Personal

MembershipStatus = Literal["invited", "accepted", "seat", "reserve", "declined", "lapsed", "ended"]


class MembershipState(Part):
    """One for each episode. All is of the last group that the person was invited to; `invitation` counts them.

    `marks` says of each session whether they were there, in the order of sessions; `told` are the sessions to which
    they said beforehand that they cannot come.
    """

    invitation: int = 0
    membership_id: str = ""
    group_id: str = ""
    episode_id: str = ""
    patient_id: str = ""
    referral_id: str = ""
    status: MembershipStatus | None = None
    invited_by: str = ""
    answer_by: AwareDatetime | None = None
    rules_version: int | None = None
    name: Personal[str] = None
    told: tuple[int, ...] = ()
    marks: Mapping[int, bool] = Field(default_factory=dict)
    how_ended: PartEnd | None = None

    @property
    def open(self) -> bool:
        """Whether they are in the group, or have been asked."""
        return self.status in ("invited", "accepted", "seat", "reserve")

    @property
    def attended(self) -> int:
        """How many sessions they came to."""
        return sum(self.marks.values())

    @property
    def missed(self) -> int:
        """How many sessions they missed."""
        return len(self.marks) - self.attended

    def missed_in_a_row(self, number: int) -> int:
        """How many sessions were missed one after the other, up to and with `number`."""
        count = 0
        for one in sorted((one for one in self.marks if one <= number), reverse=True):
            if self.marks[one]:
                break
            count += 1
        return count
