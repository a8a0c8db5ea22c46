"""Where somebody is signed in: how it begins, goes on and ends, and what stands of a session that is not known."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.domain.signed_in import SESSIONS_KEPT, USED_EVERY, open_sessions, standing_of_session
from shared.contracts import sessions as e
from shared.runtime.auth import User
from tests.given import given
from tests.notifications.facts import REGISTERED
from tests.notifications.people import AGENDA, KNOWN, LUIS, MINUTE, MORNING, ROSA, TANAKA, state_after
from tests.notifications.service import Http, serving

PORTAL = User("portal", "service")
OWN = User(ROSA, "patient")
DAY = timedelta(days=1)
UNTIL = MORNING + timedelta(hours=20)
KIND: dict[str, Any] = {"browser": "firefox", "device": "android", "door": "link"}


def uses(id: str = "session-1", now: datetime = MORNING, begun: datetime = MORNING) -> c.UseSession:
    until = begun + timedelta(hours=20)
    who = {"recipient_id": ROSA, "session_id": id, "begun_at": begun, "until": until}
    return c.UseSession(now=now, actor=PORTAL.actor, **who, **KIND)


def begun(id: str = "session-1", at: datetime = MORNING) -> e.SessionBegun:
    until = at + timedelta(hours=20)
    return e.SessionBegun(at=at, recipient_id=ROSA, session_id=id, begun_at=at, until=until, **KIND)


def ended(id: str = "session-1", why: e.Why = "elsewhere", at: datetime = MORNING) -> e.SessionEnded:
    return e.SessionEnded(at=at, recipient_id=ROSA, session_id=id, why=why)


def ends(id: str = "session-1", why: e.Why = "elsewhere", now: datetime = MORNING) -> c.EndSession:
    return c.EndSession(now=now, actor=OWN.actor, session_id=id, why=why)


def everywhere(at: datetime = MORNING) -> e.SignedOutEverywhere:
    return e.SignedOutEverywhere(at=at, recipient_id=ROSA)


def test_a_session_begins_and_is_noted_again_now_and_then() -> None:
    story = given(AGENDA, KNOWN).when(uses()).then(begun())
    assert story.when(uses(now=MORNING + USED_EVERY - MINUTE)).events() == []
    later = MORNING + USED_EVERY
    story.when(uses(now=later)).then(e.SessionUsed(at=later, recipient_id=ROSA, session_id="session-1"))


def test_it_may_be_the_first_that_is_heard_of_somebody() -> None:
    given(AGENDA).when(uses()).then(begun())


def test_what_has_ended_is_never_used_again() -> None:
    given(AGENDA, KNOWN, begun(), ended()).when(uses()).refused("session-ended")
    given(AGENDA, KNOWN, begun()).when(uses(now=UNTIL)).refused("session-ended")
    given(AGENDA, KNOWN, begun(), everywhere(MORNING + MINUTE)).when(uses(now=MORNING + 2 * MINUTE)).refused(
        "session-ended"
    )


def test_one_is_ended_once_and_the_others_go_on() -> None:
    story = given(AGENDA, KNOWN, begun(), begun("session-2")).when(ends()).then(ended())
    assert story.when(ends()).events() == []
    assert story.when(ends("nobodys")).events() == []
    state = state_after(KNOWN, begun(), begun("session-2"), ended())
    assert [id for id, _ in open_sessions(state, MORNING)] == ["session-2"]


def test_signing_out_everywhere_ends_also_what_was_not_known_yet_and_not_what_comes_after() -> None:
    at = MORNING + MINUTE
    state = state_after(KNOWN, begun(), everywhere(at))
    assert open_sessions(state, at) == []
    assert standing_of_session(state, "session-1", MORNING) == "ended"
    assert standing_of_session(state, "unheard-of", MORNING) == "ended"
    assert standing_of_session(state, "unheard-of", at + MINUTE) == "unknown"


def test_somebody_who_signs_in_again_at_once_is_in_though_the_portals_clock_is_behind() -> None:
    behind = uses("session-2", now=MORNING + MINUTE, begun=MORNING - MINUTE)
    story = given(AGENDA, KNOWN, begun(), everywhere())
    story.when(behind).refused("session-ended")
    begins = behind.model_copy(update={"is_new": True})
    assert story.when(begins).events()
    again = uses().model_copy(update={"is_new": True})
    story.when(again).refused("session-ended")


def test_a_session_that_a_fast_clock_signed_ends_too_once_it_is_known() -> None:
    ahead = begun(at=MORNING).model_copy(update={"begun_at": MORNING + 5 * MINUTE})
    state = state_after(KNOWN, ahead, everywhere(MORNING + MINUTE))
    assert standing_of_session(state, "session-1", MORNING + 5 * MINUTE) == "ended"


def test_of_too_many_the_oldest_end_and_are_not_taken_for_unknown_ones() -> None:
    many = [begun(f"session-{n}", MORNING + n * MINUTE) for n in range(SESSIONS_KEPT + 2)]
    state = state_after(KNOWN, *many)
    assert len(state.sessions) == SESSIONS_KEPT
    assert [standing_of_session(state, f"session-{n}", MORNING + n * MINUTE) for n in (0, 1, 2)] == [
        "ended",
        "ended",
        "open",
    ]


def test_what_is_over_by_its_own_time_is_forgotten() -> None:
    state = state_after(KNOWN, begun(), begun("session-2", MORNING + DAY))
    assert list(state.sessions) == ["session-2"]


# --- over HTTP


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as service:
        await service.hears(REGISTERED)
        yield service


BODY = {"begun_at": MORNING.isoformat(), "until": UNTIL.isoformat(), **KIND}
PLACE = f"/agendas/{ROSA}/sessions"


async def _standing(http: Http, id: str = "session-1") -> str:
    said = await http.get(PORTAL, f"{PLACE}/{id}?begun_at=2026-03-02T10:00:00Z")
    return str(said["standing"])


async def test_the_portal_begins_it_the_person_sees_it_and_ends_it(http: Http) -> None:
    assert await _standing(http) == "unknown"
    assert (await http.post(PORTAL, f"{PLACE}/session-1/use", BODY)).status_code == 200
    assert await _standing(http) == "open"
    [row] = await http.get(OWN, PLACE)
    assert {name: row[name] for name in ("id", "browser", "device")} == {
        "id": "session-1",
        "browser": "firefox",
        "device": "android",
    }
    assert (await http.post(OWN, f"{PLACE}/session-1/end", {"why": "elsewhere"})).status_code == 200
    assert (await http.get(OWN, PLACE), await _standing(http)) == ([], "ended")
    refused = await http.post(PORTAL, f"{PLACE}/session-1/use", BODY)
    assert (refused.status_code, refused.json()["code"]) == (409, "session-ended")


async def test_signing_out_everywhere(http: Http) -> None:
    for id in ("session-1", "session-2"):
        await http.post(PORTAL, f"{PLACE}/{id}/use", BODY)
    http.clock.moment += MINUTE
    assert (await http.post(OWN, f"/agendas/{ROSA}/sign-out", {})).status_code == 200
    assert [await _standing(http, id) for id in ("session-1", "session-2")] == ["ended", "ended"]


async def test_somebody_who_was_never_told_anything_is_signed_in_all_the_same(http: Http) -> None:
    staff = User(TANAKA, "psychology")
    place = f"/agendas/{TANAKA}/sessions"
    assert await http.get(staff, place) == []
    assert (await http.post(PORTAL, f"{place}/session-9/use", BODY)).status_code == 200
    assert [row["id"] for row in await http.get(staff, place)] == ["session-9"]


@pytest.mark.parametrize("who", [User(LUIS, "caregiver"), User(TANAKA, "psychology"), User("op-byrne", "operator")])
async def test_nobody_else_sees_or_ends_it(http: Http, who: User) -> None:
    await http.post(PORTAL, f"{PLACE}/session-1/use", BODY)
    await http.get(who, PLACE, 404)
    assert (await http.post(who, f"{PLACE}/session-1/end", {"why": "elsewhere"})).status_code == 404
    assert (await http.post(who, f"/agendas/{ROSA}/sign-out", {})).status_code == 404
    assert (await http.post(who, f"{PLACE}/session-1/use", BODY)).status_code == 403
    assert await _standing(http) == "open"
