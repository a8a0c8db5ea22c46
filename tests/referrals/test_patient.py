"""A person's record: registration and consents. Those whom the patient trusts are in `test_caregivers.py`."""

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.patient import commands as c
from services.referrals.domain.patient.state import PatientState
from shared.contracts import referrals as e
from shared.contracts.commands import Command
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
