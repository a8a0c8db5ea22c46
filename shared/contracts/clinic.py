"""What a clinic decides for itself: clocks, hours, people, addresses. Read once at start (`deploy/clinic.yaml`)."""

import re
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.contracts.clinic_agenda import AgendaSettings, Hours, leaves_an_hour
from shared.contracts.clinic_crisis import Country, Crisis, CrisisHelp
from shared.contracts.clinic_measures import MeasureSettings
from shared.contracts.clinic_on_call import OnCall
from shared.contracts.clinic_sign_in import StaffSignIn
from shared.contracts.clinic_staff import StaffMember
from shared.contracts.clinic_together import Together
from shared.contracts.clinic_treatment import Treatment
from shared.contracts.envelope import Identifier
from shared.contracts.recordings import Recording
from shared.contracts.referrals import AttachmentKind, Language, OverdueStep, Priority
from shared.contracts.risk_words import RiskWords
from shared.contracts.triage import RuleSet
from shared.contracts.unwanted import UnwantedWords, hits

MOST_SEATS = 2000
"""The most seats of one place, which is one document and saved whole at every change: a technical limit."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise ValueError(f"{name!r} is not a time zone of the tz database; write one such as Europe/Madrid") from fault
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]


def _secure_address(address: str) -> str:
    if not re.fullmatch(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[!-~]*)?", address):
        raise ValueError(f"{address!r} is no web address; write one such as https://www.example.org/weather")
    return address


SecureAddress = Annotated[str, AfterValidator(_secure_address)]


class Part(BaseModel):
    """A part of the clinic's configuration: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Clocks(Part):
    """How long each wait may last. Triage days: e-RS sandbox reference data; chase: a 360X proof of concept. The four
    risk figures, the two offer figures and the days for an answer to a question have no source: the clinical lead must
    set them.
    """

    triage_days: dict[Priority, int]
    triage_reminder_hours: int = Field(ge=1)
    ask_again_days: int = Field(ge=1)
    outcome_chase_hours: int = Field(ge=1)
    offer_hold_days: int = Field(ge=1)
    """How long a seat is held for the person it is offered to."""
    offer_rest_days: int = Field(ge=1)
    """How long somebody whose offer came back is passed over before the next one. They keep their wait."""
    advice_days: int = Field(default=5, ge=1)
    risk_acknowledge_minutes: int = Field(ge=1)
    risk_escalate_minutes: int = Field(ge=1)
    risk_assess_minutes: int = Field(default=60, ge=1)
    """How long whoever took a risk alert on has to speak with the person, before the next one is called."""
    risk_close_hours: int = Field(default=24, ge=1)
    """How long after the assessment there must be a plan, before the next one is called."""

    @model_validator(mode="after")
    def _all_priorities(self) -> "Clocks":
        missing = [p.value for p in Priority if p not in self.triage_days]
        if missing:
            raise ValueError(f"triage_days lacks {', '.join(missing)}; give a number of days for each priority")
        return self


class Waits(Part):
    """How long a person and each step may wait. Breaches at 6 and 18 weeks: England's talking-therapy standard
    (digital.nhs.uk, monthly reports). The other figures have no source: the clinical lead must set them.
    """

    breach_weeks: tuple[int, ...] = Field(min_length=1)
    rescreen_days: int = Field(ge=1)
    step_days: dict[OverdueStep, int]

    @model_validator(mode="after")
    def _all_steps(self) -> "Waits":
        missing = [step for step in get_args(OverdueStep) if step not in self.step_days]
        if missing:
            raise ValueError(f"step_days lacks {', '.join(missing)}; give a number of days for each step")
        return self


class Words(Part):
    """The same in each language."""

    en: str
    es: str


class Pathway(Part):
    """What a referral to one pathway asks for. A referral keeps the `version` that it was drafted with.

    `measures` must be complete to send it, `more_measures` may come too; triage cannot accept before there is one
    attachment of each kind in `attachments`. A question that nobody answers within `information_days` is escalated to
    triage, or declines the referral, by `unanswered`.
    """

    id: Identifier
    version: int = Field(ge=1)
    name: Words
    measures: tuple[str, ...] = Field(min_length=1)
    more_measures: tuple[str, ...] = ()
    attachments: tuple[AttachmentKind, ...] = ()
    information_days: int = Field(ge=1)
    unanswered: Literal["escalate", "decline"]


