"""How somebody stands to a circle; what they may see or do stands in `shared/policy/table.py`.

Psychology runs circles. Whoever is in one sees it through their own part, and nothing of the others but what
`domain/circle_post/seen.py` lets them. Whoever leads one does a little more, as long as they have not stood down.
"""

from services.interventions.domain.circle.state import CircleState
from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post.seen import checks_as_leader, reads
from services.interventions.domain.circle_post.state import CirclePostState
from services.interventions.domain.peer_leader.state import PeerLeaderState
from shared.policy.table import named
from shared.policy.who import of_patient, of_role
from shared.runtime.auth import User

_RUN, _READ, _LEAD = (named(f"interventions.circle.{verb}") for verb in ("run", "read", "lead"))
_OWN, _LIST, _LEAVE = (named(f"interventions.circle.{verb}") for verb in ("own", "list", "leave"))


def runs(user: User, state: CircleState | CircleMemberState | CirclePostState | PeerLeaderState) -> bool:
    """Start and close a circle, invite, appoint, check, supervise."""
    return _RUN.lets(of_role(user))


def sees_circles(user: User, state: CircleState | CircleMemberState) -> bool:
    """Read that there is a circle, and how it goes."""
    return _READ.lets(of_role(user))


def leads(user: User, circle: CircleState, standing: PeerLeaderState | None) -> bool:
    """Lead this circle: its leader, unless they have stood down since."""
    stands = standing is not None and standing.status == "trained"
    return stands and _LEAD.lets(_to_circle(user, circle))


def runs_or_leads(user: User, circle: CircleState) -> bool:
    """What is left to check when it is saved: whether whoever leads is trained was looked at before."""
    return runs(user, circle) or _LEAD.lets(_to_circle(user, circle))


def _to_circle(user: User, circle: CircleState) -> frozenset[str]:
    mine = user.role == "patient" and bool(user.id) and circle.leader_patient_id == user.id
    return frozenset({"leader"}) if mine else of_role(user)


def is_own(user: User, state: CircleMemberState | PeerLeaderState) -> bool:
    """One's own part."""
    return _OWN.lets(of_patient(user, state.patient_id))


def lists_part(user: User, state: CircleMemberState) -> bool:
    """Read which circles somebody is in, or invited to."""
    return _LIST.lets(of_patient(user, state.patient_id))


def ends_part(user: User, state: CircleMemberState | PeerLeaderState) -> bool:
    """Leave a circle, or lead no more: oneself, or psychology for somebody."""
    return _LEAVE.lets(of_patient(user, state.patient_id))


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
    return _OWN.lets(of_patient(user, post.patient_id))


def checks(user: User, leader: CircleMemberState, author: CircleMemberState | None, post: CirclePostState) -> bool:
    """Look at a post as the leader of its circle."""
    return is_own(user, leader) and checks_as_leader(leader, author, post)
