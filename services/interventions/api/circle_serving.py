"""How routes of circles get at what belongs together, and who leads."""

from services.interventions import circle_access as access
from services.interventions.circle_reactions import member_of
from services.interventions.domain.circle.state import CircleState
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.domain.peer_leader.state import PeerLeaderState
from shared.runtime.core import Found
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller


async def standing_of(caller: Caller, patient_id: str | None) -> PeerLeaderState | None:
    """What is kept of somebody as a peer leader; `None` where nothing is."""
    found = await caller.find("peer_leader", patient_id=patient_id) if patient_id else []
    return found[0].state if found else None


async def does_lead(caller: Caller, circle: CircleState) -> bool:
    """Whether the caller leads this circle now."""
    return access.leads(caller.user, circle, await standing_of(caller, circle.leader_patient_id))


async def leader_of(caller: Caller, circle: CircleState) -> str | None:
    """The member who leads; `None` where nobody does, or who did has just stood down."""
    standing = await standing_of(caller, circle.leader_patient_id)
    return circle.leader if standing is not None and standing.status == "trained" else None


async def led_circle(caller: Caller, circle_id: str) -> Found:
    """A circle that the caller runs or leads. Raises `NotFound`."""
    found = await caller.core.load("circle", circle_id)
    if not access.runs(caller.user, found.state) and not await does_lead(caller, found.state):
        raise NotFound(f"circle {circle_id}")
    return found


async def own_part(caller: Caller, member_id: str) -> tuple[Found, Found]:
    """The caller's own part, and its circle. Raises `NotFound`."""
    found = await caller.load("circle_member", member_id, may=access.is_own)
    return found, await caller.core.load("circle", found.state.circle_id)


async def part_in(caller: Caller, circle_id: str) -> CircleMemberState:
    """The caller's part in a circle; an empty one where they have none."""
    found = await caller.load_many("circle_member", [member_of(circle_id, caller.user.id)], may=access.is_own)
    return next((one.state for one in found.values()), CircleMemberState())


async def author_of(caller: Caller, post: CirclePostState) -> CircleMemberState | None:
    """Who wrote a post."""
    found = await caller.core.load_many("circle_member", [post.member_id])
    return found[0].state if found else None
