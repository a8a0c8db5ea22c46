"""Who is told what of the list of resources: a part of the one table in `policy.py`. Readers are told nothing."""

from services.notifications import topics as t
from services.notifications.rule import Field, Rule
from shared.contracts.envelope import Event
from shared.contracts.interventions import resource as e

WHICH = ("resource_id", "title", "ends_on")
LEFT: Field = ("owner_left", True)
"""Whoever looked after it is not of the team any more: the coordinators find somebody else."""

RESOURCE_RULES: dict[type[Event], tuple[Rule, ...]] = {
    e.ResourceEnding: (
        Rule("told", "resource_ending", t.RESOURCE, WHICH, unless=LEFT, replaces=True),
        Rule("told", "resource_ownerless", t.RESOURCE, WHICH, only=LEFT, replaces=True),
    ),
    e.ResourceEnded: (
        Rule("told", "resource_ended", t.RESOURCE, WHICH, unless=LEFT, replaces=True),
        Rule("told", "resource_ownerless", t.RESOURCE, WHICH, only=LEFT, replaces=True),
    ),
}

RESOURCE_SETTLES: dict[type[Event], tuple[str, ...]] = {
    e.ResourceRenewed: (t.RESOURCE,),
    e.ResourceRetired: (t.RESOURCE,),
    e.ResourceChanged: (t.RESOURCE,),
}
