"""What clinicians read of questions, and who reads them."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from services.referrals import access, advice_views, advice_words
from services.referrals.domain.advice.state import AdviceState, Status
from shared.contracts.referrals import AdviceCloseReason, AdviceTopic, Language
from shared.runtime.auth import User
from tests.given import given
from tests.referrals.people import NOW
from tests.referrals.questions import ADVICE, DUE, THREADS

OKAFOR, TANAKA = User("dr-okafor", "referrer"), User("psy-tanaka", "psychology")
OTHERS = [
    User("dr-lindqvist", "referrer"),
    User("patient-rosa", "patient"),
    User("caregiver-luis", "caregiver"),
    User("op-byrne", "operator"),
    User("portal", "service"),
    User("", "referrer"),
]
each_language = pytest.mark.parametrize("language", get_args(Language))


def _state(status: str, **changes: Any) -> AdviceState:
    state: AdviceState = given(ADVICE, *THREADS[status]).state
    return state.model_copy(update=changes)


def _row(id: str, status: str = "asked", **changes: Any) -> advice_views.AdviceRow:
    return advice_views.advice_row(id, 1, _state(status, **changes), "Rosa Marin", NOW, "en")


def _view(status: str, user: User = OKAFOR) -> advice_views.AdviceView:
    return advice_views.advice_view("advice-1", 3, _state(status), "Rosa Marin", user, NOW, "en")


def test_a_question_is_seen_by_its_referrer_and_by_psychology_and_by_nobody_else() -> None:
    state = _state("asked")
    assert [user for user in (OKAFOR, TANAKA, *OTHERS) if access.sees_advice(user, state)] == [OKAFOR, TANAKA]
    assert not access.sees_advice(OTHERS[-1], AdviceState())


def test_what_is_due_first_comes_first_and_what_was_answered_last() -> None:
    rows = [
        _row("answered", "answered"),
        _row("older-answered", "answered", asked_at=NOW - timedelta(days=9)),
        _row("asked"),
        _row("soon", answer_due=DUE - timedelta(days=2)),
    ]
    assert [row.id for row in advice_views.in_order(rows)] == ["soon", "asked", "older-answered", "answered"]


@pytest.mark.parametrize("status", ["asked", "asked_back"])
def test_an_answer_is_overdue_from_the_moment_that_it_is_due(status: str) -> None:
    def overdue(after: timedelta) -> bool:
        return advice_views.advice_row("advice-1", 1, _state(status), None, DUE + after, "en").overdue

    assert not overdue(timedelta(seconds=-1))
    assert overdue(timedelta())


@pytest.mark.parametrize("status", ["answered", "converted", "closed"])
def test_nothing_is_due_once_there_is_an_answer_or_an_end(status: str) -> None:
    row = advice_views.advice_row("advice-1", 1, _state(status), None, DUE + timedelta(days=400), "en")
    assert (row.answer_due, row.overdue) == (None, False)


def test_a_question_is_shown_with_all_that_was_said_and_how_it_ended() -> None:
    shown = _view("closed")
    assert [turn.text for turn in shown.thread] == [turn.text for turn in _state("closed").thread]
    assert (shown.close_sentence, shown.closed_by) == ("The answer was enough.", "dr-okafor")
    assert _view("converted").referral_id == "referral-1"
    assert _view("asked").close_sentence is None


def test_a_reader_is_offered_the_reasons_that_are_theirs() -> None:
    assert _view("asked").close_reasons == ("no_longer_needed", "entered_in_error")
    assert _view("answered", TANAKA).close_reasons == ("answered_enough", "entered_in_error")
    assert _view("closed").close_reasons == ()


def test_every_list_is_somebodys() -> None:
    assert set().union(*advice_views.ALLOWED.values()) == set(advice_views.STATUSES)


@each_language
def test_why_not_is_said_in_words(language: Language) -> None:
    for state in (_state("asked", may_convert=False), _state("closed")):
        told = advice_views.action_views(state, TANAKA, refer_consented=False, language=language)
        assert all(row.why_not_sentence for row in told if not row.allowed)
        assert not [row for row in told if row.allowed and row.why_not_sentence]
    told = advice_views.action_views(_state("asked", may_convert=False), TANAKA, True, "en")
    sentences = {row.action: row.why_not_sentence for row in told}
    assert sentences["convert"] == "The pain clinician has not let psychology make a referral of this question."
    assert sentences["explain"] == "Somebody else does this."


@each_language
def test_every_status_topic_and_reason_has_a_sentence_without_codes(language: Language) -> None:
    said = [
        *(advice_words.status_sentence(status, language) for status in Status),
        *(advice_words.topic_sentence(topic, language) for topic in get_args(AdviceTopic)),
        *(advice_words.closed_sentence(reason, language) for reason in get_args(AdviceCloseReason)),
    ]
    assert all(sentence.endswith(".") and "_" not in sentence for sentence in said)
    assert len(set(said)) == len(said)
