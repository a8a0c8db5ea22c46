"""What somebody, or a referral, may want of a place."""

from pydantic import AwareDatetime, Field

from shared.contracts.clinic import MOST_SEATS
from shared.contracts.commands import Command
from shared.contracts.envelope import Identifier
from shared.contracts.referrals import Priority, ReasonCode, ReturnReason


class ChangeSeats(Command):
    """Psychology says how many seats there are. With fewer than are in use, nobody loses theirs."""

    place_id: Identifier
    seats: int = Field(ge=0, le=MOST_SEATS)


class EntryCommand(Command):
    """What is wanted for one referral. Late or repeated, it changes nothing and is no error: it follows an event."""

    referral_id: Identifier


class JoinList(EntryCommand):
    """Wait for a seat. `waiting_since` is where the wait began, here or elsewhere, later by every pause so far."""

    place_id: Identifier
    patient_id: Identifier
    referrer_id: Identifier
    priority: Priority
    waiting_since: AwareDatetime
    wait: int = Field(default=1, ge=1)


class PauseEntry(EntryCommand):
    """Let the wait stand still. A seat that is held stays held until its offer is answered."""

    reason_code: ReasonCode


class ResumeEntry(EntryCommand):
    """Let the wait go on. `waiting_since` is its beginning, later by the pause."""

    waiting_since: AwareDatetime


class ReorderEntry(EntryCommand):
    """Give it another priority."""

    priority: Priority


class ConfirmSeat(EntryCommand):
    """The offer was taken."""


class ReturnSeat(EntryCommand):
    """The offer was declined, or lapsed."""

    reason: ReturnReason


class LeaveList(EntryCommand):
    """The referral waits no more. A seat that is somebody's stays theirs."""


class Leave(EntryCommand):
    """The referral waits no more, or gives its seat up."""
