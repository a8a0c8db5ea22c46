"""What is remembered of a circle: ids and times only."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part

CircleStatus = Literal["open", "closed"]


class CircleSeat(Part):
    """One seat: held from the invitation on, `taken` once they said yes. `since` is when either happened."""

    member_id: str
    patient_id: str
    round: int
    taken: bool = False
    since: AwareDatetime


class CircleMeeting(Part):
    """One meeting, counted from 1. `present` are members, once it is `held`. A `cancelled` one keeps its number."""

    number: int
    at: AwareDatetime
    minutes: int
    where: str | None
    topic: str
    held: bool = False
    cancelled: bool = False
    present: tuple[str, ...] = ()


class CircleState(Part):
    """`rounds` counts the invitations of each member. `numbers` tells apart those who show no name: one for each stay,
    of which `numbered` was the last, so that none is given twice and nobody's changes when others leave.

    `active_at` is when something was shown or a meeting was held. `quiet_told_at` and `leaderless_told_at` are when the
    coordinator was last told, and empty where all is well.
    """

    status: CircleStatus | None = None
    circle_id: str = ""
    title: str = ""
    language: str = "en"
    mode: str = "video"
    where: str = ""
    agenda_id: str = ""
    agenda_version: int = 0
    coordinator_id: str = ""
    from_group_id: str | None = None
    most_people: int = 0
    seats: tuple[CircleSeat, ...] = ()
    rounds: dict[str, int] = Field(default_factory=dict)
    numbers: dict[str, int] = Field(default_factory=dict)
    numbered: int = 0
    leader: str | None = None
    leader_patient_id: str | None = None
    leaderless_since: AwareDatetime | None = None
    leaderless_told_at: AwareDatetime | None = None
    meetings: tuple[CircleMeeting, ...] = ()
    started_at: AwareDatetime | None = None
    active_at: AwareDatetime | None = None
    quiet_told_at: AwareDatetime | None = None
    closed_for: str | None = None

    def seat(self, member_id: str) -> CircleSeat | None:
        """The seat of a member; `None` where they have none."""
        return next((one for one in self.seats if one.member_id == member_id), None)

    @property
    def all_numbers(self) -> dict[str, int]:
        """`numbers`, and those of seats taken before there were any: in the order in which they were taken."""
        none = [one for one in self.seats if one.taken and one.member_id not in self.numbers]
        ordered = sorted(none, key=lambda one: (one.since, one.member_id))
        given = {one.member_id: number for number, one in enumerate(ordered, self.numbered + 1)}
        return {**self.numbers, **given}

    def meeting(self, number: int) -> CircleMeeting | None:
        """The meeting of that number."""
        return next((one for one in self.meetings if one.number == number), None)

    @property
    def meetings_on(self) -> tuple[CircleMeeting, ...]:
        """Those that take place, or did."""
        return tuple(one for one in self.meetings if not one.cancelled)

    @property
    def patients(self) -> tuple[str, ...]:
        """Who said yes."""
        return tuple(one.patient_id for one in self.seats if one.taken)
