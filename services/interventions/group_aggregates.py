"""The aggregates of groups, as the runtime takes them."""

from functools import partial

from services.interventions.domain.group import calendar
from services.interventions.domain.group.decide import decide as decide_group
from services.interventions.domain.group.evolve import evolve as evolve_group
from services.interventions.domain.group.rules import GroupRules
from services.interventions.domain.group.state import GroupState
from services.interventions.domain.group.state import keys as group_keys
from services.interventions.domain.membership import decide as membership
from services.interventions.domain.membership.evolve import evolve as evolve_membership
from services.interventions.domain.membership.state import MembershipState
from services.interventions.domain.plan import Plans
from shared.contracts.clinic import Clinic
from shared.contracts.interventions import GROUP_EVENTS, GROUP_SESSION_EVENTS, MEMBERSHIP_EVENTS
from shared.runtime.aggregate import Aggregate


def group_aggregates(clinic: Clinic, plans: Plans, rules_version: int) -> tuple[Aggregate, Aggregate]:
    """Groups, and each person's part in one. `rules_version` is that of the rules which people agree to now."""
    return _group(GroupRules.of(clinic, plans)), _membership(rules_version)


def _group(rules: GroupRules) -> Aggregate:
    return Aggregate(
        name="group",
        state=GroupState,
        decide=partial(decide_group, rules),
        evolve=evolve_group,
        events=(*GROUP_EVENTS, *GROUP_SESSION_EVENTS),
        person=lambda _: None,
        timers=partial(calendar.timers, rules.settings, rules.zone),
        keys=group_keys,
        queried=("open",),
    )


def _membership(rules_version: int) -> Aggregate:
    return Aggregate(
        name="membership",
        state=MembershipState,
        decide=partial(membership.decide, rules_version),
        evolve=evolve_membership,
        events=MEMBERSHIP_EVENTS,
        person=membership.person,
        timers=membership.timers,
        keys=membership.keys,
        queried=("patient_id", "group_id"),
    )
