"""Circles over HTTP: started, joined, led, written in, and left without a trace."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.auth import User
from tests.interventions import circles as ci
from tests.interventions.circles import ANA, DOC, LIA, OMAR, PORTAL, ROSA, TOM
from tests.interventions.service import CONTENT, Http, serving, started


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def test_a_circle_from_its_start_to_its_first_meeting(http: Http) -> None:
    circle = await ci.circle(http)
    [row] = await http.get(ANA, "/circles")
    assert (row["people"], row["leader"], row["needs"]) == (0, None, ["no_leader"])
    rosa = await ci.led(http, circle, ROSA)
    omar = await ci.joined(http, circle, OMAR, "Omar")
    [row] = await http.get(PORTAL, "/circles")
    assert (row["people"], row["leader"]["member_id"], row["needs"]) == (2, rosa, [])
    at = (http.clock.now() + timedelta(days=7)).isoformat()
    meeting = {"at": at, "minutes": 90, "topic": "welcome"}
    await http.did(ROSA, f"/circles/{circle}/meetings", meeting)
    seen = await ci.page(http, OMAR, omar)
    assert seen["next_meeting"]["topic"]["title"] == "Welcome, and what we hope for"
    assert seen["next_meeting"]["where"] == "https://meet.example/thursday"
    assert [(one["id"], one["leads"], one["me"]) for one in seen["members"]] == [
        (rosa, True, False),
        (omar, False, True),
    ]
    held = f"/circles/{circle}/meetings/1/held"
    assert await http.refused(ROSA, held, {"present": [rosa]}) == (409, "meeting-to-come")
    await ci.rings(http, 7.1)
    assert await http.refused(OMAR, held, {"present": [omar]}) == (404, "not-found")
    await http.did(ROSA, held, {"present": [rosa]})
    full = await http.get(ANA, f"/circles/{circle}")
    assert {one["id"]: one["missed_meetings"] for one in full["members"]} == {rosa: 0, omar: 1}


async def test_what_is_held_only_its_author_and_who_checks_read(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    lia = await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "I slept well.")
    [own] = (await ci.page(http, OMAR, omar))["posts"]
    assert (own["text"], own["status"], own["mine"]) == ("I slept well.", "held", True)
    assert await ci.texts(http, LIA, lia) == []
    leader = await ci.page(http, ROSA, rosa)
    assert ([one["text"] for one in leader["to_check"]], leader["posts"]) == (["I slept well."], [])
    assert [one["id"] for one in await http.get(ANA, "/circle-posts?list=to_check")] == [post]
    check = f"/circle-posts/{post}/check"
    assert await http.refused(LIA, check, {"show": True}) == (404, "not-found")
    assert await http.refused(OMAR, check, {"show": True}) == (404, "not-found")
    await http.did(ROSA, check, {"show": True})
    assert await ci.texts(http, LIA, lia) == ["I slept well."]
    [seen] = (await ci.page(http, LIA, lia))["posts"]
    assert (seen["status"], seen["author_name"], seen["mine"]) == (None, "P2", False)


async def test_a_removed_post_tells_its_author_why(http: Http) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "Buy my tea.")
    assert await http.refused(ANA, f"/circle-posts/{post}/check", {"show": False}) == (422, "reason-missing")
    await http.did(ANA, f"/circle-posts/{post}/check", {"show": False, "reason_code": "advertising"})
    [own] = (await ci.page(http, OMAR, omar))["posts"]
    assert (own["status"], own["removed_for"]) == ("removed", "advertising")
    assert await ci.texts(http, LIA, lia) == []
    assert await http.refused(ANA, f"/circle-posts/{post}/check", {"show": True}) == (409, "post-gone")


async def test_a_report_hides_a_post_until_psychology_looked_and_names_nobody_else(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    lia = await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "You should all stop your pills.")
    assert await http.refused(LIA, f"/circle-posts/{post}/report", {"reason_code": "other"}) == (404, "not-found")
    await ci.released(http, post)
    report = f"/circle-posts/{post}/report"
    assert await http.refused(OMAR, report, {"reason_code": "other"}) == (409, "circle-own")
    await http.did(LIA, report, {"reason_code": "medical_advice"})
    await http.did(LIA, report, {"reason_code": "medical_advice"})
    for who, member in ((ROSA, rosa), (LIA, lia)):
        seen = await ci.page(http, who, member)
        assert (seen["posts"], seen["to_check"]) == ([], [])
    [own] = (await ci.page(http, OMAR, omar))["posts"]
    assert own["status"] == "held"
    assert lia not in str(own)
    [row] = await http.get(ANA, "/circle-posts?list=to_check")
    assert [(one["member_id"], one["reason_code"]) for one in row["reports"]] == [(lia, "medical_advice")]
    assert await http.refused(ROSA, f"/circle-posts/{post}/check", {"show": True}) == (404, "not-found")
    await ci.released(http, post)
    assert await ci.texts(http, LIA, lia) == ["You should all stop your pills."]
    assert await http.refused(LIA, report, {"reason_code": "other"}) == (409, "post-looked-at")


async def test_words_that_worry_raise_one_alert_and_are_shown_only_by_psychology(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    post = await ci.wrote(http, OMAR, omar, "Some days I want to die.")
    [alert] = await http.get(ANA, "/risk-alerts?list=open")
    assert alert["post_id"] == post
    detail = await http.get(ANA, f"/risk-alerts/{alert['id']}")
    assert (detail["patient_id"], detail["post_id"], detail["words"]) == ("p2", post, ["want to die"])
    assert detail["source"] == "words"
    assert (await ci.page(http, ROSA, rosa))["to_check"] == []
    assert await http.refused(ROSA, f"/circle-posts/{post}/check", {"show": True}) == (404, "not-found")
    [row] = await http.get(ANA, "/circle-posts?list=to_check")
    assert row["risk"]
    assert await http.get(ANA, f"/circle-posts/{post}") == row
    await http.get(ROSA, f"/circle-posts/{post}", 403)
    await ci.released(http, post)
    assert await ci.texts(http, ROSA, rosa) == ["Some days I want to die."]
    assert len(await http.get(ANA, "/risk-alerts?list=open")) == 1


async def test_whoever_leaves_leaves_no_trace_and_frees_a_seat(http: Http) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR, "Omar the Tall"), await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "I planted beans.", "goal")
    await ci.released(http, post)
    await ci.rings(http, 0.01)
    mine = await ci.wrote(http, LIA, lia, "I will swim.", "goal")
    await ci.released(http, mine)
    await http.did(OMAR, f"/circle-posts/{mine}/join")
    await http.did(OMAR, f"/circle-members/{omar}/nudges", {"to": lia, "word": "well_done"})
    before = await ci.page(http, LIA, lia)
    assert [one["word"] for one in before["kind_words"]] == ["well_done"]
    assert [one["goal"]["joined"] for one in before["posts"]] == [1, 0]
    await http.did(OMAR, f"/circle-members/{omar}/leave")
    after = await ci.page(http, LIA, lia)
    assert [one["goal"]["joined"] for one in after["posts"]] == [0]
    assert not [trace for trace in ("Omar the Tall", omar, "I planted beans.", "p2") if trace in str(after)]
    gone = await ci.page(http, OMAR, omar)
    assert (gone["status"], gone["members"], gone["posts"], gone["where"]) == ("left", [], [], None)
    assert (await http.get(ANA, "/circles"))[0]["people"] == 1
    again = await ci.joined(http, circle, OMAR)
    assert again == omar
    assert await ci.texts(http, LIA, lia) == ["I will swim."]


async def test_a_number_stays_whose_it_is_whoever_leaves_or_comes_back(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar, lia = [await ci.joined(http, circle, who) for who in (ROSA, OMAR, LIA)]

    async def numbers() -> dict[str, int]:
        return {one["id"]: one["number"] for one in (await ci.page(http, LIA, lia))["members"]}

    assert await numbers() == {rosa: 1, omar: 2, lia: 3}
    await http.did(ROSA, f"/circle-members/{rosa}/leave")
    assert await numbers() == {omar: 2, lia: 3}
    tom = await ci.joined(http, circle, TOM)
    await ci.joined(http, circle, ROSA)
    assert await numbers() == {omar: 2, lia: 3, tom: 4, rosa: 5}
    await http.did(TOM, f"/circle-members/{tom}/leave")
    await http.did(ROSA, f"/circle-members/{rosa}/leave")
    await ci.joined(http, circle, TOM)
    assert await numbers() == {omar: 2, lia: 3, tom: 6}


async def test_the_lists_of_topics_are_those_of_the_catalogue(http: Http) -> None:
    assert await http.get(ANA, "/circle-agendas?language=es") == [
        {"id": one.id, "version": one.version, "title": one.title.es} for one in CONTENT.catalogue.agendas
    ]
    for who in (ROSA, DOC, PORTAL):
        await http.get(who, "/circle-agendas", 403)


async def test_whom_somebody_muted_they_do_not_read_and_nobody_learns_of_it(http: Http) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    tom = await ci.joined(http, circle, TOM)
    post = await ci.wrote(http, OMAR, omar, "Look at my garden.")
    await ci.released(http, post)
    await http.did(LIA, f"/circle-members/{lia}/mutes", {"member_id": omar, "muted": True})
    assert await ci.texts(http, LIA, lia) == []
    assert await ci.texts(http, TOM, tom) == ["Look at my garden."]
    await http.did(OMAR, f"/circle-members/{omar}/nudges", {"to": lia, "word": "thinking_of_you"})
    await http.did(OMAR, f"/circle-members/{omar}/nudges", {"to": tom, "word": "thinking_of_you"})
    assert (await ci.page(http, LIA, lia))["kind_words"] == []
    assert len((await ci.page(http, TOM, tom))["kind_words"]) == 1
    people = {one["id"]: one["can_nudge"] for one in (await ci.page(http, OMAR, omar))["members"]}
    assert people[lia] == people[tom] is False
    again = {"to": lia, "word": "well_done"}
    assert await http.refused(OMAR, f"/circle-members/{omar}/nudges", again) == (409, "nudge-too-soon")
    await ci.rings(http, 8)
    await http.did(OMAR, f"/circle-members/{omar}/nudges", again)
    await http.did(LIA, f"/circle-members/{lia}/mutes", {"member_id": omar, "muted": False})
    assert await ci.texts(http, LIA, lia) == ["Look at my garden."]


async def test_a_seat_is_held_and_there_are_no_more_than_the_clinic_set(http: Http) -> None:
    circle = await ci.circle(http)
    most = (await http.get(ANA, "/circles"))[0]["most_people"]
    for number in range(most):
        await ci.invited(http, circle, User(f"q{number}", "patient"))
    episode = await started(http, ROSA)
    invite = f"/circles/{circle}/invitations"
    assert await http.refused(ANA, invite, {"episode_id": episode}) == (409, "circle-full")
    [first] = await http.get(User("q0", "patient"), "/circle-members?patient_id=q0")
    await http.did(User("q0", "patient"), f"/circle-members/{first['id']}/answer", {"accept": False})
    await http.did(ANA, invite, {"episode_id": episode})
    assert await http.refused(ANA, invite, {"episode_id": episode}) == (409, "circle-invited-already")


async def test_who_joins_agrees_to_the_rules_of_today(http: Http) -> None:
    circle = await ci.circle(http)
    omar = await ci.invited(http, circle, OMAR)
    seen = await ci.page(http, OMAR, omar)
    assert (seen["can"], seen["members"], len(seen["rules"]["rules"])) == (["accept", "decline"], [], 6)
    answer = f"/circle-members/{omar}/answer"
    assert await http.refused(OMAR, answer, {"accept": True}) == (422, "circle-rules-missing")
    assert await http.refused(OMAR, answer, {"accept": True, "rules_version": 2}) == (422, "circle-rules-missing")
    await http.did(OMAR, answer, {"accept": True, "rules_version": 1})
    assert await http.refused(OMAR, answer, {"accept": False}) == (409, "circle-not-invited")
    [me] = (await ci.page(http, OMAR, omar))["members"]
    assert (me["name"], me["me"]) == (None, True)


async def test_only_the_trained_lead_and_who_stands_down_leads_at_once_no_more(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.joined(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    lead = f"/circles/{circle}/leader"
    assert await http.refused(ANA, lead, {"member_id": rosa}) == (409, "leader-not-trained")
    leader = await ci.trained(http, ROSA)
    await http.did(ANA, lead, {"member_id": rosa})
    contact = {"kind": "phone", "reached": False, "minutes": 5, "note": "No answer."}
    await http.did(ROSA, f"/circle-members/{omar}/contacts", contact)
    assert await http.refused(OMAR, f"/circle-members/{rosa}/contacts", contact) == (404, "not-found")
    [row] = [one for one in (await http.get(ANA, f"/circles/{circle}"))["members"] if one["id"] == omar]
    assert [(one["minutes"], one["logged_by"], one["note"]) for one in row["contacts"]] == [(5, "p1", "No answer.")]
    await http.did(ROSA, f"/peer-leaders/{leader}/stand-down")
    assert await http.refused(ROSA, f"/circle-members/{omar}/contacts", contact) == (404, "not-found")
    [row] = await http.get(ANA, "/circles")
    assert (row["leader"], row["needs"]) == (None, ["no_leader"])


async def test_supervision_falls_due_and_is_written_down(http: Http) -> None:
    await started(http, ROSA)
    leader = await ci.trained(http, ROSA)
    await ci.rings(http, 28)
    [row] = await http.get(ANA, "/peer-leaders")
    assert row["due"]
    await http.did(ANA, f"/peer-leaders/{leader}/supervision", {"minutes": 40, "note": "Goes well."})
    [row] = await http.get(ANA, "/peer-leaders")
    assert (row["due"], [one["note"] for one in row["supervisions"]]) == (False, ["Goes well."])
    body = {"patient_id": "nobody", "trained_on": "2030-03-01", "supervisor_id": "ana"}
    assert await http.refused(ANA, "/peer-leaders", body) == (422, "patient-unknown")
    assert await http.refused(ANA, "/peer-leaders", {**body, "supervisor_id": "x"}) == (422, "supervisor-unknown")


async def test_who_was_not_at_two_meetings_is_to_be_contacted_until_they_were_reached(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    for number in (1, 2):
        at = (http.clock.now() + timedelta(days=7)).isoformat()
        await http.did(ANA, f"/circles/{circle}/meetings", {"at": at, "minutes": 60, "topic": "pacing"})
        await ci.rings(http, 7.1)
        await http.did(ANA, f"/circles/{circle}/meetings/{number}/held", {"present": [rosa]})
    assert "to_contact" in (await http.get(ANA, "/circles"))[0]["needs"]
    people = {one["id"]: one["to_contact"] for one in (await ci.page(http, ROSA, rosa))["members"]}
    assert people == {rosa: False, omar: True}
    assert not any(one["to_contact"] for one in (await ci.page(http, OMAR, omar))["members"])
    await http.did(ANA, f"/circle-members/{omar}/contacts", {"kind": "phone", "reached": True, "minutes": 12})
    assert "to_contact" not in (await http.get(ANA, "/circles"))[0]["needs"]


async def test_a_closed_circle_takes_no_more_words(http: Http) -> None:
    circle = await ci.circle(http)
    omar = await ci.joined(http, circle, OMAR)
    await http.did(ANA, f"/circles/{circle}/close", {"reason_code": "wish_of_members"})
    body = {"kind": "message", "text": "Hello?"}
    assert await http.refused(OMAR, f"/circle-members/{omar}/posts", body) == (409, "circle-closed")
    assert (await ci.page(http, OMAR, omar))["can"] == ["leave"]


async def test_nobody_else_finds_a_circle(http: Http) -> None:
    circle = await ci.circle(http)
    omar = await ci.joined(http, circle, OMAR)
    post = await ci.wrote(http, OMAR, omar, "Hello.")
    for who, status in ((ROSA, 404), (ANA, 403), (PORTAL, 403), (DOC, 403)):
        await http.get(who, f"/circle-members/{omar}", status)
    for who in (ROSA, OMAR, DOC):
        await http.get(who, f"/circles/{circle}", 403)
        await http.get(who, "/circles", 403)
        await http.get(who, "/circle-posts?list=to_check", 403)
    assert await http.get(ROSA, "/circle-members?patient_id=p2") == []
    for path in ("answer", "name", "leave", "mutes", "nudges", "posts"):
        bodies: dict[str, Any] = {
            "answer": {"accept": False},
            "mutes": {"member_id": omar, "muted": True},
            "posts": {"text": "x"},
        }
        bodies["nudges"] = {"to": omar, "word": "well_done"}
        asked = await http.refused(ROSA, f"/circle-members/{omar}/{path}", bodies.get(path, {}))
        assert asked == (404, "not-found"), path
    for path in ("join", "reached"):
        assert await http.refused(ROSA, f"/circle-posts/{post}/{path}") == (404, "not-found")
    at = (http.clock.now() + timedelta(days=7)).isoformat()
    meeting = {"at": at, "minutes": 60, "topic": "pacing"}
    assert await http.refused(OMAR, f"/circles/{circle}/meetings", meeting) == (404, "not-found")
