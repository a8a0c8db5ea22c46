"""Places over HTTP: room without patients, lists with reasons, and seats; on a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.referrals.domain.place import commands as c
from services.referrals.place_views import Wanted
from shared.contracts import referrals as e
from shared.contracts.envelope import Event
from shared.runtime.auth import User
from tests.referrals.people import CLINIC, REACTION
from tests.referrals.service import Http, serving

OKAFOR, TANAKA, PORTAL = User("dr-okafor", "referrer"), User("psy-tanaka", "psychology"), User("portal", "service")
ROSA, BYRNE, LUIS = User("patient-rosa", "patient"), User("op-byrne", "operator"), User("caregiver-luis", "caregiver")
COURSE, VIDEO, GROUP, COHORTS = (place.id for place in CLINIC.places)
NAMES = ("Rosa Marin", "Ben Ito", "Eva Lund")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def _joins(http: Http, name: str, days: int = 0, priority: str = "routine", place: str = VIDEO) -> str:
    """A registered person waits at the place; the id of their referral."""
    first = name.partition(" ")[0].lower()
    person = {"name": name, "email": f"{first}@example.org", "birth_date": "1979-05-04"}
    patient_id = await http.did(OKAFOR, "/patients", person)
    command = c.JoinList(
        now=http.clock.now(),
        actor=REACTION,
        place_id=place,
        referral_id=f"referral-{first}",
        patient_id=patient_id,
        referrer_id=OKAFOR.id,
        priority=e.Priority(priority),
        waiting_since=http.clock.now() - timedelta(days=days),
    )
    await http.core.execute("place", place, command)
    return command.referral_id


async def _said(http: Http, command: type[c.EntryCommand], referral_id: str, **fields: Any) -> tuple[Event, ...]:
    what = command(now=http.clock.now(), actor=REACTION, referral_id=referral_id, **fields)
    return (await http.core.execute("place", VIDEO, what)).events


def _all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.fixture
async def line(http: Http) -> None:
    """One seat by video: Rosa has the offer, Ben and Eva wait for 12 and 30 days, Ben urgently."""
    await http.did(TANAKA, f"/places/{VIDEO}/seats", {"seats": 1})
    await _joins(http, "Rosa Marin", 3)
    await _joins(http, "Ben Ito", 12, "urgent")
    await _joins(http, "Eva Lund", 30)


@pytest.mark.parametrize("who", [OKAFOR, TANAKA, PORTAL, ROSA])
async def test_whether_there_is_room_is_told_before_anything_is_said_of_a_patient(http: Http, who: User) -> None:
    told = await http.get(who, "/capacity?programme_id=cbt-pain")
    assert {name: told[name] for name in ("programme_id", "code", "seats_free", "waiting", "median_days_waited")} == {
        "programme_id": "cbt-pain",
        "code": "capacity",
        "seats_free": sum(place.seats for place in CLINIC.places),
        "waiting": 0,
        "median_days_waited": None,
    }
    codes = {place["id"]: place["code"] for place in told["places"]}
    assert codes == {
        COURSE: "capacity",
        VIDEO: "capacity",
        GROUP: "additional-assessment-required",
        COHORTS: "waitlist",
    }


async def test_the_default_programme_is_meant_and_another_clinics_is_refused(http: Http) -> None:
    assert (await http.get(OKAFOR, "/capacity"))["programme_id"] == CLINIC.programmes[0]
    refused = await http.get(OKAFOR, "/capacity?programme_id=yoga", 422)
    assert (refused["code"], refused["detail"]) == ("programme-unknown", {"programme": "yoga"})


async def test_room_shrinks_to_the_best_of_the_places(http: Http, line: None) -> None:
    async def code() -> str:
        return str((await http.get(OKAFOR, "/capacity"))["code"])

    # Where groups are formed there is always a list to wait on.
    for place, rest in ((COURSE, "additional-assessment-required"), (GROUP, "waitlist"), (VIDEO, "waitlist")):
        await http.did(TANAKA, f"/places/{place}/seats", {"seats": 0})
        assert await code() == rest


async def test_a_place_says_what_it_is_like_and_how_long_people_wait_but_not_who(http: Http, line: None) -> None:
    told = await http.get(ROSA, "/capacity?language=es")
    [video] = [place for place in told["places"] if place["id"] == VIDEO]
    assert video == {
        "id": VIDEO,
        "name": "Sesiones individuales por vídeo",
        "format": "individual",
        "mode": "video",
        "languages": ["en", "es"],
        "starts": "by_appointment",
        "code": "waitlist",
        "sentence": "Todas las plazas están ocupadas. Hay una lista de espera.",
        "seats_free": 0,
        "waiting": 2,
        "median_days_waited": 21,
    }
    assert (told["waiting"], told["median_days_waited"]) == (2, 21)
    assert not [word for word in ("referral-", "patient-", *NAMES) if word in str(told)]


async def test_the_line_is_told_with_names_positions_and_reasons(http: Http, line: None) -> None:
    shown = await http.get(TANAKA, f"/places/{VIDEO}")
    rows = [(row["patient_name"], row["status"], row["position"], row["days_waited"]) for row in shown["entries"]]
    assert rows == [("Ben Ito", "waiting", 1, 12), ("Eva Lund", "waiting", 2, 30), ("Rosa Marin", "held", None, None)]
    assert [row["why"] for row in shown["entries"]] == [
        "Urgent. Waiting 12 days. Next in line.",
        "Routine. Waiting 30 days. 1 person before them in line, more urgent.",
        "A seat is held until they answer.",
    ]
    counted = {name: shown[name] for name in ("seats", "seats_free", "held", "seated", "waiting", "passed_over")}
    assert counted == {"seats": 1, "seats_free": 0, "held": 1, "seated": 0, "waiting": 2, "passed_over": 0}
    assert (shown["entries_total"], shown["programme_id"]) == (3, "cbt-pain")


async def test_whoever_is_passed_over_comes_after_the_line_and_the_seated_last(http: Http, line: None) -> None:
    await _said(http, c.ConfirmSeat, "referral-rosa")
    await _said(http, c.PauseEntry, "referral-ben", reason_code="practical")
    shown = await http.get(PORTAL, f"/places/{VIDEO}?language=es")
    rows = [(row["referral_id"], row["position"], row["pause_reason_code"], row["why"]) for row in shown["entries"]]
    assert rows == [
        ("referral-eva", 1, None, "Ordinaria. Espera desde hace 30 días. Es la siguiente persona."),
        (
            "referral-ben",
            None,
            "practical",
            "Urgente. Esperó 12 días y está en pausa. No se le ofrece plaza hasta que termine la pausa.",
        ),
        ("referral-rosa", None, None, "Tiene plaza."),
    ]
    assert (shown["passed_over"], shown["waiting"], shown["seated"]) == (1, 2, 1)


async def test_a_long_list_is_read_in_pages(http: Http, line: None) -> None:
    pages = [await http.get(TANAKA, f"/places/{VIDEO}?limit=2&skip={skip}") for skip in (0, 2, 4)]
    names = [[row["patient_name"] for row in page["entries"]] for page in pages]
    assert names == [["Ben Ito", "Eva Lund"], ["Rosa Marin"], []]
    assert [page["entries_total"] for page in pages] == [3, 3, 3]
    await http.get(TANAKA, f"/places/{VIDEO}?limit=201", 422)


async def test_somebody_erased_still_stands_in_line(http: Http, line: None) -> None:
    ben = (await http.get(TANAKA, f"/places/{VIDEO}"))["entries"][0]
    await http.core.vault.erase(ben["patient_id"])
    assert (await http.get(TANAKA, f"/places/{VIDEO}"))["entries"][0] == {**ben, "patient_name": None}


async def test_every_place_is_listed_used_or_not_and_also_one_that_is_configured_no_longer(http: Http) -> None:
    await _joins(http, "Rosa Marin", place="place-gone")
    await _joins(http, "Ben Ito", place=VIDEO)
    rows = await http.get(TANAKA, "/places")
    told = [(row["id"], row["version"], row["name"], row["seats"], row["held"], row["waiting"]) for row in rows]
    assert told == [
        (COURSE, 0, "Online course with a guide", 200, 0, 0),
        (VIDEO, 2, "One-to-one sessions by video", 24, 1, 0),
        (GROUP, 0, "Group at the clinic", 10, 0, 0),
        (COHORTS, 0, "Group that meets by video", 0, 0, 0),
        ("place-gone", 1, None, 0, 0, 1),
    ]
    assert (await http.get(TANAKA, "/places/place-gone"))["code"] == "no-capacity"
    await http.did(TANAKA, "/places/place-gone/seats", {"seats": 1})
    assert (await http.get(TANAKA, "/places/place-gone"))["held"] == 1


async def test_seats_are_set_on_the_version_that_was_seen_from_the_first_time_on(http: Http) -> None:
    path, key = f"/places/{GROUP}/seats", {"Idempotency-Key": "one-click"}
    unseen = await http.post(TANAKA, path, {"seats": 8}, **{"If-Match": '"1"'})
    assert (unseen.status_code, unseen.json()["version"]) == (412, 0)
    set_once = await http.post(TANAKA, path, {"seats": 8}, **{"If-Match": '"0"'}, **key)
    again = await http.post(TANAKA, path, {"seats": 8}, **{"If-Match": '"0"'}, **key)
    assert (set_once.status_code, set_once.headers["ETag"], again.json()) == (200, '"1"', set_once.json())
    assert (await http.post(TANAKA, path, {"seats": 9}, **{"If-Match": '"0"'})).status_code == 412
    shown = await http.get(TANAKA, f"/places/{GROUP}")
    assert (shown["seats"], shown["version"], shown["code"]) == (8, 1, "additional-assessment-required")


async def test_more_seats_are_held_at_once_for_the_next_in_line(http: Http, line: None) -> None:
    await http.did(TANAKA, f"/places/{VIDEO}/seats", {"seats": 2})
    rows = (await http.get(TANAKA, f"/places/{VIDEO}"))["entries"]
    assert {row["patient_name"]: row["status"] for row in rows} == {
        "Ben Ito": "held",
        "Rosa Marin": "held",
        "Eva Lund": "waiting",
    }


@pytest.mark.parametrize("seats", [-1, 2001, 1.5, "3", True, None])
async def test_seats_are_a_whole_number_within_limits(http: Http, seats: Any) -> None:
    assert (await http.post(TANAKA, f"/places/{VIDEO}/seats", {"seats": seats})).status_code == 422


async def test_what_was_returned_is_offered_again_by_itself_once_it_has_rested(http: Http) -> None:
    await http.did(TANAKA, f"/places/{VIDEO}/seats", {"seats": 1})
    rosa = await _joins(http, "Rosa Marin")
    [back] = await _said(http, c.ReturnSeat, rosa, reason="lapsed")
    assert isinstance(back, e.SeatReturned)
    http.clock.moment = back.rest_until
    await http.service.timers.run()
    shown = await http.get(TANAKA, f"/places/{VIDEO}")
    assert [(row["status"], row["offers_returned"]) for row in shown["entries"]] == [("held", 1)]


async def test_roles_are_kept_apart(http: Http, line: None) -> None:
    for who in (OKAFOR, ROSA, LUIS, BYRNE):
        await http.get(who, "/places", 403)
        await http.get(who, f"/places/{VIDEO}", 403)
    for who in (OKAFOR, ROSA, LUIS, BYRNE, PORTAL):
        assert (await http.post(who, f"/places/{VIDEO}/seats", {"seats": 5})).status_code == 403
    for who in (LUIS, BYRNE):
        await http.get(who, "/capacity", 403)


async def test_a_place_that_nobody_knows_is_not_there(http: Http) -> None:
    await http.get(TANAKA, "/places/place-nowhere", 404)
    assert (await http.post(TANAKA, "/places/place-nowhere/seats", {"seats": 5})).status_code == 404


async def test_nothing_personal_is_stored_readable_with_a_place(http: Http, line: None, tmp_path: Path) -> None:
    stored = _all_bytes(tmp_path)
    assert b"referral-ben" in stored
    assert [name for name in NAMES if name.encode() in stored] == []


async def test_whoever_may_join_a_group_is_named_and_those_first_whom_it_fits(http: Http) -> None:
    for name, days in (("Rosa Marin", 30), ("Ben Ito", 3)):
        await _joins(http, name, days, place=COHORTS)
    rows = await http.get(TANAKA, f"/places/{COHORTS}/candidates?language=es&mode=video&format=group&time=morning")
    assert [(row["patient_name"], row["position"], row["misfits"]) for row in rows] == [
        ("Rosa Marin", 1, []),
        ("Ben Ito", 2, []),
    ]
    await http.get(TANAKA, f"/places/{COHORTS}/candidates?format=choir", 422)
    await http.get(OKAFOR, f"/places/{COHORTS}/candidates", 403)
    await http.get(TANAKA, "/places/place-nowhere/candidates", 404)


@pytest.mark.parametrize(
    ("wished", "misfits"),
    [
        ({}, ()),
        ({"language": "en", "mode": "video", "format": "group", "times": ("morning",)}, ()),
        ({"language": "es"}, ("language",)),
        ({"mode": "in_person"}, ("mode",)),
        ({"format": "individual"}, ("format",)),
        ({"times": ("evening",)}, ("time",)),
        ({"times": ("evening", "morning")}, ()),
        ({"language": "es", "times": ("evening",), "format": "individual"}, ("language", "format", "time")),
    ],
)
def test_what_somebody_wished_for_otherwise_is_named(wished: dict[str, Any], misfits: tuple[str, ...]) -> None:
    wants = Wanted(language="en", mode="video", format="group", time="morning")
    assert wants.misfits(e.Preferences(**wished)) == misfits
    assert Wanted().misfits(e.Preferences(**wished)) == ()
