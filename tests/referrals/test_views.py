"""Worklists and what each reader is shown."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals import patient_views, views, words
from services.referrals.domain.codes import CODES
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral.facts import facts
from services.referrals.domain.referral.state import ProgressNote, ReferralState, Status
from shared.contracts.referrals import ConsentScope, ProgressNoted
from shared.runtime.auth import User
from tests.given import given
from tests.referrals.people import (
    AT_PLACE,
    CLINIC,
    HISTORIES,
    LUIS,
    NOW,
    PATIENT,
    REFERRAL,
    REGISTERED,
    SUMMARY,
    consent,
)

REFERRER, PSYCHOLOGY, ROSA = (
    User("dr-okafor", "referrer"),
    User("psy-tanaka", "psychology"),
    User("patient-rosa", "patient"),
)


def _state(status: str, **changes: Any) -> ReferralState:
    state: ReferralState = given(REFERRAL, *HISTORIES[status]).state
    return state.model_copy(update=changes)


def _patient(*scopes: ConsentScope) -> PatientState:
    state: PatientState = given(PATIENT, REGISTERED, LUIS, *[consent(scope) for scope in scopes]).state
    return state


def _view(status: str, user: User, *scopes: ConsentScope) -> views.ReferralView:
    return views.referral_view("referral-1", 5, _state(status), _patient(*scopes), user, NOW, "en")


@pytest.mark.parametrize(("after", "overdue"), [(timedelta(days=5, seconds=-1), False), (timedelta(days=5), True)])
def test_a_referral_is_overdue_from_the_moment_that_triage_is_due(after: timedelta, overdue: bool) -> None:
    assert views.is_overdue(_state("submitted"), NOW + after) is overdue
    assert views.is_overdue(_state("information_requested"), NOW + after) is overdue


def test_an_unread_outcome_is_overdue_after_two_days_and_a_closed_loop_never() -> None:
    assert not views.is_overdue(_state("outcome_sent"), NOW)
    assert views.is_overdue(_state("outcome_sent"), NOW + timedelta(hours=48))
    assert not views.is_overdue(_state("loop_closed"), NOW + timedelta(days=400))


def test_waiting_counts_whole_days_and_stops_when_treatment_starts() -> None:
    later = NOW + timedelta(days=3, hours=23)
    assert views.waiting_days(_state("submitted"), later) == 3
    assert views.waiting_days(_state("in_treatment"), later) == 0
    assert views.waiting_days(_state("draft"), later) is None
    assert views.waiting_days(_state("loop_closed"), later) is None


def test_the_outcome_goes_back_only_while_the_patient_shares_it() -> None:
    held_back = _view("outcome_sent", REFERRER)
    assert held_back.summary is None
    assert held_back.outcome_note == "The person has chosen not to share the outcome."
    shared = _view("outcome_sent", REFERRER, ConsentScope.SHARE_BACK)
    assert (shared.summary, shared.outcome_note) == (SUMMARY, None)
    assert _view("outcome_sent", PSYCHOLOGY).summary == _view("outcome_sent", ROSA).summary == SUMMARY


def test_nobody_reads_about_themselves_that_nothing_was_heard_from_them() -> None:
    note, quiet = ProgressNote(at=NOW, occasion="middle"), ProgressNote(at=NOW, occasion="note", quiet_days=21)
    state = _state("in_treatment", progress=(note, quiet))

    def shown(user: User) -> tuple[ProgressNote, ...]:
        return views.referral_view("referral-1", 5, state, _patient(), user, NOW, "en").progress

    assert (shown(REFERRER), shown(PSYCHOLOGY), shown(ROSA)) == ((note, quiet), (note, quiet), (note,))
    said = ProgressNoted(at=NOW, **AT_PLACE, occasion="note")
    told = said.model_copy(update={"quiet_days": 21})
    assert ProgressNoted.is_for_patient(said.model_dump(mode="json"))
    assert not ProgressNoted.is_for_patient(told.model_dump(mode="json"))


def test_a_referral_without_an_outcome_says_nothing_about_sharing() -> None:
    assert _view("accepted", REFERRER).outcome_note is None


@pytest.mark.parametrize(
    ("status", "task"),
    [
        ("draft", "draft"),
        ("submitted", "received"),
        ("information_requested", "received"),
        ("accepted", "accepted"),
        ("undecided", "on-hold"),
        ("in_treatment", "in-progress"),
        ("returned", "rejected"),
        ("declined", "rejected"),
        ("withdrawn", "cancelled"),
        ("outcome_sent", "completed"),
        ("loop_closed", "completed"),
    ],
)
def test_every_status_has_its_fhir_task_status(status: str, task: str) -> None:
    assert _view(status, PSYCHOLOGY).task_status == task


def test_codes_come_with_words() -> None:
    assert _view("declined", ROSA).decline_sentence == "There is no free place now."
    assert _view("undecided", PSYCHOLOGY).undecided_sentence == "Needs more time."


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("role", ["referrer", "psychology", "patient", "service"])
def test_every_status_has_a_sentence_without_codes(language: Any, role: str) -> None:
    for status in Status:
        sentence = words.status_sentence(status, role, language)
        assert sentence.endswith((".", "?"))
        assert "_" not in sentence


def test_why_not_is_said_in_words() -> None:
    draft = _state("draft")
    told = views.action_views(draft, REFERRER, facts(CLINIC, draft, NOW, refer_consented=False), language="es")
    by_name = {row.action: row for row in told}
    assert by_name["submit"].why_not_sentence == "La persona no ha dado su acuerdo. Pregúntele primero, por favor."
    assert by_name["acknowledge"].why_not_sentence == "Esto no es posible en este momento."
    assert all(row.why_not_sentence for row in told if not row.allowed)


def test_a_patient_record_is_shown_whole_to_those_who_may_see_it() -> None:
    view = patient_views.patient_view("patient-rosa", 3, _patient(ConsentScope.REFER))
    assert (view.name, view.consents, view.caregivers[0].name) == ("Rosa Marin", (ConsentScope.REFER,), "Luis Marin")


def test_patients_are_listed_by_name_with_the_erased_last() -> None:
    rows = [
        patient_views.PatientRow(id=id, version=1, name=name, birth_date=None)
        for id, name in [("1", None), ("2", "zoe"), ("3", "Ana")]
    ]
    assert [row.id for row in patient_views.by_name(rows)] == ["3", "2", "1"]


def test_every_code_has_one_plain_sentence() -> None:
    assert all(sentence.endswith(".") and "_" not in sentence for sentence in CODES.values())
