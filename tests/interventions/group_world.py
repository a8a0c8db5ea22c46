"""A group for tests over HTTP: psychology, people in treatment, and what they do with it."""

from datetime import timedelta
from typing import Any

from services.interventions.group_reactions import membership_of
from shared.runtime.auth import User
from tests.interventions.service import Http, started

ANA, BEN, PORTAL = User("ana", "psychology"), User("ben", "psychology"), User("portal", "service")
ROSA, OMAR, LIA = (User(id, "patient") for id in ("p1", "p2", "p3"))
ROOM = "https://meet.example/blue-room"


def plan(http: Http, **changes: Any) -> dict[str, Any]:
    """What psychology sends to form a group that begins in ten days."""
    return {
        "programme_id": "cbt-pain",
        "language": "en",
        "mode": "video",
        "where": ROOM,
        "facilitators": ["ana", "ben"],
        "first_at": (http.clock.now() + timedelta(days=10)).isoformat(),
        "minutes": 90,
        **changes,
    }


async def group(http: Http, **changes: Any) -> str:
    """The id of a new group."""
    answer = await http.post(ANA, "/groups", plan(http, **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def asked(http: Http, group_id: str, who: User) -> str:
    """The id of the part of somebody who was asked and has not answered yet."""
    found = await http.core.find("episode", {"patient_id": who.id})
    episode = found[0].id if found else await started(http, who, f"r-{who.id}")
    await http.did(ANA, f"/groups/{group_id}/invitations", {"episode_id": episode})
    return membership_of(episode)


async def seated(http: Http, group_id: str, who: User, name: str | None = None) -> str:
    """The id of the part of somebody with a seat."""
    part = await asked(http, group_id, who)
    page = await http.get(who, f"/memberships/{part}")
    yes = {"accept": True, "rules_version": page["rules"]["version"], "name": name}
    await http.did(who, f"/memberships/{part}/answer", yes)
    assert (await http.get(who, f"/memberships/{part}"))["status"] == "seat"
    return part


async def rings(http: Http, days: float) -> None:
    """Time passes, and what is due of groups rings."""
    http.clock.moment += timedelta(days=days)
    for found in await http.core.find("group", {"open": "yes"}):
        await http.core.run_timers("group", found.id)
        for part in await http.core.find("membership", {"group_id": found.id}):
            await http.core.run_timers("membership", part.id)
    await http.settle()
