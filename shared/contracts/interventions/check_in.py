"""What is said of a check-in: a few questions between the fixed points of treatment, or some months after it."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import CarriedAnswer
from shared.contracts.referrals import Reading


class CheckInEvent(Event):
    """What every event of a check-in carries. `moment` is the module it came after, or `follow-up-3` for the months
    since treatment ended.
    """

    check_in_id: Identifier
    episode_id: Identifier
    patient_id: Identifier
    moment: str = Field(max_length=64)


class CheckInOpened(CheckInEvent):
    """Its questions can be answered until `closes_at`."""

    TYPE: ClassVar[str] = "carepath.check_in.opened.v1"

    measures: tuple[str, ...]
    closes_at: AwareDatetime


class CheckInAnswered(CheckInEvent):
    """One item was answered, or answered again. Items count from 1."""

    TYPE: ClassVar[str] = "carepath.check_in.answered.v1"

    measure: str
    item: int = Field(ge=1)
    value: int


class CheckInRiskAnswered(CheckInEvent):
    """An answer that a person must look at now, finished form or not. A risk alert is raised from it."""

    TYPE: ClassVar[str] = "carepath.check_in.risk_answered.v1"

    measure: str
    item: int = Field(ge=1)
    value: int


class CheckInCompleted(CheckInEvent):
    """One of its questionnaires is complete and scored."""

    TYPE: ClassVar[str] = "carepath.check_in.completed.v1"

    reading: Reading


class CheckInLapsed(CheckInEvent):
    """Its time is over, and what was not answered is not asked any more."""

    TYPE: ClassVar[str] = "carepath.check_in.lapsed.v1"


class CheckInLongFormOpened(CheckInEvent):
    """`short` came out positive, so that `measure`, which holds the same items and more, can be answered too. What
    `short` has said already is `carried` over.
    """

    TYPE: ClassVar[str] = "carepath.check_in.long_form_opened.v1"

    short: str
    measure: str
    carried: tuple[CarriedAnswer, ...] = ()
