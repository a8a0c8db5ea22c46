"""Every road on which a member could learn of a message that waits: what they read is the same with and without it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.interventions.circle_post import CirclePostWaits
from shared.runtime.auth import User
from tests.interventions import circles as ci
from tests.interventions.circles import ANA, LIA, OMAR, ROSA, TOM
from tests.interventions.service import Http, serving


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def reads(http: Http, who: User, member: str, after: str = "") -> list[Any]:
    """All that somebody can ask of this service about a circle."""
    place = f"?after={after}" if after else ""
    return [
        await http.get(who, f"/circle-members/{member}{place}"),
        await http.get(who, f"/circle-members?patient_id={who.id}"),
        await http.get(who, f"/timeline/{who.id}"),
    ]


async def answers(http: Http, who: User, post: str) -> list[Any]:
    """What they are answered who act on a post, or ask for it. The number of the answer alone must tell nothing."""
    paths = [(f"/circle-posts/{post}/{what}", body) for what, body in _ACTS]
    told = [await http.refused(who, path, body) for path, body in paths]
    bare = [await http.client.post(path, json=body, headers=http._auth(who)) for path, body in paths]
    await http.get(who, f"/circle-posts/{post}", 403)
    await http.get(who, "/circle-posts?list=to_check", 403)
    return [*told, *((one.status_code, one.json()["code"]) for one in bare)]


_ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("report", {"reason_code": "other"}),
    ("join", {}),
    ("check", {"show": True}),
)


@pytest.mark.parametrize("kind", ["message", "goal"])
@pytest.mark.parametrize("text", ["I slept well.", "Some days I want to die."])
async def test_a_post_that_waits_changes_nothing_that_another_member_can_ask_for(
    http: Http, kind: str, text: str
) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    await ci.released(http, await ci.wrote(http, OMAR, omar, "Hello."))
    before = await reads(http, LIA, lia)
    post = await ci.wrote(http, OMAR, omar, text, kind)
    assert await reads(http, LIA, lia) == before
    assert await reads(http, LIA, lia, after=post) == before, "the id of what waits is as good as none"
    assert await answers(http, LIA, post) == await answers(http, LIA, "circle-post-that-is-not-there")
    late = await ci.joined(http, circle, TOM)
    assert await ci.texts(http, TOM, late) == ["Hello."]
    await http.did(TOM, f"/circle-members/{late}/leave")
    assert await ci.texts(http, TOM, late) == []
    assert text not in str(await http.get(OMAR, f"/timeline/{OMAR.id}"))
    await http.get(LIA, f"/timeline/{OMAR.id}", 404)


async def test_what_is_released_does_not_tell_what_came_before(http: Http) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    tom = await ci.joined(http, circle, TOM)
    plain = await ci.wrote(http, OMAR, omar, "One.")
    worried = await ci.wrote(http, OMAR, omar, "I want to die, they sang.")
    reported = await ci.wrote(http, OMAR, omar, "Three.", "goal")
    for post in (plain, worried, reported):
        await ci.released(http, post)
    await http.did(TOM, f"/circle-posts/{reported}/report", {"reason_code": "other"})
    await ci.released(http, reported)
    seen = (await ci.page(http, LIA, lia))["posts"]
    own = ("id", "at", "text", "kind", "goal")
    assert len({str({name: value for name, value in one.items() if name not in own}) for one in seen}) == 1
    answer = await http.post(LIA, f"/circle-posts/{reported}/join")
    assert (answer.json(), "etag" in answer.headers) == ({"id": reported}, False)
    assert tom not in str(await ci.page(http, OMAR, omar)).replace(
        str((await ci.page(http, OMAR, omar))["members"]), ""
    )


async def test_a_history_names_no_other_patient(http: Http) -> None:
    circle = await ci.circle(http)
    await ci.led(http, circle, ROSA)
    omar = await ci.joined(http, circle, OMAR)
    await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "Hello.")
    await http.did(ROSA, f"/circle-posts/{post}/check", {"show": True})
    await http.did(LIA, f"/circle-posts/{post}/report", {"reason_code": "hurtful"})
    await http.did(ROSA, f"/circle-members/{omar}/contacts", {"kind": "phone", "reached": True, "minutes": 5})
    for reader in (OMAR, ANA):
        actors = {one["actor"] for one in (await http.get(reader, f"/timeline/{OMAR.id}"))["entries"]}
        assert "patient:p2" in actors
        assert not actors & {"patient:p1", "patient:p3"}, reader


async def test_whom_somebody_does_not_read_cannot_tell(http: Http) -> None:
    circle = await ci.circle(http)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    await ci.released(http, await ci.wrote(http, OMAR, omar, "Ten minutes outside.", "goal"))
    before = await reads(http, OMAR, omar)
    await http.did(LIA, f"/circle-members/{lia}/mutes", {"member_id": omar, "muted": True})
    assert await reads(http, OMAR, omar) == before


async def test_when_the_leader_leaves_what_waits_stays_with_psychology_and_the_next_leader(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    tom = await ci.joined(http, circle, TOM)
    own = await ci.wrote(http, ROSA, rosa, "Mine.")
    post = await ci.wrote(http, OMAR, omar, "Hello.")
    await http.did(ROSA, f"/circle-members/{rosa}/leave")
    assert await http.refused(ROSA, f"/circle-posts/{post}/check", {"show": True}) == (404, "not-found")
    assert [one["id"] for one in await http.get(ANA, "/circle-posts?list=to_check")] == [post]
    assert await http.refused(ANA, f"/circle-posts/{own}/check", {"show": True}) == (409, "post-gone")
    assert await ci.texts(http, TOM, tom) == []
    assert (await http.get(ANA, "/circles"))[0]["needs"] == ["no_leader", "to_check"]
    told: list[Any] = []
    http.core.effects = {**http.core.effects, CirclePostWaits: _noting(told)}
    await ci.rings(http, 1.1)
    assert [one.post_id for one in told] == [post]
    await ci.trained(http, TOM)
    await http.did(ANA, f"/circles/{circle}/leader", {"member_id": tom})
    await http.did(TOM, f"/circle-posts/{post}/check", {"show": True})
    assert await ci.texts(http, TOM, tom) == ["Hello."]


def _noting(told: list[Any]) -> Any:
    async def note(_envelope: Any, event: Any, _state: Any) -> None:
        told.append(event)

    return note


@pytest.mark.parametrize("other", [True, False])
async def test_two_who_decide_at_once_make_one_decision(http: Http, other: bool) -> None:
    circle = await ci.circle(http)
    await ci.led(http, circle, ROSA)
    omar, lia = await ci.joined(http, circle, OMAR), await ci.joined(http, circle, LIA)
    post = await ci.wrote(http, OMAR, omar, "Hello.")
    [row] = await http.get(ANA, "/circle-posts?list=to_check")
    seen = {"If-Match": f'"{row["version"]}"'}
    path, body = f"/circle-posts/{post}/check", {"show": other, "reason_code": None if other else "other"}
    both = await asyncio.gather(http.post(ANA, path, {"show": True}, **seen), http.post(ROSA, path, body, **seen))
    assert sorted(one.status_code for one in both) == [200, 412], [one.text for one in both]
    won_by_showing = both[0].status_code == 200 or other
    assert await ci.texts(http, LIA, lia) == (["Hello."] if won_by_showing else [])
    assert not await http.core.find("circle_post", {"to_check": "yes"})


async def test_a_leader_leaves_a_message_to_psychology(http: Http) -> None:
    circle = await ci.circle(http)
    rosa, omar = await ci.led(http, circle, ROSA), await ci.joined(http, circle, OMAR)
    post = await ci.wrote(http, OMAR, omar, "I give my things away.")
    report = f"/circle-posts/{post}/report"
    assert await http.refused(OMAR, report, {"reason_code": "other"}) == (409, "circle-own")
    for _ in range(2):
        await http.did(ROSA, report, {"reason_code": "worried_about_them"})
    assert (await ci.page(http, ROSA, rosa))["to_check"] == []
    assert await http.refused(ROSA, f"/circle-posts/{post}/check", {"show": True}) == (404, "not-found")
    [row] = await http.get(ANA, "/circle-posts?list=to_check")
    assert [(one["patient_id"], one["reason_code"]) for one in row["reports"]] == [("p1", "worried_about_them")]


@pytest.mark.parametrize("words", ["no reason to live", "quiero morir"])
async def test_words_that_worry_in_a_name_reach_a_person_at_once_and_nobody_else(http: Http, words: str) -> None:
    circle = await ci.circle(http)
    lia, omar = await ci.joined(http, circle, LIA), await ci.joined(http, circle, OMAR, f"Omar {words}")
    await http.did(OMAR, f"/circle-members/{omar}/name", {"name": "Omar"})
    await ci.rings(http, 0.01)
    await http.did(OMAR, f"/circle-members/{omar}/name", {"name": words.upper()})
    assert words not in str(await ci.page(http, LIA, lia)).lower()
    assert (await ci.page(http, OMAR, omar))["name"] is None
    alerts = await http.get(ANA, "/risk-alerts?list=open")
    assert len(alerts) == 2
    for row in alerts:
        one = await http.get(ANA, f"/risk-alerts/{row['id']}")
        assert (one["patient_id"], one["circle_id"], one["field"], one["words"]) == ("p2", circle, "name", [words])


async def test_a_leaders_note_that_worries_reaches_a_person_and_psychology_may_call_who_was_asked(http: Http) -> None:
    circle = await ci.circle(http)
    await ci.led(http, circle, ROSA)
    omar, tom = await ci.joined(http, circle, OMAR), await ci.invited(http, circle, TOM)
    contact = {"kind": "phone", "reached": True, "minutes": 5, "note": "Spoke of how they want to die."}
    await http.did(ANA, f"/circle-members/{tom}/contacts", contact)
    assert await http.refused(ROSA, f"/circle-members/{tom}/contacts", contact) == (404, "not-found")
    assert await http.get(ANA, "/risk-alerts?list=open") == []
    await http.did(ROSA, f"/circle-members/{omar}/contacts", contact)
    [row] = await http.get(ANA, "/risk-alerts?list=open")
    assert (row["patient_id"], (await http.get(ANA, f"/risk-alerts/{row['id']}"))["field"]) == ("p2", "note")
