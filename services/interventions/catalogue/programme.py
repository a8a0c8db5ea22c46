"""Programmes: modules in their order, with what is asked and where the structure comes from."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StrictInt

from services.interventions.catalogue.agenda import Agenda, HouseRules
from services.interventions.catalogue.carer_course import CarerCourse
from services.interventions.catalogue.module import Module
from services.interventions.catalogue.text import Part, Prose, Slug, Text
from services.interventions.catalogue.worksheet import Worksheet
from shared.contracts.interventions import Occasion


class Source(Part):
    """Where a fact about the structure comes from."""

    used_for: Prose
    citation: Prose


class Place(Part):
    """A module's place in the order, and when it opens: `min_days_after_previous` is the least number of days after the
    module before it has ended, `min_days_after_start` after treatment began. `after` names the modules that must have
    ended first, where it is not simply all that come before.
    """

    id: Slug
    min_days_after_previous: StrictInt = Field(ge=0)
    min_days_after_start: StrictInt = Field(default=0, ge=0)
    after: tuple[Slug, ...] | None = None


class MeasurePlan(Part):
    """Which questionnaires are asked at which occasion. `middle` comes after the module `middle_after`, `each_module`
    after every other module but the last, `follow_up` so many months after treatment was completed. After the module
    `review_after` the questionnaires of `review` are asked instead, and a clinician looks at the step.
    """

    start: tuple[Prose, ...]
    middle: tuple[Prose, ...]
    middle_after: Slug
    end: tuple[Prose, ...]
    each_module: tuple[Prose, ...] = ()
    review_after: Slug | None = None
    review: tuple[Prose, ...] = ()
    follow_up: tuple[Prose, ...] = ()
    follow_up_months: tuple[Annotated[StrictInt, Field(ge=1, le=24)], ...] = ()

    @property
    def by_occasion(self) -> dict[Occasion, tuple[str, ...]]:
        """The same as a table, in the order of the programme."""
        return {"start": self.start, "middle": self.middle, "end": self.end}

    @property
    def all(self) -> tuple[str, ...]:
        """Every questionnaire once."""
        asked = (*self.start, *self.each_module, *self.review, *self.middle, *self.end, *self.follow_up)
        return tuple(dict.fromkeys(asked))


class Outline(Part):
    """What `programme.yaml` holds: the programme without the words of its modules."""

    id: Slug
    version: StrictInt = Field(ge=1)
    title: Text
    summary: Text
    step: StrictInt = Field(ge=1, le=4)
    sources: tuple[Source, ...] = Field(min_length=1)
    licence: Prose
    clinical_review: Prose
    order: tuple[Place, ...] = Field(min_length=1)
    measures: MeasurePlan


class Programme(Outline):
    """One version of a programme. An enrolment keeps the version that it began with. `modules` follow `order`.

    `measure_lines` says on which line of the file each questionnaire is named first, for faults that show later.
    """

    modules: tuple[Module, ...]
    measure_lines: Mapping[str, int] = Field(default_factory=dict, exclude=True, repr=False)

    def module(self, module_id: str) -> Module:
        """The module of that id."""
        return self.modules[self.position(module_id) - 1]

    def position(self, module_id: str) -> int:
        """Where the module stands, from 1, as in "3 of 8"."""
        for place, module in enumerate(self.modules, start=1):
            if module.id == module_id:
                return place
        raise LookupError(f"version {self.version} of programme {self.id} has no module {module_id}")


class Catalogue(Part):
    """Every version of every programme and of every worksheet, by id and then by version."""

    programmes: tuple[Programme, ...]
    worksheets: tuple[Worksheet, ...] = ()
    agendas: tuple[Agenda, ...] = ()
    circle_rules: tuple[HouseRules, ...] = ()
    group_rules: tuple[HouseRules, ...] = ()
    carer_courses: tuple[CarerCourse, ...] = ()

    @property
    def carer_course(self) -> CarerCourse:
        """The newest course for those whom patients trust; an empty one has no parts to read."""
        newest = max(self.carer_courses, key=lambda one: one.version, default=None)
        return newest or CarerCourse.model_construct(version=1, parts=())

    def agenda(self, agenda_id: str, version: int | None = None) -> Agenda | None:
        """That version of what a circle's meetings follow, or the newest; `None` where there is none."""
        found = [one for one in self.agendas if one.id == agenda_id and version in (None, one.version)]
        return max(found, key=lambda one: one.version, default=None)

    def worksheet(self, worksheet_id: str, version: int) -> Worksheet:
        """That version of a worksheet."""
        for one in self.worksheets:
            if (one.id, one.version) == (worksheet_id, version):
                return one
        raise LookupError(f"the catalogue has no worksheet {worksheet_id}, version {version}; put its file back")

    def programme(self, programme_id: str, version: int | None = None) -> Programme:
        """That version, or the newest when none is named."""
        found = [one for one in self.programmes if one.id == programme_id and version in (None, one.version)]
        if not found:
            wanted = f"programme {programme_id}" + (f", version {version}" if version else "")
            raise LookupError(f"the catalogue has no {wanted}; put its folder back")
        return max(found, key=lambda one: one.version)
