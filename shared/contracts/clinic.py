"""What a clinic decides for itself: clocks, hours, people, addresses. Read once at start (`deploy/clinic.yaml`)."""

from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.contracts.envelope import Identifier
from shared.contracts.referrals import Language, Priority

StaffRole = Literal["referrer", "psychology", "operator"]

MOST_SEATS = 2000
"""The most seats of one place, which is one document and saved whole at every change: a technical limit."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise ValueError(f"{name!r} is not a time zone of the tz database; write one such as Europe/Madrid") from fault
    return name


def _whole_minute(clock: time) -> time:
    if clock.second or clock.microsecond or clock.tzinfo:
        raise ValueError(f"{clock} is not a time in hours and minutes; write one such as 20:00")
    return clock


TimeZone = Annotated[str, AfterValidator(_known_zone)]
WallClock = Annotated[time, AfterValidator(_whole_minute)]


class Part(BaseModel):
    """A part of the clinic's configuration: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StaffMember(Part):
    """Somebody who works with the system. `id` is also the subject of their token."""

    id: Identifier
    name: str
    email: str
    role: StaffRole
    language: Language = "en"


class Clocks(Part):
    """How long each wait may last. Triage days: e-RS sandbox reference data; chase: a 360X proof of concept. The two
    risk figures and the two offer figures have no source: the clinical lead must set them.
    """

    triage_days: dict[Priority, int]
    triage_reminder_hours: int = Field(ge=1)
    ask_again_days: int = Field(ge=1)
    outcome_chase_hours: int = Field(ge=1)
    offer_hold_days: int = Field(ge=1)
    """How long a seat is held for the person it is offered to."""
    offer_rest_days: int = Field(ge=1)
    """How long somebody whose offer came back is passed over before the next one. They keep their wait."""
    risk_acknowledge_minutes: int = Field(ge=1)
    risk_escalate_minutes: int = Field(ge=1)

    @model_validator(mode="after")
    def _all_priorities(self) -> "Clocks":
        missing = [p.value for p in Priority if p not in self.triage_days]
        if missing:
            raise ValueError(f"triage_days lacks {', '.join(missing)}; give a number of days for each priority")
        return self


class Hours(Part):
    """No e-mail is sent between `quiet_from` and `quiet_to` in the recipient's own time zone, except in a crisis."""

    quiet_from: WallClock
    quiet_to: WallClock


class Crisis(Part):
    """Whom a person in danger can reach at once, in words for them."""

    en: str
    es: str


class PlaceName(Part):
    """What a place is called to people."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class TreatmentPlace(Part):
    """Where and how a programme is given. `seats` are those to begin with; psychology changes them while it runs.

    `needs_assessment` says that a free seat is given only after one more assessment. `starts` says whether somebody who
    takes a seat begins at once or by an appointment.
    """

    id: Identifier
    programme_id: Identifier
    name: PlaceName
    format: Literal["individual", "group"]
    mode: Literal["online", "in_person", "video"]
    languages: tuple[Language, ...] = Field(min_length=1)
    seats: int = Field(ge=0, le=MOST_SEATS)
    needs_assessment: bool = False
    starts: Literal["at_once", "by_appointment"]


class Clinic(Part):
    """The whole file."""

    name: str
    time_zone: TimeZone
    phone: str
    portal_url: str
    sender_name: str
    sender_email: str
    clocks: Clocks
    hours: Hours
    crisis: Crisis
    staff: tuple[StaffMember, ...]
    triage_team: tuple[Identifier, ...] = Field(min_length=1)
    risk_ladder: tuple[Identifier, ...] = Field(min_length=1)
    programmes: tuple[str, ...] = Field(min_length=1)
    """What triage can accept into; the first is meant where none is chosen."""
    places: tuple[TreatmentPlace, ...] = ()
    """Where the programmes are given. Each has a waiting list of its own."""

    def place(self, id: str) -> TreatmentPlace | None:
        """The place `id`; `None` if this clinic has no such place, or has it no longer."""
        return next((place for place in self.places if place.id == id), None)

    @model_validator(mode="after")
    def _named_people_exist(self) -> "Clinic":
        known = {member.id for member in self.staff}
        for key in ("triage_team", "risk_ladder"):
            unknown = [person for person in getattr(self, key) if person not in known]
            if unknown:
                raise ValueError(f"{key} names {', '.join(unknown)}, who is not under staff; add or remove them")
        return self

    @model_validator(mode="after")
    def _places_fit(self) -> "Clinic":
        ids = [place.id for place in self.places]
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise ValueError(f"places has {', '.join(twice)} more than once; give each place an id of its own")
        for place in self.places:
            if place.programme_id not in self.programmes:
                offered = ", ".join(self.programmes)
                raise ValueError(
                    f"place {place.id} is for {place.programme_id}, which is not under programmes; "
                    f"add it there, or choose one of {offered}"
                )
        return self
