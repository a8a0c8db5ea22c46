"""The aggregates of circles, as the runtime takes them."""

from functools import partial

from services.interventions.domain.circle import decide as circle
from services.interventions.domain.circle import keys as circle_keys
from services.interventions.domain.circle.evolve import evolve as evolve_circle
from services.interventions.domain.circle.state import CircleState
from services.interventions.domain.circle_member import decide as member
from services.interventions.domain.circle_member.evolve import evolve as evolve_member
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post import decide as post
from services.interventions.domain.circle_post.evolve import evolve as evolve_post
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.domain.peer_leader import decide as leader
from services.interventions.domain.peer_leader.evolve import evolve as evolve_leader
from services.interventions.domain.peer_leader.state import PeerLeaderState
from services.interventions.domain.plan import Plans
from shared.contracts.clinic import Clinic
from shared.contracts.interventions.circle import CIRCLE_EVENTS
from shared.contracts.interventions.circle_member import CIRCLE_MEMBER_EVENTS
from shared.contracts.interventions.circle_post import CIRCLE_POST_EVENTS
from shared.contracts.interventions.peer_leader import PEER_LEADER_EVENTS
from shared.runtime.aggregate import Aggregate


def circle_aggregates(clinic: Clinic, plans: Plans) -> tuple[Aggregate, ...]:
    """Bound to what this clinic has set for circles, and to its clock."""
    return (_circle(clinic, plans), _member(clinic, plans), _post(clinic), _peer_leader(clinic, plans))


def _circle(clinic: Clinic, plans: Plans) -> Aggregate:
    return Aggregate(
        name="circle",
        state=CircleState,
        decide=partial(circle.decide, clinic.together.circles, plans.zone),
        evolve=evolve_circle,
        events=CIRCLE_EVENTS,
        person=circle_keys.person,
        timers=partial(circle.timers, clinic.together.circles, plans.zone),
        keys=circle_keys.keys,
        queried=("status", "all"),
    )


def _member(clinic: Clinic, plans: Plans) -> Aggregate:
    return Aggregate(
        name="circle_member",
        state=CircleMemberState,
        decide=partial(member.decide, clinic.together.circles, plans.zone, clinic.risk_words),
        evolve=evolve_member,
        events=CIRCLE_MEMBER_EVENTS,
        person=member.person,
        keys=member.keys,
        queried=("patient_id", "circle_id"),
    )


def _post(clinic: Clinic) -> Aggregate:
    return Aggregate(
        name="circle_post",
        state=CirclePostState,
        decide=partial(post.decide, clinic.together.circles, clinic.risk_words),
        evolve=evolve_post,
        events=CIRCLE_POST_EVENTS,
        person=post.person,
        timers=partial(post.timers, clinic.together.circles),
        keys=post.keys,
        queried=("circle_id", "to_check"),
    )


def _peer_leader(clinic: Clinic, plans: Plans) -> Aggregate:
    return Aggregate(
        name="peer_leader",
        state=PeerLeaderState,
        decide=partial(leader.decide, clinic.together.circles, plans.zone),
        evolve=evolve_leader,
        events=PEER_LEADER_EVENTS,
        person=leader.person,
        timers=partial(leader.timers, clinic.together.circles, plans.zone),
        keys=leader.keys,
        queried=("patient_id", "all"),
    )
