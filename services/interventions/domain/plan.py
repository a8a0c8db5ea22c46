"""The part of a programme that rules need: its order, its gaps and its questionnaires. Texts stay in the catalogue."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.clinic import TimeZone
from shared.contracts.clinic_treatment import Treatment
from shared.contracts.interventions import Occasion


class Step(BaseModel):
    """One module. `gap_days` is the least number of days since the module before it has ended, `not_before_days` since
    treatment began. `after` are the modules that must have ended first: all before it, where nothing is said; then the
    gap counts from the last of them to end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    module_id: str
    gap_days: int = Field(ge=0)
    not_before_days: int = Field(default=0, ge=0)
    after: tuple[str, ...] | None = None


class Plan(BaseModel):
    """One version of a programme. `middle_after` is the module after which the `middle` questionnaires are due.

    `each_module` is asked after every other module but the last, `review` after the module `review_after` instead, and
    `follow_up` so many months after treatment was completed. `step` is that of the programme, 1 (lightest) to 4.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    programme_id: str
    version: int = Field(ge=1)
    step: int = Field(ge=1, le=4)
    steps: tuple[Step, ...] = Field(min_length=1)
    measures: Mapping[Occasion, tuple[str, ...]]
    middle_after: str | None = None
    each_module: tuple[str, ...] = ()
    review_after: str | None = None
    review: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    follow_up_months: tuple[int, ...] = ()

    def asked_after(self, module_id: str) -> tuple[str, ...]:
        """What a check-in asks after that module."""
        return self.review if module_id == self.review_after else self.each_module

    def position(self, module_id: str) -> int | None:
        """Where the module stands in the order, from 0; `None` if the programme has no such module."""
        return next((place for place, step in enumerate(self.steps) if step.module_id == module_id), None)

    @property
    def all_measures(self) -> tuple[str, ...]:
        """Every questionnaire of the programme once, in the order in which it first appears."""
        asked = (*self.measures.values(), self.each_module, self.review, self.follow_up)
        return tuple(dict.fromkeys(name for occasion in asked for name in occasion))


class Plans(BaseModel):
    """Every version of every programme that this service can deliver, the clock by which its days are counted, and
    how this clinic follows treatment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    plans: tuple[Plan, ...]
    time_zone: TimeZone
    treatment: Treatment = Treatment()

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins and ends."""
        return ZoneInfo(self.time_zone)

    def later(self, programme_id: str, version: int) -> Plan | None:
        """The newest version, if it is newer than `version`."""
        found = [plan for plan in self.plans if plan.programme_id == programme_id and plan.version > version]
        return max(found, key=lambda plan: plan.version, default=None)

    def offers(self, programme_id: str) -> bool:
        """Whether there is such a programme."""
        return any(plan.programme_id == programme_id for plan in self.plans)

    def pinned(self, programme_id: str | None, version: int | None) -> Plan:
        """The version that an episode started with."""
        for plan in self.plans:
            if (plan.programme_id, plan.version) == (programme_id, version):
                return plan
        raise LookupError(f"the catalogue has no version {version} of programme {programme_id}; put its folder back")

    def newest(self, programme_id: str) -> Plan:
        """The version that a new episode gets. Its absence is a fault to be mended, not an answer to the referral:
        the event that asks for it is held and tried again once the catalogue has the programme.
        """
        versions = [plan for plan in self.plans if plan.programme_id == programme_id]
        if not versions:
            raise LookupError(f"the catalogue has no programme {programme_id}; add its folder or correct the referral")
        return max(versions, key=lambda plan: plan.version)
