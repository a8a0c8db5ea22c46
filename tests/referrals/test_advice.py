"""A question to psychology: what is said, what is remembered, and how long an answer may take."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.advice import commands as c
from services.referrals.domain.advice.state import AdviceState, Turn
from shared.contracts import referrals as e
from shared.contracts.clinic import Clocks
from shared.contracts.commands import TimerDue
from tests.given import given
from tests.referrals.people import CLINIC, LINDQVIST, NOW, OKAFOR, TANAKA, TIMER
from tests.referrals.questions import (
    ADVICE,
    ADVICE_IDS,
    ANSWERED,
    ASKED,
    ASKED_BACK,
    CLOSED,
    CONVERTED,
    DUE,
    EXPLAINED,
    THREADS,
    question,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _explain(after: timedelta = timedelta()) -> c.ExplainAdvice:
    return c.ExplainAdvice(now=NOW + after, actor=OKAFOR, explanation=" Never. ")


def _convert(actor: str, consented: bool = True) -> c.ConvertAdvice:
    return c.ConvertAdvice(now=NOW, actor=actor, referral_id="referral-1", refer_consented=consented)


def _timer(after: timedelta, name: str = "answer") -> TimerDue:
    return TimerDue(now=NOW + after, actor=TIMER, name=name)


def test_a_referrer_asks_and_psychology_owes_an_answer_within_the_clinics_days() -> None:
    after = given(ADVICE).when(question()).then(ASKED)
    assert ADVICE.timers(after.state) == {"answer": NOW + timedelta(days=CLINIC.clocks.advice_days)}


def test_psychology_may_make_a_referral_of_it_only_where_the_referrer_says_so() -> None:
    plain = c.AskAdvice.model_validate(question().model_dump(exclude={"may_convert"}))
    assert not plain.may_convert


def test_nobody_asks_in_the_name_of_another() -> None:
    given(ADVICE).when(question(actor=LINDQVIST)).refused("not-yours")


def test_a_whole_conversation_is_remembered_in_its_order() -> None:
    story = given(ADVICE).when(question()).then(ASKED)
    story = story.when(c.AskBack(now=NOW, actor=TANAKA, question="Has she had support before?")).then(ASKED_BACK)
    story = story.when(_explain()).then(EXPLAINED)
    answer = c.AnswerAdvice(now=NOW, actor=TANAKA, answer="Begin with her sleep.", suggests_referral=True)
    story = story.when(answer).then(ANSWERED)
    assert story.state.thread == (
        Turn(kind="asked", by="dr-okafor", at=NOW, text=ASKED.question),
        Turn(kind="asked_back", by="psy-tanaka", at=NOW, text="Has she had support before?"),
        Turn(kind="explained", by="dr-okafor", at=NOW, text="Never."),
        Turn(kind="answered", by="psy-tanaka", at=NOW, text="Begin with her sleep."),
    )
    assert story.state.suggests_referral


@pytest.mark.parametrize(
    ("status", "remembered"),
    [
        ("asked", {**ADVICE_IDS, "topic": "how_to_talk", "may_convert": True, "asked_at": NOW, "answer_due": DUE}),
        ("asked", {"suggests_referral": None, "closed_at": None}),
        ("converted", {"referral_id": "referral-1", "authority": "referrer", "converted_by": "dr-okafor"}),
        ("converted", {"closed_at": NOW, "close_reason": None}),
        ("closed", {"close_reason": "answered_enough", "closed_by": "dr-okafor", "closed_at": NOW}),
    ],
)
def test_a_step_is_remembered(status: str, remembered: dict[str, Any]) -> None:
    state = given(ADVICE, *THREADS[status]).state
    assert {name: getattr(state, name) for name in remembered} == remembered


def test_an_answer_does_not_suggest_a_referral_unless_it_says_so() -> None:
    assert not c.AnswerAdvice(now=NOW, actor=TANAKA, answer="Fine.").suggests_referral


def test_by_whose_word_a_question_became_a_referral_is_on_record() -> None:
    story = given(ADVICE, *THREADS["answered"])
    story.when(_convert(OKAFOR)).then(CONVERTED)
    theirs = CONVERTED.model_copy(update={"authority": "authorised", "converted_by": "psy-tanaka"})
    story.when(_convert(TANAKA)).then(theirs)


def test_without_consent_to_be_referred_there_is_advice_but_no_referral() -> None:
    for status in ("asked", "asked_back", "answered"):
        for actor in (OKAFOR, TANAKA):
            given(ADVICE, *THREADS[status]).when(_convert(actor, consented=False)).refused("consent-missing")


def test_who_closed_it_is_on_record() -> None:
    close = c.CloseAdvice(now=NOW, actor=TANAKA, reason_code="answered_enough")
    given(ADVICE, *THREADS["answered"]).when(close).then(CLOSED.model_copy(update={"closed_by": "psy-tanaka"}))


def test_an_explanation_in_time_leaves_the_due_date_alone() -> None:
    [told] = given(ADVICE, *THREADS["asked_back"]).when(_explain(4 * DAY)).events()
    assert isinstance(told, e.AdviceExplained)
    assert told.answer_due == DUE


def test_a_late_explanation_gives_psychology_one_more_day_and_starts_the_reminders_anew() -> None:
    overdue = e.AdviceOverdue(at=DUE, **ADVICE_IDS, reminder=1)
    told = e.AdviceExplained(at=DUE, **ADVICE_IDS, explanation="Never.", answer_due=DUE + DAY)
    after = given(ADVICE, *THREADS["asked_back"], overdue).when(_explain(5 * DAY)).then(told)
    assert ADVICE.timers(after.state) == {"answer": DUE + DAY}


@pytest.mark.parametrize("status", ["asked", "asked_back"])
def test_an_answer_that_is_owed_is_reminded_of_at_the_clinics_interval(status: str) -> None:
    story = given(ADVICE, *THREADS[status])
    story.when(_timer(5 * DAY - timedelta(seconds=1))).then()
    every = timedelta(hours=CLINIC.clocks.triage_reminder_hours)
    for number in (1, 2, 3):
        after = 5 * DAY + (number - 1) * every
        story = story.when(_timer(after)).then(e.AdviceOverdue(at=NOW + after, **ADVICE_IDS, reminder=number))
        assert ADVICE.timers(story.state) == {"answer": NOW + after + every}
        assert (story.state.reminders, story.state.reminded_at) == (number, NOW + after)


@pytest.mark.parametrize("status", ["none", "answered", "converted", "closed"])
def test_nothing_is_owed_before_a_question_or_after_an_answer(status: str) -> None:
    story = given(ADVICE, *THREADS[status])
    assert ADVICE.timers(story.state) == {}
    story.when(_timer(400 * DAY)).then()


def test_a_timer_of_another_name_does_nothing() -> None:
    given(ADVICE, ASKED).when(_timer(400 * DAY, "triage")).then()


def test_the_days_for_an_answer_are_the_clinics() -> None:
    older = CLINIC.clocks.model_dump(exclude={"advice_days"})
    assert Clocks.model_validate(older).advice_days == 5
    with pytest.raises(ValueError, match="advice_days"):
        Clocks.model_validate({**older, "advice_days": 0})


def test_a_question_is_looked_up_by_status_patient_and_referrer() -> None:
    known = {"status": "asked", "patient_id": "patient-rosa", "referrer_id": "dr-okafor"}
    assert ADVICE.keys(given(ADVICE, ASKED).state) == known
    assert ADVICE.keys(AdviceState()) == dict.fromkeys(known)
    assert ADVICE.person(given(ADVICE, ASKED).state) == "patient-rosa"
    assert ADVICE.person(AdviceState()) is None


def test_an_event_of_another_aggregate_leaves_the_question_alone() -> None:
    state = AdviceState()
    assert ADVICE.evolve(state, e.ConsentGiven(at=NOW, patient_id="p", scope=e.ConsentScope.REFER)) is state
