"""What routes and rules are given at start: the clinic's settings and the programmes, read once and never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from services.interventions.catalogue import (
    Catalogue,
    CatalogueFault,
    Fault,
    HouseRules,
    Module,
    Place,
    Programme,
    Worksheet,
    newest_rules,
)
from services.interventions.domain.caregiver_course.plan import CoursePlan
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plan, Plans, Step
from services.interventions.domain.sheet import Sheet, SheetField, Sheets
from shared.contracts.clinic import Clinic


@dataclass(frozen=True)
class Content:
    """`plans` is the part of the catalogue that rules need."""

    clinic: Clinic
    catalogue: Catalogue

    def __post_init__(self) -> None:
        """Raises `CatalogueFault` at start, not later: for every questionnaire that this clinic could not ask, and
        every recording that nobody would hear.
        """
        faults = [fault for programme in self.catalogue.programmes for fault in self._not_askable(programme)]
        if faults := [*faults, *self._not_heard()]:
            raise CatalogueFault(faults)

    @cached_property
    def plans(self) -> Plans:
        plans = tuple(plan_of(programme) for programme in self.catalogue.programmes)
        return Plans(plans=plans, time_zone=self.clinic.time_zone, treatment=self.clinic.treatment)

    @cached_property
    def sheets(self) -> Sheets:
        """The part of the worksheets that rules need."""
        return Sheets(sheets=tuple(_sheet(worksheet) for worksheet in self.catalogue.worksheets))

    @cached_property
    def carer_plan(self) -> CoursePlan:
        """The part of the caregivers' course that rules need."""
        parts = self.catalogue.carer_course.parts
        return CoursePlan({part.id: tuple(page.id for page in part.pages) for part in parts})

    @property
    def group_rules(self) -> HouseRules:
        """What everybody in a group agrees to, as it is now."""
        return newest_rules(self.catalogue.group_rules)

    def programme(self, episode: EpisodeState) -> Programme:
        """The version that the episode started with."""
        return self.catalogue.programme(episode.programme_id, episode.programme_version)

    def _not_askable(self, programme: Programme) -> Iterator[Fault]:
        file = f"programmes/{programme.id}/v{programme.version}/programme.yaml"
        for name in programme.measures.all:
            if refusal := self.clinic.measures.refusal(name):
                line = programme.measure_lines.get(name)
                yield Fault(file, line, f"measures, {name}", refusal.problem, refusal.remedy)

    def _not_heard(self) -> Iterator[Fault]:
        slots = sorted({one.audio for part in self._modules() for one in part.activities if one.audio})
        for recording in self.clinic.recordings:
            if recording.name not in slots:
                nearest = get_close_matches(recording.name, slots, n=1, cutoff=0) or ["none at present"]
                remedy = f"Give it the name under “audio” of its activity, such as {nearest[0]}, or take it away"
                yield Fault(recording.path, None, "", f"no activity has a recording {recording.name}", remedy)

    def _modules(self) -> Iterator[Module]:
        return (module for programme in self.catalogue.programmes for module in programme.modules)


def plan_of(programme: Programme) -> Plan:
    """Order, gaps and questionnaires of a programme, without its texts."""
    return Plan(
        programme_id=programme.id,
        version=programme.version,
        step=programme.step,
        steps=tuple(_step(place) for place in programme.order),
        measures=programme.measures.by_occasion,
        middle_after=programme.measures.middle_after,
        each_module=programme.measures.each_module,
        review_after=programme.measures.review_after,
        review=programme.measures.review,
        follow_up=programme.measures.follow_up,
        follow_up_months=programme.measures.follow_up_months,
    )


def _step(place: Place) -> Step:
    return Step(
        module_id=place.id,
        gap_days=place.min_days_after_previous,
        not_before_days=place.min_days_after_start,
        after=place.after,
    )


def _sheet(worksheet: Worksheet) -> Sheet:
    fields = [
        SheetField(id=one.id, kind=one.kind, options=tuple(option.id for option in one.options), most=one.most)
        for one in worksheet.fields
    ]
    return Sheet(id=worksheet.id, version=worksheet.version, fields=tuple(fields))
