"""What is owed next to each person in treatment, and the list that a team works through, page after page."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.interventions.domain import caseload
from services.interventions.domain.caseload import Need
from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.reactions import series_of
from shared.contracts import interventions as said
from shared.contracts.referrals import TreatmentStarted
from shared.runtime.auth import User
from tests.given import given
from tests.interventions import example as ex
from tests.interventions.service import Http, planned, serving, started

ANA, BEN = User("ana", "psychology"), User("ben", "psychology")
ANSWERED = tuple(ex.recorded("start", name, 7.0, ex.T0) for name in ("PEG", "PHQ-9"))
FLAGGED = ex.of_episode(said.RiskFlagged, at=ex.after(days=15), alert_id="a1")


def episode(*events: said.EpisodeEvent) -> EpisodeState:
    state: EpisodeState = given(ex.EPISODE, *events).state
    return state


def need(*events: said.EpisodeEvent) -> Need | None:
    return caseload.of_episode(ex.PLANS, episode(*events))


@pytest.mark.parametrize(
    ("events", "owed"),
    [
        ((ex.OPENED,), None),
        (ex.STARTED, Need("questions", ex.T0)),
        ((*ex.STARTED, *ANSWERED), Need("part", ex.T0)),
        ((*ex.ONE_DONE, *ANSWERED), Need("later", ex.after(days=5))),
        ((*ex.TWO_DONE, *ANSWERED), Need("questions", ex.after(days=6))),
        ((*ex.ALL_DONE[:-2], *ANSWERED), Need("review", ex.after(days=13))),
        (ex.READY[:-2], Need("review", ex.after(days=13))),
        ((*ex.READY, FLAGGED), Need("alert", ex.after(days=15))),
        ((*ex.READY, ex.CANCELLED), None),
    ],
)
def test_one_thing_is_owed_by_where_the_treatment_stands(events: Sequence[Any], owed: Need | None) -> None:
    assert need(*events) == owed


def test_once_somebody_has_decided_on_the_step_the_treatment_can_be_finished() -> None:
    decided = ex.of_episode(
        said.StepDecided,
        at=ex.after(days=15),
        moment="end",
        advice="consult",
        decision="discharge",
        rules_version=1,
        decided_by="ana",
    )
    assert need(*ex.READY, decided) == Need("ready", ex.after(days=14))


def test_in_a_group_the_next_meeting_is_next() -> None:
    paced = ex.of_episode(said.EpisodePaced, group_id="group-1")
    assert need(*ex.ONE_DONE, *ANSWERED, paced) == Need("meeting", ex.T0)


def test_a_check_in_waits_until_it_is_answered_and_is_overdue_once_it_has_closed() -> None:
    asked = ex.of_episode(
        said.CheckInAsked, at=ex.after(days=1), moment="one", measures=("PEG",), closes_at=ex.after(days=11)
    )
    taken = ex.of_episode(said.CheckInRecorded, at=ex.after(days=2), moment="one", reading=ex.reading())
    owed = need(*ex.ONE_DONE, *ANSWERED, asked)
    assert owed == Need("questions", ex.after(days=1))
    assert not caseload.is_overdue(ex.PLANS, owed, ex.after(days=10))
    assert caseload.is_overdue(ex.PLANS, owed, ex.after(days=11))
    assert need(*ex.ONE_DONE, *ANSWERED, asked, taken) == Need("later", ex.after(days=5))


def test_an_alert_waits_since_the_first_of_them_until_the_last_is_closed() -> None:
    second = ex.of_episode(said.RiskFlagged, at=ex.after(days=16), alert_id="a2")
    cleared = [ex.of_episode(said.RiskCleared, at=ex.after(days=17), alert_id=id) for id in ("a1", "a2")]
    assert need(*ex.STARTED, FLAGGED, second, cleared[0]) == Need("alert", ex.after(days=15))
    assert need(*ex.STARTED, FLAGGED, second, *cleared) == Need("questions", ex.T0)


def test_whoever_is_quiet_is_called_before_all_that_only_the_person_can_do() -> None:
    away = EngagementState(status="active", away_since=date(2030, 3, 4))
    called = away.model_copy(update={"call_since": ex.after(days=14)})
    assert caseload.of_engagement(away) == Need("quiet", date(2030, 3, 4))
    assert caseload.of_engagement(called) == Need("call", ex.after(days=14))
    assert caseload.of_engagement(called.model_copy(update={"status": "ended"})) is None
    waiting = need(*ex.STARTED, *ANSWERED)
    assert caseload.what_next(waiting, caseload.of_engagement(away)) == caseload.of_engagement(away)
    assert caseload.what_next(Need("alert", ex.T0), caseload.of_engagement(called)) == Need("alert", ex.T0)
    assert caseload.what_next(None, None) is None


def test_keys_sort_by_urgency_and_then_by_the_longest_wait() -> None:
    needs = [Need("later", ex.T0), Need("alert", ex.after(days=2)), Need("alert", ex.T0), Need("ready", ex.T0)]
    found = [caseload.keys(one, "ana", f"e{n}") for n, one in enumerate(needs)]
    assert sorted(range(4), key=lambda n: str(found[n][caseload.TEAM])) == [2, 1, 3, 0]
    assert all(str(one[caseload.OWN]).startswith("ana|") for one in found)
    assert caseload.keys(needs[0], None, "e")[caseload.OWN] is None
    assert set(caseload.keys(None, "ana", "e").values()) == {None}


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def met(http: Http, patient: str, referral: str, clinician: str) -> str:
    """An episode that began with a first meeting."""
    found = await planned(http, User(patient, "patient"), referral)
    about = {"at": ex.T0, "referral_id": referral, "patient_id": patient, "referrer_id": "doc"}
    await http.hears(TreatmentStarted.model_validate({**about, "clinician_id": clinician}))
    return found


async def walk(http: Http, who: User, query: str = "whose=team") -> list[Any]:
    """All rows, page after page."""
    rows: list[Any] = []
    after = ""
    while True:
        page = await http.get(who, f"/caseload?{query}&limit=2{after}")
        assert page["rows"] or not after
        rows += page["rows"]
        if page["next"] is None:
            assert page["total"] == len(rows)
            return rows
        after = f"&after={page['next']}"


async def test_everybody_stands_on_the_list_once_with_the_most_urgent_first(http: Http) -> None:
    quiet = [await started(http, User(f"q{n}", "patient"), f"quiet{n}") for n in range(3)]
    for _ in range(15):
        await http.days_pass(1)
    fresh = [await started(http, User(f"f{n}", "patient"), f"fresh{n}") for n in range(2)]
    risky = fresh[0]
    body = {"occasion": "start", "measure": "PHQ-9", "answers": {"9": 2}}
    await http.did(User("f0", "patient"), f"/series/{series_of(risky)}/answers", body)
    rows = await walk(http, ANA)
    assert [row["id"] for row in rows] == [risky, *sorted(quiet), fresh[1]]
    assert [row["next"] for row in rows] == ["alert", "call", "call", "call", "questions"]
    assert rows[0]["alert_id"]
    assert (rows[1]["quiet_days"], rows[1]["last_contact_at"], rows[4]["quiet_days"]) == (14, None, 0)
    tried = {"kind": "phone", "reached": True, "minutes": 3}
    await http.did(BEN, f"/episodes/{rows[1]['id']}/contacts", tried)
    (row,) = [one for one in await walk(http, ANA) if one["id"] == rows[1]["id"]]
    assert (row["last_contact_kind"], row["last_contact_reached"], row["next"]) == ("phone", True, "questions")


async def test_a_clinician_sees_those_whom_they_met_first_and_the_team_sees_all(http: Http) -> None:
    hers = await met(http, "p1", "r1", "ana")
    theirs = await met(http, "p2", "r2", "ben")
    nobodys = await started(http, User("p3", "patient"), "r3")
    assert [row["id"] for row in await walk(http, ANA, "whose=own")] == [hers]
    assert [row["id"] for row in await walk(http, BEN, "whose=own")] == [theirs]
    assert {row["id"] for row in await walk(http, BEN)} == {hers, theirs, nobodys}
    for _ in range(15):
        await http.days_pass(1)
    (row,) = await walk(http, ANA, "whose=own")
    assert (row["next"], row["clinician_id"]) == ("call", "ana")
    await http.did(ANA, f"/episodes/{hers}/finish", {"end_reason": "stopped_by_patient"})
    assert await walk(http, ANA, "whose=own") == []


async def test_the_list_is_for_psychology_and_refuses_places_that_are_none(http: Http) -> None:
    for role in ("patient", "referrer", "operator", "service"):
        await http.get(User("x", role), "/caseload", 403)
    assert (await http.get(ANA, "/caseload?after=nowhere", 422))["code"] == "cursor-invalid"
    assert (await http.get(ANA, "/caseload?after=2.bm93aGVyZQ", 422))["code"] == "cursor-invalid"
    await http.get(ANA, "/caseload?limit=51", 422)
    assert (await http.get(ANA, "/caseload?whose=own"))["total"] == 0
