"""What a member of a circle is shown, held against what is stored: by no rule of the program."""

from typing import Any

from shared.contracts.interventions import circle_member as m
from shared.contracts.interventions import circle_post as p
from tests.simulation.record import Record, said
from tests.simulation.seat import Seat


async def check_what_is_read(seat: Seat, member_id: str) -> dict[str, Any]:
    """The member's page. Nothing of others is on it that is not released, and nothing at all after they left."""
    record = seat.town.clinic.record
    before, released = _joined(record, member_id), _released(record)
    page: dict[str, Any] = await seat.see("interventions", f"/circle-members/{member_id}")
    released |= _released(record)
    for post in page["posts"]:
        if not post["mine"] and post["id"] not in released:
            seat.blame(f"reads {post['id']} of another, which is not released")
    inside = page["posts"] or page["members"] or page["meetings"] or page["to_check"] or page["where"]
    if inside and not before and not _joined(record, member_id):
        seat.blame(f"is not in the circle, and reads on as {member_id}")
    record.happened["read a circle"] += bool(inside)
    return page


def _joined(record: Record, member_id: str) -> bool:
    joined = False
    for event in map(said, record.events.get(member_id, ())):
        if isinstance(event, m.CircleJoined):
            joined = True
        elif isinstance(event, m.CircleLeft):
            joined = False
    return joined


def _released(record: Record) -> set[str]:
    """Posts that others may read now: shown, and neither reported nor taken away since."""
    found: set[str] = set()
    for id, history in record.events.items():
        if id.startswith("circle-post-"):
            for event in map(said, history):
                if isinstance(event, p.CirclePostShown):
                    found.add(id)
                elif isinstance(event, p.CirclePostReported | p.CirclePostRemoved | p.CirclePostWithdrawn):
                    found.discard(id)
    return found
