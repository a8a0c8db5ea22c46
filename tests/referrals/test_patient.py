"""A person's record: registration and consents. Those whom the patient trusts are in `test_caregivers.py`."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.state import PatientState
from shared.contracts import referrals as e
from shared.contracts.commands import Command, TimerDue
from shared.contracts.referrals import ConsentScope
from tests.given import given
from tests.referrals.people import LUIS, NOW, OKAFOR, PATIENT, REGISTERED, ROSA, SUBMITTED, consent

SCOPES = list(ConsentScope)


def _register(**changes: Any) -> c.RegisterPatient:
    fields = REGISTERED.model_dump(exclude={"at", "registered_by"})
    return c.RegisterPatient(now=NOW, actor=OKAFOR, **{**fields, **changes})


def _link(number: int = 0, **changes: Any) -> c.LinkCaregiver:
    fields = LUIS.model_dump(exclude={"at", "patient_id", "consented"})
    if number:
        fields |= {"caregiver_id": f"caregiver-{number}", "email": f"c{number}@example.org"}
    return c.LinkCaregiver(now=NOW, actor=ROSA, **{**fields, **changes})


def test_a_person_is_registered_without_any_consent_by_default() -> None:
    after = given(PATIENT).when(_register()).then(REGISTERED)
    assert after.state.consents == ()


def test_each_consent_taken_at_registration_is_said_once() -> None:
    command = _register(consents=(ConsentScope.REFER, ConsentScope.EMAIL, ConsentScope.REFER))
    given(PATIENT).when(command).then(
        REGISTERED.model_copy(update={"consents": (ConsentScope.REFER, ConsentScope.EMAIL)}),
        consent(ConsentScope.REFER),
        consent(ConsentScope.EMAIL),
    )


def test_a_person_is_registered_once() -> None:
    given(PATIENT, REGISTERED).when(_register()).refused("already-exists")


def test_a_consent_taken_at_registration_stands_once() -> None:
    command = _register(consents=(ConsentScope.REFER, ConsentScope.EMAIL))
    after = given(PATIENT).when(command).happened()
    assert sorted(after.state.consents) == [ConsentScope.EMAIL, ConsentScope.REFER]


def test_whoever_registers_may_have_a_colon_in_their_id() -> None:
    command = _register().model_copy(update={"actor": "referrer:north:okafor"})
    assert given(PATIENT).when(command).happened().state.registered_by == "north:okafor"


def test_a_person_may_be_born_today() -> None:
    assert given(PATIENT).when(_register(birth_date=NOW.date())).events()


def test_nobody_is_born_tomorrow() -> None:
    given(PATIENT).when(_register(birth_date=(NOW + timedelta(days=1)).date())).refused("birth-date-invalid")


@pytest.mark.parametrize("scope", SCOPES)
def test_a_consent_is_given_and_taken_back_and_repeating_either_says_nothing(scope: ConsentScope) -> None:
    give = c.GiveConsent(now=NOW, actor=ROSA, scope=scope)
    withdraw = c.WithdrawConsent(now=NOW, actor=ROSA, scope=scope)
    withdrawn = e.ConsentWithdrawn(at=NOW, patient_id="patient-rosa", scope=scope)
    story = given(PATIENT, REGISTERED)
    story.when(withdraw).then()
    story = story.when(give).then(consent(scope))
    story.when(give).then()
    story = story.when(withdraw).then(withdrawn)
    assert story.state.consents == ()


def test_one_consent_leaves_the_others_alone() -> None:
    story = given(PATIENT, REGISTERED, *[consent(scope) for scope in SCOPES])
    after = story.when(c.WithdrawConsent(now=NOW, actor=ROSA, scope=ConsentScope.SHARE_BACK)).happened()
    assert set(after.state.consents) == set(SCOPES) - {ConsentScope.SHARE_BACK}


def test_another_consent_names_no_caregiver() -> None:
    give = c.GiveConsent(now=NOW, actor=ROSA, scope=ConsentScope.EMAIL)
    given(PATIENT, REGISTERED, LUIS).when(give).then(consent(ConsentScope.EMAIL))


def _give(scope: ConsentScope, **more: Any) -> c.GiveConsent:
    return c.GiveConsent(now=NOW, actor=ROSA, scope=scope, **more)


LAST = NOW.date() + timedelta(days=30)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_consent_with_a_last_day_ends_by_itself_when_that_day_is_over(scope: ConsentScope) -> None:
    story = given(PATIENT, REGISTERED, LUIS, consent(SCOPES[0])).when(_give(scope, until=LAST)).happened()
    assert scope in story.state.consents
    ends = story.state.consents_until[scope]
    assert LAST < ends.date() <= LAST + timedelta(days=1)
    name = f"consent:{scope.value}"
    assert PATIENT.timers(story.state)[name] == ends
    ring = TimerDue(now=ends - timedelta(seconds=1), actor="system:referrals", name=name)
    assert PATIENT.decide(story.state, ring) == []
    [withdrawn] = PATIENT.decide(story.state, ring.model_copy(update={"now": ends}))
    assert withdrawn == e.ConsentWithdrawn(
        at=ends,
        patient_id="patient-rosa",
        scope=scope,
        caregiver_ids=("caregiver-luis",) if scope is ConsentScope.CAREGIVER else (),
    )
    after = PATIENT.evolve(story.state, withdrawn)
    assert scope not in after.consents
    assert name not in PATIENT.timers(after)


def test_taking_a_consent_back_takes_its_last_day_along() -> None:
    story = given(PATIENT, REGISTERED).when(_give(ConsentScope.EMAIL, until=LAST)).happened()
    after = story.when(c.WithdrawConsent(now=NOW, actor=ROSA, scope=ConsentScope.EMAIL)).happened()
    assert after.state.consents_until == {}
    assert after.when(_give(ConsentScope.EMAIL)).happened().state.consents_until == {}


def test_another_last_day_counts_from_then_on_and_the_same_says_nothing() -> None:
    story = given(PATIENT, REGISTERED).when(_give(ConsentScope.EMAIL, until=LAST)).happened()
    story.when(_give(ConsentScope.EMAIL, until=LAST)).then()
    longer = story.when(_give(ConsentScope.EMAIL, until=LAST + timedelta(days=1))).happened()
    assert longer.state.consents == (ConsentScope.EMAIL,)
    assert longer.state.consents_until[ConsentScope.EMAIL] > story.state.consents_until[ConsentScope.EMAIL]
    assert longer.when(_give(ConsentScope.EMAIL)).happened().state.consents_until == {}


@pytest.mark.parametrize("days", [-2, 5 * 365 + 2])
def test_a_last_day_that_is_over_or_far_away_is_refused(days: int) -> None:
    command = _give(ConsentScope.EMAIL, until=NOW.date() + timedelta(days=days))
    given(PATIENT, REGISTERED).when(command).refused("consent-until-invalid")


@pytest.mark.parametrize(
    "command",
    [
        c.GiveConsent(now=NOW, actor=ROSA, scope=ConsentScope.REFER),
        c.WithdrawConsent(now=NOW, actor=ROSA, scope=ConsentScope.REFER),
        _link(),
        c.UnlinkCaregiver(now=NOW, actor=ROSA, caregiver_id="caregiver-luis"),
    ],
)
def test_nothing_is_recorded_for_somebody_who_is_not_registered(command: Command) -> None:
    given(PATIENT).when(command).refused("not-registered")


def test_a_command_of_another_aggregate_is_a_bug() -> None:
    with pytest.raises(TypeError, match="does not know Command"):
        given(PATIENT, REGISTERED).when(Command(now=NOW, actor=ROSA)).events()


def test_an_event_of_a_referral_leaves_the_patient_alone() -> None:
    state = PatientState()
    assert PATIENT.evolve(state, SUBMITTED) is state


def test_an_erased_person_leaves_a_readable_state() -> None:
    state = given(PATIENT, REGISTERED, LUIS).state
    erased = state.model_copy(update={"name": None, "email": None, "birth_date": None, "phone": None})
    assert PATIENT.person(erased) == "patient-rosa"
    assert given(PATIENT, REGISTERED, LUIS).when(_link(2)).aggregate.decide(erased, _link(2))
