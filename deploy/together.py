"""What invented people do together: a group that is being formed, and a circle that meets.

Stories like those of `deploy.stories`, told by psychology, who knows the people only by what the services say.
"""

from datetime import timedelta
from typing import Any

from deploy.cast import SPANISH, Story
from deploy.people import Desk, Person
from deploy.reaching import opens_messages

_CIRCLE = {
    "name": "Thursday circle",
    "language": "en",
    "mode": "video",
    "where": "https://video.example/thursday-circle",
    "agenda_id": "first-circle",
}
_GROUP = {
    "programme_id": "cbt-pain",
    "language": "en",
    "mode": "video",
    "where": "https://video.example/blue-room",
    "minutes": 90,
    "place_id": "place-groups",
}
_MOST = 5


async def group(desk: Desk, facilitators: tuple[str, ...]) -> Story:
    """Formed from the waiting list five days before it begins; most have said yes, one has not answered yet."""
    yield 95
    lead = desk.person(facilitators[0], "psychology")
    first = (desk.clock.now() + timedelta(days=10)).replace(hour=17, minute=0, second=0, microsecond=0)
    plan = {**_GROUP, "facilitators": list(facilitators[:2]), "first_at": first.isoformat()}
    made = (await lead.post("interventions", "/groups", plan, key="demo-group"))["id"]
    waiting = await lead.get("referrals", "/places/place-groups/candidates", language="en")
    asked: list[tuple[Person, str]] = []
    for row in waiting[:_MOST]:
        [episode] = await lead.get("interventions", f"/referrals/{row['referral_id']}/episodes")
        invitation = {"episode_id": episode["id"]}
        await lead.post("interventions", f"/groups/{made}/invitations", invitation, key=f"demo-group-{episode['id']}")
        asked.append((desk.person(episode["patient_id"], "patient"), row["patient_name"]))
    yield 1
    for number, (person, name) in enumerate(asked[:-1]):
        [part] = await person.get("interventions", "/memberships", patient_id=person.user.id)
        rules = (await person.get("interventions", f"/memberships/{part['id']}"))["rules"]["version"]
        yes = {"accept": True, "rules_version": rules, "name": name.split()[0] if number else None}
        await person.post("interventions", f"/memberships/{part['id']}/answer", yes)
    yield 1
    for person, _ in asked[:-1]:
        await opens_messages(person)


async def circle(desk: Desk, coordinator: str) -> Story:
    """Begun by some who have finished; it has met once, shares a goal, and one message waits to be looked at."""
    yield 84
    lead = desk.person(coordinator, "psychology")
    people = await _finished(lead)
    body = {**_CIRCLE, "coordinator_id": coordinator}
    made = (await lead.post("interventions", "/circles", body, key="demo-circle"))["id"]
    for episode, _ in people:
        await lead.post("interventions", f"/circles/{made}/invitations", {"episode_id": episode["id"]})
    yield 0
    members = [await _join(desk, made, episode, name) for episode, name in people[: _MOST - 1]]
    yield 0
    await _begin(desk, lead, made, members)
    yield 1
    writer, other = members[1], members[2]
    await _write(writer, "message", "I walked to the market yesterday, slowly, with one rest. It felt good.")
    await _write(other, "goal", "Ten minutes outside each day until we meet.")
    yield 0
    for post in await lead.get("interventions", "/circle-posts", list="to_check"):
        await lead.post("interventions", f"/circle-posts/{post['id']}/check", {"show": True})
        if post["kind"] == "goal":
            yield 0
            await writer[0].post("interventions", f"/circle-posts/{post['id']}/join")
    yield 5
    await _meet(desk, members, made)
    yield 1
    for person, _ in members:
        await opens_messages(person)
    yield 2
    away = members[3][1]
    tried = {"kind": "phone", "reached": False, "minutes": 5, "note": "Left a kind message."}
    await members[0][0].post("interventions", f"/circle-members/{away}/contacts", tried)
    nudge = {"to": other[1], "word": "well_done"}
    await writer[0].post("interventions", f"/circle-members/{writer[1]}/nudges", nudge)
    yield 6
    await _write(other, "message", "Has anybody found a way to sit through a whole film?")


async def _finished(lead: Person) -> list[tuple[dict[str, Any], str]]:
    """Treatments of a few who have finished and read English, each with the person's name."""
    names = {row["id"]: row["name"] for row in await lead.get("referrals", "/patients")}
    rows = [row for name in ("finished", "active") for row in await lead.get("interventions", "/episodes", list=name)]
    found = [(row, names[row["patient_id"]]) for row in rows if row["modules_done"] >= 2]
    return [one for one in found if one[1] not in SPANISH][:_MOST]


async def _join(desk: Desk, circle_id: str, episode: dict[str, Any], name: str) -> tuple[Person, str]:
    """They say yes; the person, and who they are in the circle."""
    person = desk.person(episode["patient_id"], "patient")
    rows = await person.get("interventions", "/circle-members", patient_id=person.user.id)
    part = next(row["id"] for row in rows if row["circle_id"] == circle_id)
    yes = {"accept": True, "rules_version": 1, "name": name.split()[0]}
    await person.post("interventions", f"/circle-members/{part}/answer", yes)
    return person, part


async def _begin(desk: Desk, lead: Person, circle_id: str, members: list[tuple[Person, str]]) -> None:
    """Somebody is trained and leads, and the first meeting is planned."""
    person, part = members[0]
    trained = {
        "patient_id": person.user.id,
        "trained_on": desk.clock.now().date().isoformat(),
        "supervisor_id": lead.user.id,
    }
    await lead.post("interventions", "/peer-leaders", trained)
    await lead.post("interventions", f"/circles/{circle_id}/leader", {"member_id": part})
    await _plan(desk, lead, circle_id, 3, "welcome")


async def _meet(desk: Desk, members: list[tuple[Person, str]], circle_id: str) -> None:
    """Whoever leads says who was there, and plans the next meeting."""
    leader = members[0][0]
    present = {"present": [part for _, part in members[:3]]}
    await leader.post("interventions", f"/circles/{circle_id}/meetings/1/held", present)
    await _plan(desk, leader, circle_id, 13, "pacing")


async def _plan(desk: Desk, by: Person, circle_id: str, days: int, topic: str) -> None:
    at = (desk.clock.now() + timedelta(days=days)).replace(hour=17, minute=0, second=0, microsecond=0)
    body = {"at": at.isoformat(), "minutes": 75, "topic": topic}
    await by.post("interventions", f"/circles/{circle_id}/meetings", body)


async def _write(member: tuple[Person, str], kind: str, text: str) -> None:
    person, part = member
    await person.post("interventions", f"/circle-members/{part}/posts", {"kind": kind, "text": text})
