"""What an episode remembers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from services.interventions.domain.part import Part
from shared.clinical.escalation import long_forms
from shared.contracts.interventions import Occasion, ReviewMoment
from shared.contracts.referrals import EndDetail, EndReason

EpisodeStatus = Literal["planned", "active", "finished", "cancelled"]


class DoneModule(Part):
    """A module that has ended: completed or set aside. The gap to the next one counts from `at`."""

    module_id: str
    at: AwareDatetime


class NextModule(Part):
    """The module that opens by itself at `opens_at`."""

    module_id: str
    opens_at: AwareDatetime


class RequestedMeasures(Part):
    """A set of questionnaires that the episode asked for."""

    occasion: Occasion
    measures: tuple[str, ...]


class RecordedMeasure(Part):
    """The score of one complete questionnaire, as published for that measure. `programme_id` as in `EpisodeState`."""

    programme_id: str | None = None
    occasion: Occasion
    measure: str
    value: float
    total: int | None = None
    taken_at: AwareDatetime


class CheckInReading(Part):
    """The score of one questionnaire of a check-in. `moment` is its module, or `follow-up-3`."""

    moment: str
    measure: str
    value: float
    total: int
    taken_at: AwareDatetime


class Asked(Part):
    """What was asked at one point of the course. `point` is an occasion, or the moment of a check-in."""

    programme_id: str | None = None
    point: str
    measures: tuple[str, ...]
    at: AwareDatetime


class Review(Part):
    """A look at the step of care. `decided_at` is there once somebody has decided."""

    programme_id: str | None = None
    moment: ReviewMoment
    due_at: AwareDatetime
    decided_at: AwareDatetime | None = None


class EarlierProgramme(Part):
    """A programme that the treatment went through before the present one."""

    programme_id: str
    version: int
    step: int
    began_at: AwareDatetime | None = None
    done: tuple[DoneModule, ...] = ()
    set_aside: tuple[DoneModule, ...] = ()


class GroupSession(Part):
    """A meeting of the person's group that was heard of before treatment had begun."""

    module_ids: tuple[str, ...]
    attended: bool


class EpisodeState(Part):
    """One course of treatment. Statuses are those of FHIR EpisodeOfCare that apply here. `since` is when the status,
    or readiness to finish, last changed; `activated` whether treatment has ever begun, and `began_at` when its present
    programme did. `upcoming` is the module that people were told opens next: that date stands. `check_ins` are the
    moments at which a few questions were asked in between. `open_alerts` are the risk alerts that nobody has closed.
    `alert_since` is when the first of them was heard of. `clinician_id` is who held the first meeting.
    `paced_by` is the group at whose pace modules open; `group_sessions` are kept until treatment begins.

    Modules and `requested` are those of the present programme; `earlier` are the programmes before it.
    """

    status: EpisodeStatus | None = None
    activated: bool = False
    since: datetime | None = None
    episode_id: str = ""
    patient_id: str = ""
    referral_id: str = ""
    clinician_id: str | None = None
    programme_id: str = ""
    programme_version: int = 0
    step: int = 0
    unlocked: tuple[str, ...] = ()
    opened_at: Mapping[str, AwareDatetime] = Field(default_factory=dict)
    done: tuple[DoneModule, ...] = ()
    set_aside: tuple[DoneModule, ...] = ()
    began_at: AwareDatetime | None = None
    upcoming: NextModule | None = None
    requested: tuple[RequestedMeasures, ...] = ()
    recorded: tuple[RecordedMeasure, ...] = ()
    check_ins: tuple[str, ...] = ()
    check_in_readings: tuple[CheckInReading, ...] = ()
    asked: tuple[Asked, ...] = ()
    reviews: tuple[Review, ...] = ()
    earlier: tuple[EarlierProgramme, ...] = ()
    open_alerts: tuple[str, ...] = ()
    alert_since: AwareDatetime | None = None
    paced_by: str | None = None
    group_sessions: tuple[GroupSession, ...] = ()
    ready: bool = False
    end_reason: EndReason | None = None
    end_detail: EndDetail | None = None

    def is_done(self, module_id: str) -> bool:
        """Whether the patient has completed the module."""
        return any(module.module_id == module_id for module in self.done)

    @property
    def ended(self) -> dict[str, datetime]:
        """When each module ended that is over, done or set aside."""
        return {module.module_id: module.at for module in (*self.set_aside, *self.done)}

    @property
    def later_programme(self) -> str | None:
        """The present programme, once it is not the first: it has a middle and an end of its own."""
        return self.programme_id if self.earlier else None

    @property
    def review(self) -> Review | None:
        """The latest look at the step in the present programme, if nobody has decided yet."""
        if self.status != "active" or not self.reviews:
            return None
        last = self.reviews[-1]
        return last if last.programme_id == self.later_programme and last.decided_at is None else None

    def has_reviewed(self, moment: ReviewMoment) -> bool:
        """Whether the step was looked at then in the present programme."""
        return any((one.programme_id, one.moment) == (self.later_programme, moment) for one in self.reviews)

    def missing(self, occasion: Occasion) -> tuple[str, ...]:
        """Questionnaires of `occasion` that the present programme asked for and that are not yet complete."""
        here = self.later_programme
        have = {one.measure for one in self.recorded if (one.programme_id, one.occasion) == (here, occasion)}
        asked = next((request.measures for request in self.requested if request.occasion == occasion), ())
        return tuple(measure for measure in asked if measure not in have)

    def awaited(self, occasion: Occasion) -> tuple[str, ...]:
        """What is taken note of: whatever is missing, and the long forms that a short one of `occasion` may open.
        Treatment does not wait for those.
        """
        here = self.later_programme
        have = {one.measure for one in self.recorded if (one.programme_id, one.occasion) == (here, occasion)}
        asked = [measure for request in self.requested if request.occasion == occasion for measure in request.measures]
        longer = [long for measure in asked for long in long_forms(measure) if long not in have]
        return tuple(dict.fromkeys((*self.missing(occasion), *longer)))