class PlaceName(Part):
    """What a place is called to people."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class TreatmentPlace(Part):
    """Where and how a programme is given. `seats` are those to begin with; psychology changes them while it runs.

    `needs_assessment` says that a free seat is given only after one more assessment. `starts` says whether somebody who
    takes a seat begins at once or by an appointment; one `with_a_group` has no single seats: groups are formed from its
    list.
    """

    id: Identifier
    programme_id: Identifier
    name: PlaceName
    format: Literal["individual", "group"]
    mode: Literal["online", "in_person", "video"]
    languages: tuple[Language, ...] = Field(min_length=1)
    seats: int = Field(ge=0, le=MOST_SEATS)
    needs_assessment: bool = False
    starts: Literal["at_once", "by_appointment", "with_a_group"]


class Clinic(Part):
    """The whole file."""

    name: str
    time_zone: TimeZone
    phone: str
    portal_url: str
    leave_to: SecureAddress = "https://worldweather.wmo.int/"
    """Where somebody lands who leaves the portal quickly: a public page that gives nobody away."""
    sender_name: str
    sender_email: str
    clocks: Clocks
    waits: Waits
    pathways: tuple[Pathway, ...] = Field(min_length=1)
    redirects: dict[Identifier, Words] = Field(default_factory=dict)
    """Services outside that triage may send somebody on to."""
    hours: Hours
    agenda: AgendaSettings = AgendaSettings()
    """How messages that can wait are brought together."""
    country: Country = "GB"
    """Whose numbers people are shown to call in danger. No record says in which country a patient is."""
    crisis: dict[Country, Crisis]
    """The clinic's country must be there; `en` and `es` alone are taken for it."""
    staff: tuple[StaffMember, ...]
    sign_in: StaffSignIn | None = None
    triage_team: tuple[Identifier, ...] = Field(min_length=1)
    risk_ladder: tuple[Identifier, ...] = Field(min_length=1)
    on_call: OnCall = OnCall()
    """Who is called in danger, by the hour. Where nobody is on duty, `risk_ladder` stands in."""
    programmes: tuple[str, ...] = Field(min_length=1)
    """What triage can accept into; the first is meant where none is chosen."""
    unwanted_words: UnwantedWords = UnwantedWords()
    """What no text for patients and caregivers may say. The clinic's own lines here are checked with each start, all
    other texts by `make words`. The list is a local choice; there is no published one."""
    risk_words: RiskWords = RiskWords()
    """What a patient may write in an activity that a clinician must look at now. The list is a local choice; there is
    no published one. Without a list, only answers raise an alert."""
    triage_rules: RuleSet
    """What recommends a step and an urgency. The file names another one here, such as `triage/rules-1.yaml`."""
    measures: MeasureSettings = MeasureSettings()
    """Which questionnaires may be asked besides those whose text ships, and what is set about them."""
    treatment: Treatment = Treatment()
    """How long the questions between the fixed points of treatment stay open."""
    together: Together = Together()
    """Groups, circles, and the people around a patient."""
    places: tuple[TreatmentPlace, ...] = ()
    """Where the programmes are given. Each has a waiting list of its own."""

    recordings: tuple[Recording, ...] = ()
    """What people may listen to in activities. The file names a folder here."""

    def recording(self, name: str | None, language: str) -> Recording | None:
        """The recording `name` in that language; `None` if the clinic has none."""
        return next((one for one in self.recordings if (one.name, one.language) == (name, language)), None)

    def help_in(self, language: Language) -> CrisisHelp:
        """Whom a person in danger can reach at once, in the clinic's country."""
        help: CrisisHelp = getattr(self.crisis[self.country], language)
        return help

    @model_validator(mode="before")
    @classmethod
    def _crisis_without_a_country(cls, data: Any) -> Any:
        crisis = data.get("crisis") if isinstance(data, dict) else None
        if isinstance(crisis, dict) and crisis.keys() == {"en", "es"}:
            return {**data, "crisis": {data.get("country", "GB"): crisis}}
        return data

    @model_validator(mode="after")
    def _help_for_the_country(self) -> "Clinic":
        if self.country not in self.crisis:
            raise ValueError(f"crisis has no {self.country}, which is the clinic's country; add its text and numbers")
        return self

    @model_validator(mode="after")
    def _some_hour_is_not_quiet(self) -> "Clinic":
        if not leaves_an_hour((self.hours, self.agenda.never) if self.agenda.never else (self.hours,)):
            raise ValueError("hours and agenda.never together leave no minute for an e-mail; shorten one of them")
        return self

    @property
    def coordinators(self) -> tuple[str, ...]:
        """Who forms groups and looks after circles and caregivers."""
        return self.together.coordinators or self.triage_team

    def place(self, id: str) -> TreatmentPlace | None:
        """The place `id`; `None` if this clinic has no such place, or has it no longer."""
        return next((place for place in self.places if place.id == id), None)

    @model_validator(mode="after")
    def _named_people_exist(self) -> "Clinic":
        known = {member.id for member in self.staff}
        teams = {"triage_team": self.triage_team, "risk_ladder": self.risk_ladder}
        more = {"together.coordinators": self.together.coordinators, "on_call": self.on_call.people}
        for key, people in {**teams, **more}.items():
            unknown = [person for person in people if person not in known]
            if unknown:
                raise ValueError(f"{key} names {', '.join(unknown)}, who is not under staff; add or remove them")
        approved_by = self.triage_rules.approved_by
        if approved_by is not None and approved_by not in known:
            raise ValueError(f"triage_rules are approved by {approved_by}, who is not under staff; correct one of them")
        return self

    @model_validator(mode="after")
    def _pathways_are_told_apart(self) -> "Clinic":
        known = [(pathway.id, pathway.version) for pathway in self.pathways]
        twice = sorted({f"{id} {version}" for id, version in known if known.count((id, version)) > 1})
        if twice:
            raise ValueError(f"pathways has {', '.join(twice)} twice; give each change of a pathway the next version")
        return self

    def pathway(self, id: str, version: int | None = None) -> Pathway | None:
        """That version of a pathway; the newest one where it is not given, or not kept any more."""
        known = [pathway for pathway in self.pathways if pathway.id == id]
        exact = [pathway for pathway in known if pathway.version == version]
        return max(exact or known, key=lambda pathway: pathway.version, default=None)

    @model_validator(mode="after")
    def _own_lines_are_kind(self) -> "Clinic":
        lines: dict[str, tuple[str, Language | None]] = {
            "name": (self.name, None),
            "sender_name": (self.sender_name, None),
        }
        for country, crisis in self.crisis.items():
            lines[f"crisis.{country}.en"] = (crisis.en.plain, "en")
            lines[f"crisis.{country}.es"] = (crisis.es.plain, "es")
        for key, (text, language) in lines.items():
            if found := hits(text, self.unwanted_words.in_(language)):
                raise ValueError(f"{key} says “{found[0].word}”, which is under unwanted_words; say it in other words")
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
