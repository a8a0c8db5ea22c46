"""Questions are told of once, at a fitting hour, and no more once they are answered, have lapsed, or treatment ends."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.notifications.facts import SUMMARY
from tests.notifications.people import MORNING, NIGHT, ROSA
from tests.notifications.service import Http, serving

EPISODE: dict[str, Any] = {"at": NIGHT, "episode_id": "episode-1", "patient_id": ROSA}
READING = r.Reading(measure="PEG", answers=(4, 5, 6), total=15, value=5.0, taken_at=NIGHT)
NIGHT_LONG = timedelta(hours=12)
ROSA_IS_KNOWN = r.PatientRegistered(
    at=MORNING,
    patient_id=ROSA,
    registered_by="dr-okafor",
    name="Rosa Delgado",
    birth_date=None,
    email="rosa@example.org",
    language="en",
    time_zone="Europe/London",
    consents=(r.ConsentScope.EMAIL,),
)


def asked(occasion: i.Occasion) -> i.MeasuresRequested:
    return i.MeasuresRequested(**EPISODE, occasion=occasion, measures=("PEG", "PHQ-9"))


def answered(occasion: i.Occasion) -> i.MeasureCompleted:
    return i.MeasureCompleted(**EPISODE, series_id="series-1", occasion=occasion, reading=READING)


def check_in(moment: str) -> i.CheckInAsked:
    return i.CheckInAsked(**EPISODE, moment=moment, measures=("PEG",), closes_at=NIGHT + timedelta(days=10))


def checked(kind: type[i.CheckInEvent], moment: str) -> Event:
    reading = {"reading": READING} if kind is i.CheckInCompleted else {}
    return kind(**EPISODE, check_in_id="check-in-1", moment=moment, **reading)


FEEDBACK: dict[str, Any] = {**EPISODE, "feedback_id": "feedback-1"}
FINISHED = i.EpisodeFinished(**EPISODE, referral_id="referral-1", summary=SUMMARY)
CANCELLED = i.EpisodeCancelled(**EPISODE)
ASKED_HOW_IT_WAS = i.FeedbackAsked(**FEEDBACK, closes_at=NIGHT + timedelta(days=28))

# What was asked, what makes the message pointless, and what does not.
CASES: list[tuple[Event, tuple[Event, ...], tuple[Event, ...]]] = [
    (asked("start"), (answered("start"), CANCELLED), (answered("end"), checked(i.CheckInCompleted, "one"))),
    (asked("middle"), (answered("middle"), CANCELLED), (answered("start"),)),
    (asked("end"), (answered("end"), CANCELLED), (answered("middle"),)),
    (
        check_in("one"),
        (checked(i.CheckInCompleted, "one"), checked(i.CheckInLapsed, "one"), CANCELLED),
        (checked(i.CheckInCompleted, "two"), answered("start")),
    ),
    (
        check_in("follow-up-3"),
        (checked(i.CheckInCompleted, "follow-up-3"), checked(i.CheckInLapsed, "follow-up-3")),
        (checked(i.CheckInCompleted, "follow-up-6"),),
    ),
    (
        ASKED_HOW_IT_WAS,
        (i.FeedbackGiven(**FEEDBACK, helpful="yes"), i.FeedbackLapsed(**FEEDBACK)),
        (checked(i.CheckInCompleted, "follow-up-3"),),
    ),
]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as client:
        await client.hears(ROSA_IS_KNOWN)
        client.clock.moment = NIGHT
        yield client


@pytest.mark.parametrize(
    ("question", "stop"), [(question, stop) for question, stops, _ in CASES for stop in stops], ids=lambda e: e.TYPE
)
async def test_what_is_answered_or_over_is_not_told_any_more(http: Http, question: Event, stop: Event) -> None:
    await http.hears(question)
    assert http.mails() == []
    await http.hears(stop)
    await http.passes(NIGHT_LONG, [ROSA])
    assert http.mails() == []


@pytest.mark.parametrize(
    ("question", "other"), [(question, one) for question, _, others in CASES for one in others], ids=lambda e: e.TYPE
)
async def test_an_answer_to_something_else_stops_nothing(http: Http, question: Event, other: Event) -> None:
    await http.hears(question, other)
    await http.passes(NIGHT_LONG, [ROSA])
    assert len(http.mails()) == 1


@pytest.mark.parametrize("question", [question for question, _, _ in CASES], ids=lambda e: e.TYPE)
async def test_it_is_told_once_in_the_morning_and_never_again(http: Http, question: Event) -> None:
    await http.hears(question)
    await http.passes(NIGHT_LONG, [ROSA])
    for _ in range(3):
        await http.passes(timedelta(days=1), [ROSA])
    assert len(http.mails()) == 1


async def test_the_end_of_treatment_stops_the_questions_and_tells_of_itself_alone(http: Http) -> None:
    await http.hears(asked("end"), check_in("one"), FINISHED)
    await http.passes(NIGHT_LONG, [ROSA])
    assert len(http.mails()) == 1
