"""What is remembered of a group: its sessions, who has a seat, who waits for one. Ids only, nothing personal."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import Absence, GroupMode
from shared.contracts.referrals import Language

GroupStatus = Literal["forming", "confirmed", "running", "finished", "cancelled"]


class Session(Part):
    """One meeting. `where` and the two `facilitators` are there where they differ from the group's. `present` and
    `absent` are ids of memberships once attendance was taken; `present` is `None` before.
    """

    number: int
    at: AwareDatetime
    minutes: int
    module_ids: tuple[str, ...] = ()
    where: str | None = None
    facilitators: tuple[str, ...] | None = None
    present: tuple[str, ...] | None = None
    absent: tuple[Absence, ...] = ()

    @property
    def held(self) -> bool:
        """Whether it was said who was there."""
        return self.present is not None


class Seat(Part):
    """One person, with a seat or on the reserve list. `since` is the number of the first session that is theirs."""

    membership_id: str
    episode_id: str
    patient_id: str
    invitation: int = Field(default=1, ge=1)
    since: int = Field(default=1, ge=1)


class GroupState(Part):
    """`reserves` are in order. `under_minimum_at` is when it was last said that a person must decide."""

    group_id: str = ""
    status: GroupStatus | None = None
    programme_id: str = ""
    programme_version: int = 1
    language: Language = "en"
    mode: GroupMode = "in_person"
    where: str = ""
    minimum: int = 2
    maximum: int = 2
    facilitators: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()
    decide_at: AwareDatetime | None = None
    place_id: str | None = None
    postponed: int = 0
    under_minimum_at: AwareDatetime | None = None
    overdue: tuple[int, ...] = ()
    seats: tuple[Seat, ...] = ()
    reserves: tuple[Seat, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it takes place, or is to."""
        return self.status in ("forming", "confirmed", "running")

    @property
    def patient_ids(self) -> tuple[str, ...]:
        """Those with a seat."""
        return tuple(seat.patient_id for seat in self.seats)

    @property
    def everybody(self) -> tuple[Seat, ...]:
        """Those with a seat, and those who wait for one."""
        return (*self.seats, *self.reserves)

    def session(self, number: int) -> Session | None:
        """The session of that number."""
        return next((one for one in self.sessions if one.number == number), None)

    def leaders(self, session: Session) -> tuple[str, ...]:
        """Who leads it."""
        return session.facilitators or self.facilitators


def keys(state: GroupState) -> dict[str, str | None]:
    """By what groups are looked up."""
    return {"open": None if state.status is None else "yes" if state.open else "no"}
