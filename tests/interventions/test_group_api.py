"""Groups over HTTP: who may see and do what, and what each person reads of the others."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from services.interventions.catalogue import HouseRules, Text
from shared.runtime.auth import User
from tests.interventions import group_world as w
from tests.interventions.group_world import ANA, BEN, LIA, OMAR, PORTAL, ROOM, ROSA
from tests.interventions.service import CONTENT, Http, serving

STRANGERS = (User("doc", "referrer"), User("op", "operator"), User("c1", "caregiver"))
ALL_THERE: dict[str, Any] = {"present": [], "absent": []}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def begun(http: Http, *people: User) -> tuple[str, list[str]]:
    """A confirmed group whose first meeting has begun, and the parts of these people."""
    group = await w.group(http)
    parts = [await w.seated(http, group, who, who.id.title()) for who in people]
    await http.did(ANA, f"/groups/{group}/confirm")
    await w.rings(http, 10)
    return group, parts


# --- who may


async def test_only_psychology_forms_and_leads_groups_and_services_read_them(http: Http) -> None:
    group = await w.group(http)
    part = await w.asked(http, group, ROSA)
    episode = (await http.core.load("membership", part)).state.episode_id
    deeds: list[tuple[str, dict[str, Any] | None]] = [
        ("/groups", w.plan(http)),
        (f"/groups/{group}/invitations", {"episode_id": episode}),
        (f"/groups/{group}/confirm", None),
        (f"/groups/{group}/postpone", {"days": 7}),
        (f"/groups/{group}/cancel", {"reason_code": "other"}),
        (f"/groups/{group}/facilitators", {"leaves": "ben", "comes": "cleo"}),
        (f"/groups/{group}/sessions/1/move", {"where": "Room 9"}),
        (f"/groups/{group}/sessions/1/attendance", ALL_THERE),
        (f"/groups/{group}/sessions/1/not-held", {"reason_code": "other"}),
    ]
    for who in (ROSA, PORTAL, *STRANGERS):
        for path, body in deeds:
            assert (await http.refused(who, path, body))[0] == 403, (who.role, path)
    for who in (ROSA, *STRANGERS):
        for path in ("/groups", f"/groups/{group}"):
            await http.get(who, path, 403)
    for who in (ANA, BEN, PORTAL):
        assert [row["id"] for row in await http.get(who, "/groups")] == [group]
        assert (await http.get(who, f"/groups/{group}"))["members"][0]["membership_id"] == part
    assert (await http.refused(ANA, "/groups/nothing/confirm"))[0] == 404


async def test_a_part_is_for_the_person_and_psychology_and_nothing_for_anybody_else(http: Http) -> None:
    group = await w.group(http)
    part = await w.seated(http, group, ROSA)
    await w.seated(http, group, OMAR)
    session = {"number": 1}
    deeds: list[tuple[str, dict[str, Any] | None]] = [
        ("answer", {"accept": False}),
        ("name", {"name": "Other"}),
        ("absence", session),
        ("rules", {"rules_version": 1}),
        ("leave", None),
    ]
    for what, body in deeds:
        path = f"/memberships/{part}/{what}"
        assert await http.refused(OMAR, path, body) == (404, "not-found"), what
        for who in (PORTAL, *STRANGERS):
            assert (await http.refused(who, path, body))[0] == 403, (who.role, what)
    for path in (f"/memberships/{part}", f"/memberships/{part}/calendar"):
        await http.get(OMAR, path, 404)
        for who in STRANGERS:
            await http.get(who, path, 403)
    await http.get(ROSA, "/memberships/nothing", 404)
    assert await http.get(OMAR, "/memberships?patient_id=p1") == []
    assert [row["id"] for row in await http.get(ROSA, "/memberships?patient_id=p1")] == [part]
    assert [row["id"] for row in await http.get(PORTAL, "/memberships?patient_id=p1")] == [part]
    await http.did(ANA, f"/memberships/{part}/leave")
    assert (await http.get(ROSA, f"/memberships/{part}"))["how_ended"] == "left"


async def test_others_are_shown_as_each_chose_and_the_place_only_to_whoever_has_a_seat(http: Http) -> None:
    group = await w.group(http)
    rosa = await w.asked(http, group, ROSA)
    omar, lia = await w.seated(http, group, OMAR, "Omi"), await w.seated(http, group, LIA)
    before = await http.get(ROSA, f"/memberships/{rosa}")
    assert (before["where"], before["facilitators"], before["others"], before["others_unnamed"]) == (None, [], [], 0)
    assert ROOM not in str(before)
    await http.did(ROSA, f"/memberships/{rosa}/answer", {"accept": True, "rules_version": 1, "name": "Rosi"})
    mine = await http.get(ROSA, f"/memberships/{rosa}")
    assert (mine["where"], mine["others"], mine["others_unnamed"]) == (ROOM, ["Omi"], 1)
    assert not [id for id in ("p2", "p3", omar, lia) if id in str(mine)]
    await http.did(LIA, f"/memberships/{lia}/name", {"name": "Lia"})
    await http.did(OMAR, f"/memberships/{omar}/name", {"name": None})
    mine = await http.get(ROSA, f"/memberships/{rosa}")
    assert (mine["others"], mine["others_unnamed"]) == (["Lia"], 1)
    await http.did(LIA, f"/memberships/{lia}/leave")
    assert (await http.get(ROSA, f"/memberships/{rosa}"))["others"] == []
    after = await http.get(LIA, f"/memberships/{lia}")
    assert (after["where"], after["others"]) == (None, [])


# --- what was seen last


async def test_whoever_saw_an_older_version_is_told_and_changes_nothing(http: Http) -> None:
    group = await w.group(http)
    seen = (await http.get(BEN, f"/groups/{group}"))["version"]
    await http.did(ANA, f"/groups/{group}/postpone", {"days": 7})
    late = await http.post(BEN, f"/groups/{group}/postpone", {"days": 7}, **{"If-Match": f'"{seen}"'})
    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    page = await http.get(BEN, f"/groups/{group}")
    assert page["postponed"] == 1
    fresh = await http.post(
        BEN, f"/groups/{group}/cancel", {"reason_code": "other"}, **{"If-Match": f'"{page["version"]}"'}
    )
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] == f'"{page["version"] + 1}"'

    other = await w.group(http)
    part = await w.seated(http, other, ROSA, "Rosi")
    mine = (await http.get(ROSA, f"/memberships/{part}"))["version"]
    await http.did(ROSA, f"/memberships/{part}/name", {"name": "R."})
    late = await http.post(ROSA, f"/memberships/{part}/leave", None, **{"If-Match": f'"{mine}"'})
    assert late.status_code == 412
    assert (await http.get(ROSA, f"/memberships/{part}"))["status"] == "seat"


async def test_the_same_request_once_more_does_nothing_twice(http: Http) -> None:
    group = await w.group(http)
    for _ in range(2):
        again = await http.post(ANA, f"/groups/{group}/postpone", {"days": 7}, **{"Idempotency-Key": "once"})
        assert again.status_code == 200
    assert (await http.get(ANA, f"/groups/{group}"))["postponed"] == 1


# --- what becomes of it


async def test_whoever_was_only_asked_is_free_at_once_when_the_group_is_cancelled(http: Http) -> None:
    first, second = await w.group(http), await w.group(http)
    part = await w.asked(http, first, ROSA)
    episode = (await http.core.load("membership", part)).state.episode_id
    invitation = {"episode_id": episode}
    assert await http.refused(ANA, f"/groups/{second}/invitations", invitation) == (409, "in-a-group")
    await http.did(ANA, f"/groups/{first}/cancel", {"reason_code": "no_room"})
    mine = await http.get(ROSA, f"/memberships/{part}")
    assert (mine["status"], mine["how_ended"], mine["can"]) == ("ended", "invitation_withdrawn", [])
    await http.did(ANA, f"/groups/{second}/invitations", invitation)
    assert (await http.get(ROSA, f"/memberships/{part}"))["group_id"] == second
    assert await http.refused(ANA, f"/groups/{first}/invitations", invitation) == (409, "group-closed")


async def test_an_invitation_ends_as_the_next_meeting_begins(http: Http) -> None:
    soon = http.clock.now() + timedelta(days=2)
    group = await w.group(http, first_at=soon.isoformat())
    part = await w.asked(http, group, ROSA)
    mine = await http.get(ROSA, f"/memberships/{part}")
    assert mine["answer_by"] == mine["starts_at"]
    await w.rings(http, 2)
    assert (await http.get(ROSA, f"/memberships/{part}"))["status"] == "lapsed"


async def test_only_who_is_in_treatment_with_its_programme_is_asked(http: Http) -> None:
    group = await w.group(http, programme_id="act-pain")
    other = await w.group(http)
    part = await w.asked(http, other, ROSA)
    invitation = {"episode_id": (await http.core.load("membership", part)).state.episode_id}
    assert await http.refused(ANA, f"/groups/{group}/invitations", invitation) == (409, "programme-does-not-fit")


async def test_attendance_reaches_everybody_and_can_be_corrected(http: Http) -> None:
    group, (rosa, omar) = await begun(http, ROSA, OMAR)
    path = f"/groups/{group}/sessions/1/attendance"
    ill = {"present": [rosa], "absent": [{"membership_id": omar, "reason_code": "ill"}]}
    assert await http.refused(ANA, path, {"present": [rosa]}) == (422, "attendance-incomplete")
    await http.did(ANA, path, ill)
    assert (await http.get(OMAR, f"/memberships/{omar}"))["sessions"][0]["mine"] == "missed"
    page = await http.get(ANA, f"/groups/{group}")
    assert [(one["attended"], one["missed"]) for one in page["members"]] == [(1, 0), (0, 1)]
    await http.did(BEN, path, {"present": [rosa, omar]})
    assert (await http.get(OMAR, f"/memberships/{omar}"))["sessions"][0]["mine"] == "attended"
    assert await http.refused(ANA, path.replace("/1/", "/2/"), ill) == (409, "session-to-come")


async def test_a_meeting_that_was_not_held_is_shown_as_such_and_counts_for_nobody(http: Http) -> None:
    group, (rosa,) = await begun(http, ROSA)
    assert (await http.get(ANA, f"/groups/{group}"))["attendance_due"] == [1]
    await http.did(ANA, f"/groups/{group}/sessions/1/not-held", {"reason_code": "no_facilitator"})
    page = await http.get(ANA, f"/groups/{group}")
    assert (page["attendance_due"], page["sessions"][0]["not_held"]) == ([], "no_facilitator")
    mine = (await http.get(ROSA, f"/memberships/{rosa}"))["sessions"][0]
    assert (mine["not_held"], mine["mine"]) == (True, None)
    episode = page["members"][0]["episode_id"]
    assert (await http.get(ROSA, f"/episodes/{episode}/modules"))[0]["state"] != "locked"
    calendar = await http.client.get(f"/memberships/{rosa}/calendar", headers=http._auth(ROSA))
    entries = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert [str(one["status"]) for one in entries] == ["CANCELLED", *["CONFIRMED"] * 7]


async def test_what_somebody_told_of_an_old_date_is_not_shown_of_the_new_one(http: Http) -> None:
    group = await w.group(http)
    part = await w.seated(http, group, ROSA)
    await http.did(ROSA, f"/memberships/{part}/absence", {"number": 1})
    assert await http.refused(ROSA, f"/memberships/{part}/absence", {"number": 99}) == (422, "session-unknown")
    seen = {"number": 1, "at": "2020-01-01T10:00:00Z"}
    assert await http.refused(ROSA, f"/memberships/{part}/absence", seen) == (409, "session-moved")
    assert (await http.get(ANA, f"/groups/{group}"))["members"][0]["absent_told"] == [1]
    await http.did(ANA, f"/groups/{group}/postpone", {"days": 7})
    first = (await http.get(ROSA, f"/memberships/{part}"))["sessions"][0]
    assert (first["told"], first["told_before"]) == (False, True)
    assert (await http.get(ANA, f"/groups/{group}"))["members"][0]["absent_told"] == []
    await http.did(ROSA, f"/memberships/{part}/absence", {"number": 1})
    first = (await http.get(ROSA, f"/memberships/{part}"))["sessions"][0]
    assert (first["told"], first["told_before"]) == (True, False)


async def test_a_group_that_loses_people_is_shown_to_have_too_few(http: Http) -> None:
    group = await w.group(http)
    people = [User(f"q{number}", "patient") for number in range(8)]
    parts = [await w.seated(http, group, who) for who in people]
    await http.did(ANA, f"/groups/{group}/confirm")
    assert not (await http.get(ANA, f"/groups/{group}"))["few_left"]
    await http.did(people[0], f"/memberships/{parts[0]}/leave")
    [row] = await http.get(ANA, "/groups")
    assert (row["few_left"], row["under_minimum"], row["seats_taken"]) == (True, False, 7)


async def test_with_new_rules_everybody_is_asked_before_they_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as http:
        group, (rosa,) = await begun(http, ROSA)
        assert not (await http.get(ROSA, f"/memberships/{rosa}"))["rules_due"]
        begins = http.clock.now()
    new = HouseRules(version=2, rules=(Text(en="We begin on time.", es="Empezamos a la hora."),))
    changed = CONTENT.catalogue.model_copy(update={"group_rules": (*CONTENT.catalogue.group_rules, new)})
    monkeypatch.setattr("services.interventions.main.load_catalogue", lambda _: changed)
    async with serving(tmp_path) as http:
        http.clock.moment = begins
        await w.rings(http, 6)
        mine = await http.get(ROSA, f"/memberships/{rosa}")
        assert (mine["rules_due"], "rules" in mine["can"], mine["rules"]["items"]) == (
            True,
            True,
            ["We begin on time."],
        )
        asked = (await http.core.load("membership", rosa)).state
        assert (asked.rules_version, asked.rules_asked) == (1, 2)
        path = f"/memberships/{rosa}/rules"
        assert await http.refused(ROSA, path, {"rules_version": 1}) == (422, "group-rules-missing")
        assert (await http.get(ANA, f"/groups/{group}"))["members"][0]["rules_due"]
        await http.did(ROSA, path, {"rules_version": 2})
        assert not (await http.get(ANA, f"/groups/{group}"))["members"][0]["rules_due"]
        assert not (await http.get(ROSA, f"/memberships/{rosa}"))["rules_due"]


async def test_with_the_treatment_the_part_in_the_group_ends(http: Http) -> None:
    group = await w.group(http)
    part, other = await w.seated(http, group, ROSA), await w.asked(http, group, OMAR)
    for one in (part, other):
        episode = (await http.core.load("membership", one)).state.episode_id
        await http.did(
            ANA, f"/episodes/{episode}/finish", {"end_reason": "stopped_by_patient", "recommendation": "Walk"}
        )
    ended = [(await http.get(ANA, f"/memberships/{one}"))["how_ended"] for one in (part, other)]
    assert ended == ["treatment_ended", "treatment_ended"]
    assert (await http.get(ANA, f"/groups/{group}"))["seats_taken"] == 0
