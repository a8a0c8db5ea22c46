"""Everything that can be said has one who says it; everything that is listened to can be said."""

from collections import Counter
from contextlib import suppress

import pytest

from deploy.events import commands_of
from shared.contracts.catalogue import EVENT_TYPES, PUBLISHERS
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Aggregate, Cause
from tests.architecture.system import SERVICES, aggregates, parts, publisher_of
from tests.contracts.shelf import sample

every_service = pytest.mark.parametrize("service", SERVICES)
every_event = pytest.mark.parametrize("name", sorted(EVENT_TYPES))
HEARD = Cause(
    now=Event.model_validate({"at": "2026-03-02T09:30:05Z"}).at,
    actor="system:test",
    envelope=Envelope.model_validate(sample("envelope", "full")),
)


def test_every_event_has_exactly_one_aggregate_that_publishes_it() -> None:
    said = Counter(event for aggregate in aggregates() for event in aggregate.events)
    assert {event: said[event] for event in EVENT_TYPES.values() if said[event] != 1} == {}


def test_every_event_of_an_aggregate_is_in_the_catalogue() -> None:
    assert {event for aggregate in aggregates() for event in aggregate.events} - set(EVENT_TYPES.values()) == set()


@every_service
def test_a_service_publishes_what_the_catalogue_says_it_does(service: str) -> None:
    said = {event for aggregate in parts()[service].aggregates for event in aggregate.events}
    assert said == set(PUBLISHERS[service])


def test_the_second_part_of_a_wire_name_is_the_aggregate_that_says_it() -> None:
    assert {
        event.TYPE: aggregate.name
        for aggregate in aggregates()
        for event in aggregate.events
        if event.TYPE.split(".")[1] != aggregate.name
    } == {}


def test_no_two_aggregates_share_a_name() -> None:
    names = [aggregate.name for aggregate in aggregates()]
    assert len(names) == len(set(names))


@every_service
def test_reactions_are_one_table_from_event_classes_to_functions(service: str) -> None:
    table = parts()[service].reactions
    assert type(table) is dict
    assert all(event in EVENT_TYPES.values() and callable(reaction) for event, reaction in table.items())


@every_service
def test_a_service_listens_to_exactly_those_whose_events_it_reacts_to(service: str) -> None:
    part = parts()[service]
    assert {publisher_of(event) for event in part.reactions} == set(part.listens_to)


@every_service
def test_every_reaction_is_shown_with_its_commands_in_the_catalogue(service: str) -> None:
    silent = [event.__name__ for event, reaction in parts()[service].reactions.items() if not commands_of(reaction)]
    assert silent == []


@every_service
@pytest.mark.parametrize("size", ["full", "minimal"])
def test_a_reaction_answers_with_commands_that_its_aggregates_know(service: str, size: str) -> None:
    own = {aggregate.name: aggregate for aggregate in parts()[service].aggregates}
    for kind, reaction in parts()[service].reactions.items():
        event = kind.model_validate(sample(kind.TYPE, size))
        targets = list(reaction(event, HEARD))
        assert targets == list(reaction(event, HEARD)), f"{kind.__name__} leads to something else the second time"
        assert len({target.id for target in targets}) == len(targets), f"{kind.__name__}: two commands for one"
        for target in targets:
            _decided(own[target.aggregate], target.command)


@every_event
@pytest.mark.parametrize("size", ["full", "minimal"])
def test_evolve_takes_every_event_and_leaves_what_is_not_its_own(name: str, size: str) -> None:
    event = EVENT_TYPES[name].model_validate(sample(name, size))
    for aggregate in aggregates():
        before = aggregate.state()
        after = aggregate.evolve(before, event)
        assert isinstance(after, aggregate.state)
        assert type(event) in aggregate.events or after == before


def _decided(aggregate: Aggregate, command: Command) -> None:
    """A refusal is an answer; not to know the command is a fault."""
    with suppress(Rejected):
        assert isinstance(aggregate.decide(aggregate.state(), command), list)
