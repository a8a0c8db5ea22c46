"""A list of where to find more, or help: each entry has an owner and a last day, so nothing dead stays on show."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.interventions.domain.resource import decide as resource
from services.interventions.domain.resource.commands import (
    AddResource,
    ChangeResource,
    Entry,
    RenewResource,
    RetireResource,
)
from services.interventions.views import resources as view
from shared.contracts.clinic_staff import StaffMember
from shared.contracts.clinic_together import Together
from shared.contracts.commands import TimerDue
from shared.contracts.interventions import resource as e
from shared.contracts.unwanted import UnwantedWords
from shared.runtime.auth import User
from shared.runtime.core import Found
from tests.given import Given, given
from tests.interventions import example as ex
from tests.interventions.service import Http, serving

WORDS: dict[str, Any] = {
    "title": "A quiet walk",
    "text": "Short walks with places to rest.",
    "link": "https://walks.example/start",
    "phone": "+44 20 7946 0000",
    "language": "en",
    "topic": "moving",
    "for_whom": "both",
    "owner_id": "ana",
}
ABOUT: dict[str, Any] = {"resource_id": "x1"}
LAST = date(2030, 4, 10)
# The clinic is in London, where summer time has begun by then.
WARN, END = datetime(2030, 3, 27, 0, tzinfo=UTC), datetime(2030, 4, 10, 23, tzinfo=UTC)
ADDED = e.ResourceAdded(at=ex.T0, **ABOUT, **WORDS, ends_on=LAST)
TOLD: dict[str, Any] = {**ABOUT, "title": WORDS["title"], "ends_on": LAST, "tell": ("ana",)}
ENDED = e.ResourceEnded(at=END, **TOLD)


def add(ends_on: date = LAST, **changed: Any) -> AddResource:
    return ex.command(AddResource, ex.ANA, resource_id="x1", entry=Entry(**{**WORDS, **changed}), ends_on=ends_on)


def due(name: str, at: datetime) -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def renew(day: date, at: datetime = ex.T0) -> RenewResource:
    return ex.command(RenewResource, ex.ANA, at, ends_on=day)


def change(**changed: Any) -> ChangeResource:
    return ex.command(ChangeResource, ex.ANA, entry=Entry(**{**WORDS, **changed}))


def added() -> Given:
    return given(ex.RESOURCE, ADDED)


def test_it_is_added_once_and_its_owner_hears_before_its_last_day_and_after_it() -> None:
    story = given(ex.RESOURCE).when(add()).then(ADDED)
    story.when(add()).then()
    assert ex.RESOURCE.timers(story.state) == {"soon": WARN, "end": END}
    story.when(due("soon", WARN - timedelta(microseconds=1))).then()
    warned = story.when(due("soon", WARN)).then(e.ResourceEnding(at=WARN, **TOLD))
    warned.when(due("soon", WARN)).then()
    assert ex.RESOURCE.timers(warned.state) == {"end": END}
    warned.when(due("end", END - timedelta(microseconds=1))).then()
    ended = warned.when(due("end", END)).then(ENDED)
    ended.when(due("end", END)).then()
    assert ex.RESOURCE.timers(ended.state) == {}


def test_renewing_shows_it_again_and_sets_both_clocks_anew() -> None:
    later = LAST + timedelta(days=100)
    story = given(ex.RESOURCE, ADDED, ENDED).when(renew(later, END)).happened()
    assert (story.state.status, story.state.ends_on) == ("live", later)
    assert set(ex.RESOURCE.timers(story.state)) == {"soon", "end"}


def test_whoever_looks_after_it_from_now_on_hears_anew_and_whoever_did_need_not() -> None:
    clinic_has = {"entry": Entry(**{**WORDS, "owner_id": "ben"})}
    warned = given(ex.RESOURCE, ADDED, e.ResourceEnding(at=WARN, **TOLD))
    said = e.ResourceChanged(at=WARN, **ABOUT, **{**WORDS, "owner_id": "ben"}, told=("ana",))
    given_over = warned.when(ex.command(ChangeResource, ex.ANA, WARN, **clinic_has)).then(said)
    given_over.when(due("soon", WARN)).then(e.ResourceEnding(at=WARN, **{**TOLD, "tell": ("ben",)}))
    same = e.ResourceChanged(at=WARN, **ABOUT, **{**WORDS, "title": "Other"})
    reads_differently = warned.when(
        ex.command(ChangeResource, ex.ANA, WARN, entry=Entry(**{**WORDS, "title": "Other"}))
    )
    reads_differently.then(same).when(due("soon", WARN)).then()


def test_whoever_comes_to_look_after_what_is_over_hears_of_it_once() -> None:
    over = given(ex.RESOURCE, ADDED, ENDED)
    said = ex.command(ChangeResource, ex.ANA, END, entry=Entry(**{**WORDS, "owner_id": "ben"}))
    given_over = over.when(said).happened()
    assert ex.RESOURCE.timers(given_over.state) == {"end": END}
    heard = given_over.when(due("end", END)).then(e.ResourceEnded(at=END, **{**TOLD, "tell": ("ben",)}))
    assert ex.RESOURCE.timers(heard.state) == {}


def test_who_chooses_a_near_day_is_not_asked_about_it_at_once() -> None:
    near = WARN + timedelta(hours=1)
    renewed = given(ex.RESOURCE, ADDED, e.ResourceEnding(at=WARN, **TOLD)).when(renew(LAST, near)).happened()
    assert ex.RESOURCE.timers(renewed.state) == {"end": END}


def test_what_was_seen_to_names_those_who_were_told() -> None:
    warned = given(ex.RESOURCE, ADDED, e.ResourceEnding(at=WARN, **TOLD))
    renewed = e.ResourceRenewed(at=WARN, **ABOUT, ends_on=LAST, told=("ana",))
    again = warned.when(renew(LAST, WARN)).then(renewed)
    again.when(ex.command(RetireResource, ex.ANA, WARN)).then(e.ResourceRetired(at=WARN, **ABOUT))
    warned.when(ex.command(RetireResource, ex.ANA, WARN)).then(e.ResourceRetired(at=WARN, **ABOUT, told=("ana",)))


def test_a_day_that_is_over_is_refused_and_today_is_not() -> None:
    today = ex.T0.date()
    given(ex.RESOURCE).when(add(today - timedelta(days=1))).refused("resource-day-invalid")
    added().when(renew(today - timedelta(days=1))).refused("resource-day-invalid")
    added().when(renew(today)).then(e.ResourceRenewed(at=ex.T0, **ABOUT, ends_on=today))


def test_what_is_retired_stays_so() -> None:
    story = added().when(ex.command(RetireResource, ex.ANA)).then(e.ResourceRetired(at=ex.T0, **ABOUT))
    for command in (renew(LAST), change(title="Other"), ex.command(RetireResource, ex.ANA)):
        story.when(command).refused("resource-retired")
    assert ex.RESOURCE.timers(story.state) == {}


def test_a_change_is_said_once_and_the_same_again_says_nothing() -> None:
    said = e.ResourceChanged(at=ex.T0, **ABOUT, **{**WORDS, "title": "Other"})
    story = added().when(change(title="Other")).then(said)
    story.when(change(title="Other")).then()
    assert story.state.ends_on == LAST


def test_an_unwanted_word_is_refused_by_name_in_title_and_text() -> None:
    clinic = ex.CLINIC.model_copy(update={"unwanted_words": UnwantedWords(en=("victim",))})
    aggregate = ex.RESOURCE.__class__(**{**vars(ex.RESOURCE), "decide": partial(resource.decide, clinic)})
    wrong: tuple[dict[str, Any], ...] = ({"title": "For a Victim"}, {"text": "You are no victim."})
    for changed in wrong:
        [about] = changed
        for story, command in ((given(aggregate), add(**changed)), (given(aggregate, ADDED), change(**changed))):
            story.when(command).refused("resource-word-refused", word="victim", about=about)
    given(aggregate).when(add(language="es", text="victim")).then(
        ADDED.model_copy(update={"language": "es", "text": "victim"})
    )


def test_an_owner_is_of_psychology_and_coordinators_hear_when_one_has_left() -> None:
    given(ex.RESOURCE).when(add(owner_id="nobody")).refused("resource-owner-unknown")
    doc = StaffMember(id="doc", name="D", email="d@clinic.example", role="referrer")
    update = {"staff": (doc,), "together": Together(coordinators=("kim",))}
    clinic, state = ex.CLINIC.model_copy(update=update), added().state
    [said] = resource.decide(clinic, state, due("end", END))
    assert said == ENDED.model_copy(update={"tell": ("kim",), "owner_left": True})
    nobody = clinic.model_copy(update={"together": Together()})
    [said] = resource.decide(nobody, state, due("end", END))
    assert said == ENDED.model_copy(update={"tell": nobody.triage_team, "owner_left": True})


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "javascript:alert(1)"},
        {"link": "file:///etc/passwd"},
        {"link": "https://name:word@walks.example"},
        {"link": 'https://walks.example/"onclick'},
        {"link": "https://"},
        {"phone": "call me"},
        {"phone": "1"},
        {"phone": "++44 20"},
        {"phone": "+44 (0)20 7946 0000"},
        {"link": "https://walks.example:port/"},
        {"link": "https://walks.example\\@other.example"},
        {"title": " "},
        {"text": "x" * 401},
        {"topic": "other"},
    ],
)
def test_what_is_no_entry_is_refused_at_the_edge(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Entry(**{**WORDS, **wrong})


# --- over HTTP -----------------------------------------------------------------------------------------------------

ROSA, CARE, ANA = User("p1", "patient"), User("c1", "caregiver"), User("ana", "psychology")
DOC, PORTAL = User("doc", "referrer"), User("portal", "service")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def _add(http: Http, **changed: Any) -> str:
    answer = await http.post(ANA, "/resources", {**WORDS, "ends_on": str(LAST), **changed})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _titles(http: Http, who: User, query: str = "") -> list[str]:
    return [entry["title"] for topic in await http.get(who, f"/resources{query}") for entry in topic["entries"]]


async def test_readers_get_what_is_for_them_by_topic_with_their_language_first(http: Http) -> None:
    await _add(http, title="A sleep", topic="sleep")
    await _add(http, title="Andar", language="es")
    await _add(http, title="Walk")
    await _add(http, title="Patients", for_whom="patients")
    await _add(http, title="Carers", for_whom="caregivers")
    assert await _titles(http, ROSA) == ["Patients", "Walk", "Andar", "A sleep"]
    assert await _titles(http, ROSA, "?language=es") == ["Andar", "Patients", "Walk", "A sleep"]
    assert await _titles(http, CARE, "?for=caregivers&topic=moving") == ["Carers", "Walk", "Andar"]
    assert await _titles(http, DOC, "?topic=sleep") == ["A sleep"]
    [moving, _] = await http.get(ROSA, "/resources")
    assert set(moving["entries"][0]) == {"id", "title", "text", "link", "phone", "language"}


async def test_an_ended_entry_leaves_the_readers_and_stays_with_the_editors_until_renewed(http: Http) -> None:
    one = await _add(http)
    http.clock.moment = END
    await http.core.run_timers("resource", one)
    assert await _titles(http, ROSA) == []
    [row] = await http.get(ANA, "/resources?list=all")
    assert (row["id"], row["status"], row["owner_id"], row["ends_on"]) == (one, "ended", "ana", str(LAST))
    await http.did(ANA, f"/resources/{one}/renew", {"ends_on": "2031-01-01"})
    assert await _titles(http, ROSA) == ["A quiet walk"]
    await http.did(ANA, f"/resources/{one}/change", {**WORDS, "title": "Other"})
    assert await _titles(http, ROSA) == ["Other"]
    await http.did(ANA, f"/resources/{one}/retire")
    assert await _titles(http, ROSA) == []
    assert await http.get(ANA, "/resources?list=all") == []


async def test_what_is_over_is_shown_to_nobody_before_its_timer_has_rung(http: Http) -> None:
    await _add(http)
    http.clock.moment = END - timedelta(microseconds=1)
    assert await _titles(http, ROSA) == ["A quiet walk"]
    http.clock.moment = END
    assert await _titles(http, ROSA) == []


async def test_the_editors_see_what_ends_soon_first_and_say_which_version_they_looked_at(http: Http) -> None:
    later = await _add(http, title="Later", ends_on="2030-12-01")
    soon = await _add(http)
    rows = await http.get(ANA, "/resources?list=all")
    assert [(row["id"], row["soon"]) for row in rows] == [(soon, False), (later, False)]
    http.clock.moment = WARN
    rows = await http.get(ANA, "/resources?list=all")
    assert [(row["id"], row["soon"], row["owner_left"]) for row in rows] == [(soon, True, False), (later, False, False)]
    assert await http.get(ANA, f"/resources/{later}") == rows[1]
    for who in (ROSA, CARE, DOC, PORTAL):
        await http.get(who, f"/resources/{later}", status=403)
    seen = {"If-Match": f'"{rows[1]["version"]}"'}
    assert (await http.post(ANA, f"/resources/{later}/change", {**WORDS, "title": "Other"}, **seen)).status_code == 200
    lost = await http.post(ANA, f"/resources/{later}/change", {**WORDS, "title": "Third"}, **seen)
    assert lost.status_code in (409, 412)
    assert (await http.get(ANA, f"/resources/{later}"))["title"] == "Other"


def test_a_row_says_that_its_owner_has_left() -> None:
    found = Found(id="x1", version=1, state=added().state)
    assert not view.for_editor(ex.CLINIC, found, LAST).owner_left
    gone = ex.CLINIC.model_copy(update={"staff": ()})
    assert view.for_editor(gone, found, LAST).owner_left


async def test_only_psychology_edits_and_reads_the_editors_list(http: Http) -> None:
    one = await _add(http)
    for who in (ROSA, CARE, DOC, PORTAL):
        assert await http.refused(who, "/resources", {**WORDS, "ends_on": str(LAST)}) == (403, "forbidden")
        for action, body in (("change", WORDS), ("renew", {"ends_on": str(LAST)}), ("retire", None)):
            assert await http.refused(who, f"/resources/{one}/{action}", body) == (403, "forbidden")
    for who in (ROSA, CARE, DOC):
        await http.get(who, "/resources?list=all", status=409)
    await http.get(PORTAL, "/resources", status=403)
    assert await http.refused(ANA, "/resources/nothing/retire") == (404, "not-found")
