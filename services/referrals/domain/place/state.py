"""What a place knows: its seats, and every referral that waits for one or has one. Nothing in it is personal."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.referrals import EntryStatus, Priority


class Part(BaseModel):
    """A part of the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Part):
    """One referral at a place. It stands under its id once, so it cannot wait twice, nor wait and have a seat.

    `waiting_since` is the beginning of the wait, already later by every pause. `rest_until` is set once an offer came
    back; `offers_returned` counts how often one did. `wait` says which of the referral's waits this is.
    """

    referral_id: str
    patient_id: str
    referrer_id: str
    priority: Priority
    waiting_since: AwareDatetime
    status: EntryStatus = "waiting"
    pause_reason_code: str | None = None
    paused_at: AwareDatetime | None = None
    hold_until: AwareDatetime | None = None
    rest_until: AwareDatetime | None = None
    offers_returned: int = Field(default=0, ge=0)
    wait: int = Field(default=1, ge=1)


class PlaceState(Part):
    """A place. `seats` are `None` until psychology changes them: then the clinic's configuration says how many."""

    place_id: str = ""
    seats: int | None = None
    entries: dict[str, Entry] = Field(default_factory=dict)
