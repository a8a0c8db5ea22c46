"""A person's record: registration, consents, and those whom the patient trusts."""

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


def test_the_caregiver_consent_names_those_whom_it_lets_in_or_shuts_out() -> None:
    story = given(PATIENT, REGISTERED, LUIS)
    story = story.when(c.GiveConsent(now=NOW, actor=ROSA, scope=ConsentScope.CAREGIVER)).then(
        consent(ConsentScope.CAREGIVER, "caregiver-luis"),
        e.CaregiverInvited(
            at=NOW, patient_id="patient-rosa", caregiver_id="caregiver-luis", answer_by=NOW + timedelta(days=14)
        ),
    )
    story.when(c.WithdrawConsent(now=NOW, actor=ROSA, scope=ConsentScope.CAREGIVER)).then(
        e.ConsentWithdrawn(
            at=NOW, patient_id="patient-rosa", scope=ConsentScope.CAREGIVER, caregiver_ids=("caregiver-luis",)
        )
    )


def test_another_consent_names_no_caregiver() -> None:
    give = c.GiveConsent(now=NOW, actor=ROSA, scope=ConsentScope.EMAIL)
    given(PATIENT, REGISTERED, LUIS).when(give).then(consent(ConsentScope.EMAIL))


@pytest.mark.parametrize("consented", [True, False])
def test_a_linked_caregiver_is_told_whether_the_consent_stands(consented: bool) -> None:
    before = [consent(ConsentScope.CAREGIVER)] if consented else []
    linked = LUIS.model_copy(update={"consented": consented})
    asked = e.CaregiverInvited(
        at=NOW, patient_id="patient-rosa", caregiver_id="caregiver-luis", answer_by=NOW + timedelta(days=14)
    )
    given(PATIENT, REGISTERED, *before).when(_link()).then(linked, *([asked] if consented else []))


def test_linking_the_same_person_again_says_nothing() -> None:
    given(PATIENT, REGISTERED, LUIS).when(_link()).then()


def test_linking_with_new_details_replaces_the_old_ones() -> None:
    renamed = LUIS.model_copy(update={"name": "Luis M."})
    after = given(PATIENT, REGISTERED, LUIS).when(_link(name="Luis M.")).then(renamed)
    assert [known.name for known in after.state.caregivers] == ["Luis M."]


def test_linking_with_new_details_leaves_the_others_as_they_were() -> None:
    story = given(PATIENT, REGISTERED, LUIS).when(_link(2, name="Ana")).happened()
    after = story.when(_link(2, name="Ana M.")).happened()
    assert [known.name for known in after.state.caregivers] == ["Luis Marin", "Ana M."]


def test_a_trusted_person_is_somebody_else_than_the_patient() -> None:
    given(PATIENT, REGISTERED).when(_link(email="Rosa@Example.org")).refused("caregiver-invalid")


def test_a_fourth_caregiver_is_refused_and_a_third_may_still_be_corrected() -> None:
    story = given(PATIENT, REGISTERED)
    for number in (1, 2, 3):
        story = story.when(_link(number)).happened()
    story.when(_link(4)).refused("caregivers-full", most=3)
    assert len(story.when(_link(3, name="New Name")).events()) == 1


def test_whoever_trusts_nobody_holds_no_place() -> None:
    assert PATIENT.keys(given(PATIENT, REGISTERED).state) == {
        "registered_by": "dr-okafor",
        **dict.fromkeys(("caregiver_1", "caregiver_2", "caregiver_3")),
    }


def test_a_caregiver_is_unlinked_and_frees_their_place() -> None:
    story = given(PATIENT, REGISTERED, LUIS).when(_link(2)).happened()
    assert PATIENT.keys(story.state) == {
        "registered_by": "dr-okafor",
        "caregiver_1": "caregiver-luis",
        "caregiver_2": "caregiver-2",
        "caregiver_3": None,
    }
    unlink = c.UnlinkCaregiver(now=NOW, actor=ROSA, caregiver_id="caregiver-luis")
    story = story.when(unlink).then(
        e.CaregiverUnlinked(at=NOW, patient_id="patient-rosa", caregiver_id="caregiver-luis")
    )
    story.when(unlink).then()
    assert PATIENT.keys(story.state)["caregiver_1"] == "caregiver-2"


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
