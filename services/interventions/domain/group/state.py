"""What is remembered of a group: its sessions, who has a seat, who waits for one. Ids only, nothing personal."""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.contracts.interventions import Absence, GroupEnd, GroupMember, GroupMode
from shared.contracts.referrals import Language

GroupStatus = Literal["forming", "confirmed", "running", "finished", "cancelled"]


class Session(Part):
    """One meeting. `where` and the two `facilitators` are there where they differ from the group's, and once it has
    begun: who led it stays. `present` and `absent` are ids of memberships once attendance was taken; `present` is
    `None` before. `not_held` is why it did not take place.
    """

    number: int
    at: AwareDatetime
    minutes: int
    module_ids: tuple[str, ...] = ()
    where: str | None = None
    facilitators: tuple[str, ...] | None = None
    present: tuple[str, ...] | None = None
    absent: tuple[Absence, ...] = ()
    not_held: GroupEnd | None = None

    @property
    def held(self) -> bool:
        """Whether it was said who was there."""
        return self.present is not None

    @property
    def settled(self) -> bool:
        """Whether it was said who was there, or that it was not held."""
        return self.held or self.not_held is not None


class Seat(Part):
    """One person, with a seat or on the reserve list. `since` is the number of the first session that is theirs."""

    membership_id: str
    episode_id: str
    patient_id: str
    invitation: int = Field(default=1, ge=1)
    since: int = Field(default=1, ge=1)


class GroupState(Part):
    """`reserves` are in order. `asked` are those who were invited, but for those who have said yes: who said no stays.

    `postponed` counts all postponements, `postponed_by_itself` those that no person wanted. `under_minimum_at` is when
    it was last said that a person must decide, `unfinished_at` when it was last asked why it has not finished.
    `overdue` are the sessions of which attendance was asked for, `announced` is the last one that was said to be near.
    """

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
    postponed_by_itself: int = 0
    under_minimum_at: AwareDatetime | None = None
    unfinished_at: AwareDatetime | None = None
    overdue: tuple[int, ...] = ()
    announced: int = 0
    asked: tuple[Seat, ...] = ()
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
    def reserve_ids(self) -> tuple[str, ...]:
        """Those who wait for a seat, in order."""
        return tuple(seat.patient_id for seat in self.reserves)

    @property
    def everybody(self) -> tuple[Seat, ...]:
        """Those with a seat, and those who wait for one."""
        return (*self.seats, *self.reserves)

    @property
    def goes_on(self) -> bool:
        """Whether it is settled that it takes place, and it has not finished."""
        return self.status in ("confirmed", "running")

    @property
    def unsettled(self) -> tuple[Session, ...]:
        """Sessions of which nothing was said yet."""
        return tuple(one for one in self.sessions if not one.settled)

    @property
    def leading(self) -> tuple[str, ...]:
        """Everybody who leads a session of which nothing was said yet, or the group."""
        own = (who for one in self.unsettled for who in self.leaders(one))
        return tuple(dict.fromkeys((*self.facilitators, *own)))

    def session(self, number: int) -> Session | None:
        """The session of that number."""
        return next((one for one in self.sessions if one.number == number), None)

    def leaders(self, session: Session) -> tuple[str, ...]:
        """Who leads it."""
        return session.facilitators or self.facilitators


def members(*seats: Seat) -> tuple[GroupMember, ...]:
    """These people, as events name them."""
    return tuple(GroupMember(**seat.model_dump(exclude={"since"})) for seat in seats)


def keys(state: GroupState) -> dict[str, str | None]:
    """By what groups are looked up."""
    return {"open": None if state.status is None else "yes" if state.open else "no"}
