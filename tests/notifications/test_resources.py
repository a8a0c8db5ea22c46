"""Who hears that an entry of the list of resources needs somebody, and when they need not look any more."""

from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.reactions import reactions
from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e
from tests.given import given
from tests.notifications.people import AGENDA, CLINIC, MORNING, cause
from tests.notifications.resource_facts import LAST, OWNER, RESOURCE, WORDS

TABLE = reactions(CLINIC)


def commands(event: Event) -> dict[str, c.HandleFact]:
    targets: Any = TABLE[type(event)](event, cause(event))
    return {target.command.recipient_id: target.command for target in targets}


def told(event: Event) -> dict[str, list[str]]:
    return {who: [one.template for one in command.plan] for who, command in commands(event).items() if command.plan}


@pytest.mark.parametrize(
    ("kind", "template"), [(e.ResourceEnding, "resource_ending"), (e.ResourceEnded, "resource_ended")]
)
def test_the_owner_hears_before_the_last_day_and_at_the_end(kind: type[Event], template: str) -> None:
    assert told(kind.model_validate(LAST)) == {OWNER: [template]}


@pytest.mark.parametrize("kind", [e.ResourceEnding, e.ResourceEnded])
def test_where_the_owner_has_left_those_hear_whom_the_event_names(kind: type[Event]) -> None:
    team = {**LAST, "tell": CLINIC.coordinators, "owner_left": True}
    assert told(kind.model_validate(team)) == {one: ["resource_ownerless"] for one in CLINIC.coordinators}


@pytest.mark.parametrize(
    "settled",
    [
        e.ResourceRenewed(**RESOURCE, ends_on=LAST["ends_on"]),
        e.ResourceRetired(**RESOURCE),
        e.ResourceChanged(**RESOURCE, **WORDS, owner_id="psy-tanaka"),
    ],
)
def test_once_somebody_has_seen_to_it_no_mail_goes_out_any_more(settled: Event) -> None:
    story = given(AGENDA).when(commands(e.ResourceEnding(**LAST))[OWNER]).happened()
    [message] = story.when(commands(settled)[OWNER]).happened().state.messages.values()
    assert message.status == "dropped"


def test_an_entry_that_is_new_or_only_reads_differently_tells_nobody() -> None:
    assert e.ResourceAdded not in TABLE
    changed = e.ResourceChanged(at=MORNING, resource_id="resource-1", **WORDS, owner_id=OWNER)
    assert commands(changed) == {}
