"""A cohort's whole life: formed, postponed, begun, missed, led by somebody else, finished; and the circle after it."""

from datetime import timedelta

import pytest

from deploy.people import Refused
from tests.journeys.clinic import RunningClinic
from tests.journeys.cohort import Cohort
from tests.journeys.flow import Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

COORDINATORS = ("psy-moreno", "psy-tanaka")


async def told_staff(cohort: Cohort, person: str, template: str) -> int:
    """How often somebody of the staff was told this."""
    return sum(row["template"] == template for row in await cohort.lead.agenda(person))


async def test_a_cohort_from_its_waiting_list_to_its_circle(clinic: RunningClinic) -> None:
    cohort = Cohort(clinic, [Way(clinic.desk, f"cohort-{number}") for number in range(15)])
    for way in cohort.people:
        await cohort.wait_for_a_group(way)
    await clinic.system.settle()
    await _form_and_postpone(cohort)
    await _fill_and_confirm(cohort)
    await _begin(cohort)
    await _go_on_to_the_end(cohort)
    await _circle(cohort)


async def _form_and_postpone(cohort: Cohort) -> None:
    """Nine are asked: seven come, one says no, one says nothing. Too few: all dates move on, and each is told once."""
    first = cohort.clinic.clock.now() + timedelta(days=12)
    await cohort.form(first)
    waiting = await cohort.lead.psychology.get("referrals", "/places/place-groups/candidates", language="en")
    assert {one.referral_id for one in cohort.people} <= {row["referral_id"] for row in waiting}
    await cohort.invite(*range(9))
    for number in (0, 1, 2, 3, 4, 5, 8):
        await cohort.answer(number, name=f"Name {number}" if number % 2 else None)
    await cohort.answer(6, accept=False)
    before = await cohort.calendar(1)
    await cohort.clinic.pass_time(timedelta(days=9, minutes=5))
    standing = await cohort.standing()
    assert standing == {**dict.fromkeys((0, 1, 2, 3, 4, 5, 8), "seat"), 6: "declined", 7: "lapsed"}
    page = await cohort.page()
    assert (page["status"], page["postponed"]) == ("forming", 1)
    assert [await cohort.messages(number, "group_postponed") for number in range(9)] == [1, 1, 1, 1, 1, 1, 0, 0, 1]
    after = await cohort.calendar(1)
    assert after.keys() == before.keys()
    assert all(after[uid][0] - before[uid][0] == timedelta(days=14) for uid in after)
    assert all(after[uid][1] > before[uid][1] for uid in after)


async def _fill_and_confirm(cohort: Cohort) -> None:
    """Six more come, one more than there are seats. Whoever leaves makes room for the first of the reserve list."""
    await cohort.invite(*range(9, 15))
    for number in range(9, 15):
        await cohort.answer(number)
    assert (await cohort.standing())[14] == "reserve 1"
    await cohort.clinic.pass_time(timedelta(days=14))
    assert (await cohort.page())["status"] == "confirmed"
    seated = (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13)
    assert {number: await cohort.messages(number, "group_confirmed") for number in seated} == dict.fromkeys(seated, 1)
    assert await cohort.messages(14, "group_confirmed") == 0
    await cohort.of(0, "leave")
    assert (await cohort.standing())[14] == "seat"
    assert (await cohort.messages(14, "group_reserve"), await cohort.messages(14, "group_seat")) == (1, 1)
    assert {status for _, _, status in (await cohort.calendar(0)).values()} == {"CANCELLED"}
    mine = await cohort.mine(1)
    assert mine["where"] == "https://video.example/room"
    assert set(mine["others"]) == {"Name 3", "Name 5"}
    assert mine["others_unnamed"] == 9
    with pytest.raises(Refused):
        await cohort.people[0].patient.get("interventions", f"/memberships/{cohort.membership(1)}")


