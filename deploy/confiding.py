"""What those whom invented people trust do for themselves: a story like those of `deploy.stories`."""

from deploy.cast import Story
from deploy.people import Desk, Person

_WORD = "She gets up at night and does not want anybody to know. Could you ask her how she sleeps?"
_REQUEST = {
    "kind": "phone",
    "words": "I have not slept well for weeks. A talk would help.",
    "phone": "+44 20 7946 0101",
}
_REPLY = "Thank you for telling us. We will ask how the nights are."
_NOT_SAFE = {"answers": {"sleep": "always", "alone": "often"}, "safe": "no", "phone": "+44 20 7946 0102"}


async def confide(desk: Desk, clinician: str) -> Story:
    """Some begin their course. One told the team something and has an answer, one waits for support, and one does not
    feel safe today.
    """
    yield 99
    team = desk.person(clinician, "psychology")
    told, asked, worn = (await _who_take_part(desk, team))[:3]
    for person, _ in (told, asked, worn):
        await person.post("interventions", f"/caregivers/{person.user.id}/course/session-1/overview")
    luis, about = told
    body = {"about_id": about, "text": _WORD}
    word = (await luis.post("interventions", f"/caregivers/{luis.user.id}/words", body))["id"]
    await team.post("interventions", f"/caregiver-words/{word}/reply", {"text": _REPLY})
    await asked[0].post("interventions", f"/caregivers/{asked[0].user.id}/support", _REQUEST)
    yield 1
    await worn[0].post("interventions", f"/caregivers/{worn[0].user.id}/check", _NOT_SAFE)


async def _who_take_part(desk: Desk, team: Person) -> list[tuple[Person, str]]:
    """Caregivers who said yes, each with the person who trusts them."""
    rows = await team.get("referrals", "/patients")
    records = [await team.get("referrals", f"/patients/{row['id']}") for row in rows]
    return [
        (desk.person(known["caregiver_id"], "caregiver"), record["id"])
        for record in records
        for known in record["caregivers"]
        if known["status"] == "accepted"
    ]
