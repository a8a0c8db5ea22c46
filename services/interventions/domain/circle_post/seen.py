"""Who reads which post. One rule for every page, so that none can show what another hides."""

from collections.abc import Mapping

from services.interventions.domain.circle_member.state import CircleMemberState
from services.interventions.domain.circle_post.state import CirclePostState


def is_here(member: CircleMemberState | None, post: CirclePostState) -> bool:
    """Whether its author is in the circle, and was when they wrote it: whoever comes back begins anew."""
    if member is None or member.status != "joined" or member.joined_at is None or post.written_at is None:
        return False
    return post.written_at >= member.joined_at


def reads(viewer: CircleMemberState, author: CircleMemberState | None, post: CirclePostState) -> bool:
    """Whether `viewer` reads it among the posts. Their own they read until it is withdrawn, whatever became of it."""
    if viewer.status != "joined" or viewer.circle_id != post.circle_id or not is_here(author, post):
        return False
    if post.text is None or post.status in (None, "withdrawn"):
        return False
    if post.member_id == viewer.member_id:
        return True
    return post.status == "shown" and post.member_id not in viewer.muted


def checks_as_leader(leader: CircleMemberState, author: CircleMemberState | None, post: CirclePostState) -> bool:
    """Whether the leader of its circle may look at it: nothing that worries, nothing reported, nothing of their own."""
    mine = post.member_id == leader.member_id
    ordinary = post.to_check and not post.for_psychology and not mine
    here = leader.status == "joined" and leader.circle_id == post.circle_id and is_here(author, post)
    return ordinary and here and post.text is not None


def goal_joined(members: Mapping[str, CircleMemberState], post: CirclePostState) -> int:
    """How many others, who are in the circle now, have the same goal."""
    return sum(_still(members.get(one.member_id), one.at) for one in post.joined)


def has_joined(member: CircleMemberState, post: CirclePostState) -> bool:
    """Whether they have the same goal."""
    return any(one.member_id == member.member_id and _still(member, one.at) for one in post.joined)


def _still(member: CircleMemberState | None, at: object) -> bool:
    return member is not None and member.status == "joined" and member.joined_at is not None and at >= member.joined_at  # type: ignore[operator]
