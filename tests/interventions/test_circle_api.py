"""Circles over HTTP: started, joined, led, written in, and left without a trace."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.interventions import circles as ci
from tests.interventions.circles import ANA, OMAR, PORTAL, ROSA
from tests.interventions.service import Http, serving


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
