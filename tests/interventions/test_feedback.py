"""Some days after the end, however it came, the person is asked once how it was, and may answer for so many days."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.interventions.domain.feedback.commands import LONGEST_WORDS, GiveFeedback, PlanFeedback
from shared.contracts import interventions as e
from shared.contracts.commands import TimerDue
from shared.runtime.auth import User
from tests.given import Given, given
from tests.interventions import example as ex
from tests.interventions.service import Http, serving, started

OF = {"feedback_id": "f1", "episode_id": "e1", "patient_id": "p1"}
ASK, CLOSE = ex.after(days=7), ex.after(days=35)
PLANNED = e.FeedbackPlanned(at=ex.T0, **OF, ask_at=ASK)
# 9 o'clock in London, before and after summer time has begun.
ASKED = e.FeedbackAsked(at=ASK, **OF, closes_at=datetime(2030, 4, 8, 8, tzinfo=UTC))


def due(name: str, at: datetime) -> TimerDue:
    return ex.command(TimerDue, "system:timer", at, name=name)


def give(at: datetime = ASK, **said: Any) -> GiveFeedback:
    return ex.command(GiveFeedback, ex.PATIENT, at, **said)


def asked() -> Given:
    return given(ex.FEEDBACK, PLANNED, ASKED)


def test_it_is_planned_once_and_asked_a_week_later_not_a_moment_sooner() -> None:
    plan = ex.command(PlanFeedback, **OF)
    story = given(ex.FEEDBACK).when(plan).then(PLANNED)
    story.when(plan).then()
    assert ex.FEEDBACK.timers(story.state) == {"ask": ASK}
    story.when(due("ask", ASK - timedelta(microseconds=1))).then()
    later = story.when(due("ask", ASK)).then(ASKED)
    assert ex.FEEDBACK.timers(later.state) == {"close": ASKED.closes_at}
    later.when(due("ask", ASK)).then()
    later.when(plan).then()


def test_what_is_said_is_kept_and_is_said_once() -> None:
    said = {"helpful": "yes", "taken_seriously": "partly", "recommend": "no", "words": "The short pauses."}
    story = asked().when(give(**said)).then(e.FeedbackGiven.model_validate({"at": ASK, **OF, **said}))
    story.when(give(**said)).refused("feedback-given")
    story.when(give(helpful="no")).refused("feedback-given")
    assert ex.FEEDBACK.timers(story.state) == {}
    story.when(due("close", CLOSE)).then()


@pytest.mark.parametrize(
    "part", [{"helpful": "no"}, {"taken_seriously": "yes"}, {"recommend": "partly"}, {"words": " Thank you. "}]
)
def test_any_part_alone_is_enough(part: dict[str, Any]) -> None:
    [said] = asked().when(give(**part)).events()
    assert isinstance(said, e.FeedbackGiven)
    assert said.model_dump(exclude={"at", *OF}, exclude_none=True) == {
        name: value.strip() for name, value in part.items()
    }


@pytest.mark.parametrize("nothing", [{}, {"words": ""}, {"words": "   "}])
def test_nothing_said_is_refused_and_may_be_said_later(nothing: dict[str, Any]) -> None:
    asked().when(give(**nothing)).refused("feedback-missing")


def test_it_is_not_open_before_it_is_asked_and_closes_by_itself() -> None:
    given(ex.FEEDBACK).when(give(helpful="yes")).refused("feedback-closed")
    given(ex.FEEDBACK, PLANNED).when(give(helpful="yes")).refused("feedback-closed")
    story, end = asked(), ASKED.closes_at
    story.when(give(end, helpful="yes")).refused("feedback-closed")
    story.when(due("close", end - timedelta(microseconds=1))).then()
    lapsed = story.when(due("close", end)).then(e.FeedbackLapsed(at=end, **OF))
    lapsed.when(give(end, helpful="yes")).refused("feedback-closed")
    lapsed.when(due("close", end)).then()
    assert ex.FEEDBACK.timers(lapsed.state) == {}


@pytest.mark.parametrize("said", [{"helpful": "maybe"}, {"words": "x" * (LONGEST_WORDS + 1)}, {"recommend": 1}])
def test_what_is_no_answer_is_refused_at_the_edge(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        give(**said)


# --- over HTTP -----------------------------------------------------------------------------------------------------

ROSA, OMAR, ANA = User("p1", "patient"), User("p2", "patient"), User("ana", "psychology")
DOC, PORTAL = User("doc", "referrer"), User("portal", "service")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        yield client


async def test_psychology_reads_what_the_person_said_and_the_pain_team_does_not(http: Http) -> None:
    path = f"/episodes/{await started(http, ROSA)}"
    assert (await http.get(ROSA, f"{path}/feedback"))["standing"] == "none"
    await http.did(ANA, f"{path}/finish", {"end_reason": "stopped_by_patient"})
    assert (await http.get(ROSA, f"{path}/feedback"))["standing"] == "planned"
    assert await http.refused(ROSA, f"{path}/feedback", {"helpful": "yes"}) == (409, "feedback-closed")
    await http.days_pass(7)
    assert (await http.get(ROSA, f"{path}/feedback"))["standing"] == "open"
    assert await http.refused(ROSA, f"{path}/feedback", {}) == (422, "feedback-missing")
    for who, refused in ((ANA, 403), (DOC, 403), (PORTAL, 403), (OMAR, 404)):
        assert (await http.refused(who, f"{path}/feedback", {"helpful": "yes"}))[0] == refused
    await http.did(ROSA, f"{path}/feedback", {"helpful": "yes", "words": "You listened."})
    said = await http.get(ANA, f"{path}/feedback")
    assert (said["standing"], said["helpful"], said["words"]) == ("given", "yes", "You listened.")
    assert [row["words"] for row in await http.get(ANA, "/feedback")] == ["You listened."]
    for who, status in ((DOC, 403), (PORTAL, 403), (OMAR, 404)):
        await http.get(who, f"{path}/feedback", status)
    for who in (DOC, PORTAL, ROSA):
        await http.get(who, "/feedback", 403)
