"""What routes and rules are given at start: the clinic's settings and the programmes, read once and never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from services.interventions.catalogue import Catalogue, CatalogueFault, Fault, Programme
from services.interventions.domain.plan import Plan, Plans, Step
from services.interventions.domain.state import EpisodeState
from shared.contracts.clinic import Clinic


@dataclass(frozen=True)
class Content:
    """`plans` is the part of the catalogue that rules need."""

    clinic: Clinic
    catalogue: Catalogue

    def __post_init__(self) -> None:
        """Raises `CatalogueFault` for every questionnaire that this clinic could not ask: at start, not later."""
        if faults := [fault for programme in self.catalogue.programmes for fault in self._not_askable(programme)]:
            raise CatalogueFault(faults)

    @cached_property
    def plans(self) -> Plans:
        return Plans(plans=tuple(plan_of(programme) for programme in self.catalogue.programmes))

    def programme(self, episode: EpisodeState) -> Programme:
        """The version that the episode started with."""
        return self.catalogue.programme(episode.programme_id, episode.programme_version)

    def _not_askable(self, programme: Programme) -> Iterator[Fault]:
        file = f"programmes/{programme.id}/v{programme.version}/programme.yaml"
        for name in dict.fromkeys(chain(*programme.measures.by_occasion.values())):
            if refusal := self.clinic.measures.refusal(name):
                yield Fault(file, None, f"measures, {name}", refusal.problem, refusal.remedy)


def plan_of(programme: Programme) -> Plan:
    """Order, gaps and questionnaires of a programme, without its texts."""
    return Plan(
        programme_id=programme.id,
        version=programme.version,
        steps=tuple(Step(module_id=place.id, gap_days=place.min_days_after_previous) for place in programme.order),
        measures=programme.measures.by_occasion,
        middle_after=programme.measures.middle_after,
    )
