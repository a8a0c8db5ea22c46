"""What routes and rules are given at start: the clinic's settings and the programmes, read once and never changed."""

import itertools
from dataclasses import dataclass
from functools import cached_property

from services.interventions.catalogue import Catalogue, Place, Programme, Worksheet
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plan, Plans, Step
from services.interventions.domain.sheet import Sheet, SheetField, Sheets
from shared.clinical import wording
from shared.contracts.clinic import Clinic


@dataclass(frozen=True)
class Content:
    """`plans` is the part of the catalogue that rules need."""

    clinic: Clinic
    catalogue: Catalogue

    @cached_property
    def plans(self) -> Plans:
        plans = tuple(plan_of(programme) for programme in self.catalogue.programmes)
        return Plans(plans=plans, time_zone=self.clinic.time_zone)

    @cached_property
    def sheets(self) -> Sheets:
        """The part of the worksheets that rules need."""
        return Sheets(sheets=tuple(_sheet(worksheet) for worksheet in self.catalogue.worksheets))

    def programme(self, episode: EpisodeState) -> Programme:
        """The version that the episode started with."""
        return self.catalogue.programme(episode.programme_id, episode.programme_version)


def plan_of(programme: Programme) -> Plan:
    """Order, gaps and questionnaires of a programme, without its texts.

    Raises `UnknownMeasure` or `NoWording` for a questionnaire that could not be asked or scored: at start, not later.
    """
    for name in itertools.chain(*programme.measures.by_occasion.values()):
        wording(name, "en")
    return Plan(
        programme_id=programme.id,
        version=programme.version,
        steps=tuple(_step(place) for place in programme.order),
        measures=programme.measures.by_occasion,
        middle_after=programme.measures.middle_after,
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