async def _begin(cohort: Cohort) -> None:
    """The first meeting begins treatment. One who is missing had told, one had not; both can catch up."""
    await cohort.of(1, "absence", {"number": 1})
    await cohort.meet(1, 1, 2, told=(1,))
    await cohort.people[3].status("in_treatment")
    await cohort.people[2].status("waitlisted")
    progress = [
        row["template"]
        for row in await cohort.people[2].agenda("dr-okafor")
        if row["about"] == cohort.people[2].patient_id
    ]
    assert progress.count("progress_noted") == 1
    told = [row for row in await cohort.people[1].agenda("dr-okafor") if row["about"] == cohort.people[1].patient_id]
    assert all(row["template"] != "progress_noted" for row in told)
    place = await cohort.lead.psychology.get("referrals", "/places/place-groups", limit="200")
    assert cohort.people[3].referral_id not in {entry["referral_id"] for entry in place["entries"]}
    assert cohort.people[2].referral_id in {entry["referral_id"] for entry in place["entries"]}
    assert await cohort.messages(2, "group_missed_first") == 1
    assert await cohort.messages(3, "group_missed_first") == 0
    episode = await cohort.lead.psychology.get("interventions", f"/episodes/{cohort.people[3].episode_id}")
    assert episode["modules_done"] == 1


async def _go_on_to_the_end(cohort: Cohort) -> None:
    """Somebody joins late, nobody after the second meeting; two missed in a row are called; another one leads."""
    await cohort.of(3, "leave")
    await cohort.invite(6)
    await cohort.answer(6)
    assert (await cohort.standing())[6] == "seat"
    await cohort.do("facilitators", {"leaves": "psy-tanaka", "comes": "lead-haddad"})
    assert await told_staff(cohort, "lead-haddad", "group_leading") == 1
    assert await cohort.messages(5, "group_leader_changed") == 1
    await cohort.meet(2, 2)
    with pytest.raises(Refused, match="joining-closed"):
        await cohort.invite(7)
    calls = await cohort.lead.psychology.get("interventions", "/engagements", list="to_call")
    assert cohort.people[2].episode_id in {row["episode_id"] for row in calls}
    page = await cohort.page()
    later = (cohort.clinic.clock.now() + timedelta(days=8)).isoformat()
    await cohort.do("sessions/3/move", {"at": later})
    assert await cohort.messages(5, "group_session_moved") == 1
    for session in range(3, 9):
        await cohort.meet(session)
    page = await cohort.page()
    assert page["status"] == "finished"
    assert [len(one["present"]) for one in page["sessions"]] == [10, 11, 12, 12, 12, 12, 12, 12]
    assert await cohort.messages(5, "questions_open") >= 1
    done = await cohort.lead.psychology.get("interventions", f"/episodes/{cohort.people[5].episode_id}")
    assert done["modules_done"] == 8
    assert (await cohort.mine(2))["how_ended"] == "finished"


async def _circle(cohort: Cohort) -> None:
    """From the group a circle goes on. What somebody writes is read by nobody else until it was looked at."""
    assert [await told_staff(cohort, person, "circle_possible") for person in COORDINATORS] == [1, 1]
    psychology = cohort.lead.psychology
    start = {
        "name": "Thursday circle",
        "language": "en",
        "mode": "video",
        "where": "https://video.example/circle",
        "agenda_id": "first-circle",
        "coordinator_id": "psy-moreno",
        "from_group_id": cohort.group_id,
    }
    circle = (await psychology.post("interventions", "/circles", start))["id"]
    members = {}
    for number in (4, 5, 8):
        way = cohort.people[number]
        await psychology.post("interventions", f"/circles/{circle}/invitations", {"episode_id": way.episode_id})
        await cohort.clinic.system.settle()
        [part] = await way.patient.get("interventions", "/circle-members", patient_id=way.patient_id)
        members[number] = part["id"]
        yes = {"accept": True, "rules_version": 1, "name": f"N{number}"}
        await way.patient.post("interventions", f"/circle-members/{part['id']}/answer", yes)
    await cohort.clinic.system.settle()
    writer, reader = cohort.people[4].patient, cohort.people[5].patient
    await writer.post("interventions", f"/circle-members/{members[4]}/posts", {"text": "The walk went well."})
    await cohort.clinic.system.settle()
    assert "The walk went well." not in str(await reader.get("interventions", f"/circle-members/{members[5]}"))
    [post] = await psychology.get("interventions", "/circle-posts", list="to_check")
    await psychology.post("interventions", f"/circle-posts/{post['id']}/check", {"show": True})
    await cohort.clinic.system.settle()
    assert "The walk went well." in str(await reader.get("interventions", f"/circle-members/{members[5]}"))
    trained = {"patient_id": cohort.people[8].patient_id, "trained_on": "2026-01-10", "supervisor_id": "psy-moreno"}
    await psychology.post("interventions", "/peer-leaders", trained)
    await psychology.post("interventions", f"/circles/{circle}/leader", {"member_id": members[8]})
    await cohort.clinic.system.settle()
    assert await cohort.messages(8, "circle_leading") == 1
