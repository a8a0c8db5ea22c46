"""A circle for tests: psychology, four people who were in treatment, and what they do."""

from datetime import date, timedelta
from typing import Any

from shared.runtime.auth import User
from tests.interventions.service import Http, started

ANA = User("ana", "psychology")
PORTAL, DOC = User("portal", "service"), User("doc", "referrer")
ROSA, OMAR, LIA, TOM = (User(id, "patient") for id in ("p1", "p2", "p3", "p4"))
STARTING: dict[str, Any] = {
    "name": "Thursday circle",
    "language": "en",
    "mode": "video",
    "where": "https://meet.example/thursday",
    "agenda_id": "first-circle",
    "coordinator_id": "ana",
}


async def circle(http: Http, **changes: Any) -> str:
    """The id of a new circle."""
    answer = await http.post(ANA, "/circles", {**STARTING, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def invited(http: Http, circle_id: str, who: User) -> str:
    """The id of somebody's part, who has not answered yet."""
    found = await http.core.find("episode", {"patient_id": who.id})
    episode = found[0].id if found else await started(http, who, f"r-{who.id}")
    await http.did(ANA, f"/circles/{circle_id}/invitations", {"episode_id": episode})
    rows = await http.get(who, f"/circle-members?patient_id={who.id}")
    return str(next(row["id"] for row in rows if row["circle_id"] == circle_id))


async def joined(http: Http, circle_id: str, who: User, name: str | None = None) -> str:
    """The id of the part of somebody who is in."""
    member = await invited(http, circle_id, who)
    answer = {"accept": True, "rules_version": 1, "name": name or who.id.title()}
    await http.did(who, f"/circle-members/{member}/answer", answer)
    return member


async def trained(http: Http, who: User) -> str:
    """The id of somebody as a peer leader."""
    body = {"patient_id": who.id, "trained_on": date(2030, 3, 1).isoformat(), "supervisor_id": "ana"}
    answer = await http.post(ANA, "/peer-leaders", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def led(http: Http, circle_id: str, who: User) -> str:
    """The part of somebody who leads the circle."""
    member = await joined(http, circle_id, who)
    await trained(http, who)
    await http.did(ANA, f"/circles/{circle_id}/leader", {"member_id": member})
    return member


async def wrote(http: Http, who: User, member: str, text: str, kind: str = "message") -> str:
    """The id of what somebody wrote."""
    answer = await http.post(who, f"/circle-members/{member}/posts", {"kind": kind, "text": text})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def released(http: Http, post: str) -> None:
    """Psychology shows a post."""
    await http.did(ANA, f"/circle-posts/{post}/check", {"show": True})


async def page(http: Http, who: User, member: str) -> Any:
    """The circle as one of its people sees it."""
    return await http.get(who, f"/circle-members/{member}")


async def texts(http: Http, who: User, member: str) -> list[str]:
    """What somebody reads there, the newest first."""
    return [post["text"] for post in (await page(http, who, member))["posts"]]


async def rings(http: Http, days: float) -> None:
    """Time passes, and what is due rings."""
    http.clock.moment += timedelta(days=days)
    for kind, where in (
        ("circle", {"all": "yes"}),
        ("circle_post", {"to_check": "yes"}),
        ("peer_leader", {"all": "yes"}),
    ):
        for found in await http.core.find(kind, where):
            await http.core.run_timers(kind, found.id)
    await http.settle()
