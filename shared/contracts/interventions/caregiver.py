"""What is said of somebody whom a patient trusts, for themselves: their course, how they are, support, a word.

They are a person of their own: what is theirs stands under their own key, and in nobody else's history. No field is
named `patient_id`: the patient reads nothing of it, unless the caregiver lets the team speak of it.
"""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.personal import Personal

CheckAnswer = Literal["never", "sometimes", "often", "always"]
SafeAnswer = Literal["yes", "not_sure", "no"]
SupportKind = Literal["phone", "meeting", "information"]
SupportFrom = Literal["asked", "check"]
"""Whether they asked for it, or said in the check that they do not feel safe."""


class CarerEvent(Event):
    """What every event about a caregiver for themselves carries."""

    PERSON: ClassVar[str] = "caregiver_id"

    caregiver_id: Identifier


class CaregiverCourseOpened(CarerEvent):
    """They take part: a short course of their own is open. `young`: they are a child or a young person."""

    TYPE: ClassVar[str] = "carepath.caregiver_course.opened.v1"

    young: bool = False


class CaregiverCourseYoungSet(CarerEvent):
    """It was written down, or taken back, that they are a child or a young person."""

    TYPE: ClassVar[str] = "carepath.caregiver_course.young_set.v1"

    young: bool


class CaregiverPageRead(CarerEvent):
    """They read one page of a part."""

    TYPE: ClassVar[str] = "carepath.caregiver_course.page_read.v1"

    part: str
    page: str


class CaregiverPartFinished(CarerEvent):
    """They read all pages of a part."""

    TYPE: ClassVar[str] = "carepath.caregiver_course.part_finished.v1"

    part: str


class CaregiverCheckPlanned(CarerEvent):
    """The few questions on how they are can be answered from now on. `young`: support is offered sooner."""

    TYPE: ClassVar[str] = "carepath.caregiver_check.planned.v1"

    young: bool = False


class CaregiverCheckGiven(CarerEvent):
    """How they are: five answers about two weeks, and whether they feel safe and able to go on.

    The questions are our own and no published instrument: no total is made. `offered` says whether support was offered
    at once by the clinic's own rule. `phone` is where they may be called, if they said so.
    """

    TYPE: ClassVar[str] = "carepath.caregiver_check.given.v1"

    number: int = Field(ge=1)
    answers: Personal[dict[str, CheckAnswer]] = None
    safe: Personal[SafeAnswer] = None
    offered: bool
    phone: Personal[str] = None


class CaregiverNotSafe(CarerEvent):
    """They said that they do not feel safe, or cannot go on. Somebody must call them."""

    TYPE: ClassVar[str] = "carepath.caregiver_check.not_safe.v1"

    number: int = Field(ge=1)
    young: bool = False
    phone: Personal[str] = None


class CaregiverCheckDue(CarerEvent):
    """It is some time since the last one: they may look at it again."""

    TYPE: ClassVar[str] = "carepath.caregiver_check.due.v1"


class SupportEvent(CarerEvent):
    """What every event of one request for support carries."""

    request_id: Identifier


class CaregiverSupportAsked(SupportEvent):
    """They would like support. An `urgent` one is about their safety and goes up the ladder until somebody takes it."""

    TYPE: ClassVar[str] = "carepath.caregiver_support.asked.v1"

    kind: SupportKind
    words: Personal[str] = None
    source: SupportFrom = "asked"
    urgent: bool = False
    young: bool = False
    answer_by: AwareDatetime
    phone: Personal[str] = None


class CaregiverSupportWaits(SupportEvent):
    """Nobody has taken it in time. Of an urgent one the next person of the ladder is called: `level` 0 is the first."""

    TYPE: ClassVar[str] = "carepath.caregiver_support.waits.v1"

    urgent: bool
    level: int = Field(ge=0)


class CaregiverSupportTaken(SupportEvent):
    """A named clinician looks after it."""

    TYPE: ClassVar[str] = "carepath.caregiver_support.taken.v1"

    taken_by: Identifier


class CaregiverSupportAnswered(SupportEvent):
    """What the team offers, in words that the caregiver reads."""

    TYPE: ClassVar[str] = "carepath.caregiver_support.answered.v1"

    kind: SupportKind
    words: Personal[str] = None
    answered_by: Identifier


class CaregiverSupportClosed(SupportEvent):
    """There is nothing left to do."""

    TYPE: ClassVar[str] = "carepath.caregiver_support.closed.v1"

    closed_by: Identifier


class WordEvent(CarerEvent):
    """What every event of one word to the team carries."""

    word_id: Identifier


class CaregiverWordSent(WordEvent):
    """They told the team something about `about_id`, whose record is not opened by it.

    `may_tell` says whether the team may say to that person from whom they have it.
    """

    TYPE: ClassVar[str] = "carepath.caregiver_word.sent.v1"

    about_id: Identifier
    text: Personal[str] = None
    may_tell: bool
    worrying: bool = False
    phone: Personal[str] = None


class CaregiverWordWorries(WordEvent):
    """It holds words of the clinic's list and nobody has read it yet: the person whose turn it is is called.

    It is no risk alert of the person whom it is about: an alert writes to that person, and would give the caregiver
    away. `level` 0 is the first of the ladder.
    """

    TYPE: ClassVar[str] = "carepath.caregiver_word.worries.v1"

    level: int = Field(ge=0)
    read_by: AwareDatetime


class CaregiverWordRead(WordEvent):
    """Somebody of the team read it."""

    TYPE: ClassVar[str] = "carepath.caregiver_word.read.v1"

    reader_id: Identifier


class CaregiverWordReplied(WordEvent):
    """A few words back. Nothing of the person's record belongs in them."""

    TYPE: ClassVar[str] = "carepath.caregiver_word.replied.v1"

    text: Personal[str] = None
    replied_by: Identifier


CAREGIVER_COURSE_EVENTS: tuple[type[Event], ...] = (
    CaregiverCourseOpened,
    CaregiverCourseYoungSet,
    CaregiverPageRead,
    CaregiverPartFinished,
)
CAREGIVER_CHECK_EVENTS: tuple[type[Event], ...] = (
    CaregiverCheckPlanned,
    CaregiverCheckGiven,
    CaregiverNotSafe,
    CaregiverCheckDue,
)
CAREGIVER_SUPPORT_EVENTS: tuple[type[Event], ...] = (
    CaregiverSupportAsked,
    CaregiverSupportWaits,
    CaregiverSupportTaken,
    CaregiverSupportAnswered,
    CaregiverSupportClosed,
)
CAREGIVER_WORD_EVENTS: tuple[type[Event], ...] = (
    CaregiverWordSent,
    CaregiverWordWorries,
    CaregiverWordRead,
    CaregiverWordReplied,
)
CAREGIVER_EVENTS: tuple[type[Event], ...] = (
    *CAREGIVER_COURSE_EVENTS,
    *CAREGIVER_CHECK_EVENTS,
    *CAREGIVER_SUPPORT_EVENTS,
    *CAREGIVER_WORD_EVENTS,
)
