"""Who may see or do what in circles. Deny by default; the runtime reads a refusal as "there is nothing here".

Psychology runs circles. Whoever is in one sees it through their own part, and nothing of the others but what
`domain/circle_post/seen.py` lets them. Whoever leads one does a little more, as long as they have not stood down.
"""

from services.interventions.domain.circle.state import CircleState
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post.seen import checks_as_leader, reads
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.domain.peer_leader.state import PeerLeaderState
from shared.runtime.auth import User


def runs(user: User, state: CircleState | CircleMemberState | CirclePostState | PeerLeaderState) -> bool:
    """Start and close a circle, invite, appoint, check, supervise."""
    return user.role == "psychology"


def sees_circles(user: User, state: CircleState | CircleMemberState) -> bool:
    """Read that there is a circle, and how it goes."""
    return user.role in ("psychology", "service")


def leads(user: User, circle: CircleState, standing: PeerLeaderState | None) -> bool:
    """Lead this circle: its leader, unless they have stood down since."""
    mine = user.role == "patient" and bool(user.id) and circle.leader_patient_id == user.id
    return mine and standing is not None and standing.status == "trained"


def runs_or_leads(user: User, circle: CircleState) -> bool:
    """What is left to check when it is saved: whether whoever leads is trained was looked at before."""
    return runs(user, circle) or (user.role == "patient" and bool(user.id) and circle.leader_patient_id == user.id)


def is_own(user: User, state: CircleMemberState | PeerLeaderState) -> bool:
    """One's own part."""
    return user.role == "patient" and bool(state.patient_id) and user.id == state.patient_id


def lists_part(user: User, state: CircleMemberState) -> bool:
    """Read which circles somebody is in, or invited to."""
    return sees_circles(user, state) or is_own(user, state)


def ends_part(user: User, state: CircleMemberState | PeerLeaderState) -> bool:
    """Leave a circle, or lead no more: oneself, or psychology for somebody."""
    return user.role == "psychology" or is_own(user, state)


def meets_post(user: User, me: CircleMemberState, author: CircleMemberState | None, post: CirclePostState) -> bool:
    """Report a post of somebody else, or share its goal: whoever reads it. A report may be sent twice."""
    return is_own(user, me) and (reads(me, author, post) or (me.status == "joined" and me.member_id in post.heard))


def reports_post(
    user: User, me: CircleMemberState, leads_it: bool, author: CircleMemberState | None, post: CirclePostState
) -> bool:
    """Ask psychology to look at a post: whoever reads it, and the leader whom it waits for."""
    return meets_post(user, me, author, post) or (leads_it and checks(user, me, author, post))


def owns_post(user: User, post: CirclePostState) -> bool:
    """One's own post."""
    return user.role == "patient" and bool(post.patient_id) and user.id == post.patient_id


def checks(user: User, leader: CircleMemberState, author: CircleMemberState | None, post: CirclePostState) -> bool:
    """Look at a post as the leader of its circle."""
    return is_own(user, leader) and checks_as_leader(leader, author, post)
