"""Who may see or change what; everything else is denied."""

import pytest

from services.referrals import access
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.place.state import PlaceState
from services.referrals.domain.referral.state import ReferralState
from shared.contracts.referrals import ConsentScope
from shared.runtime.auth import User
from tests.given import given
from tests.referrals.people import HISTORIES, LUIS, PATIENT, REFERRAL, REGISTERED, consent

OWN_REFERRER, OTHER_REFERRER = User("dr-okafor", "referrer"), User("dr-lindqvist", "referrer")
PSYCHOLOGY, SERVICE, OPERATOR = (
    User("psy-tanaka", "psychology"),
    User("portal", "service"),
    User("op-byrne", "operator"),
)
ROSA, OTHER_PATIENT = User("patient-rosa", "patient"), User("patient-other", "patient")
LUIS_HIMSELF = User("caregiver-luis", "caregiver")
EVERYBODY = [OWN_REFERRER, OTHER_REFERRER, PSYCHOLOGY, SERVICE, OPERATOR, ROSA, OTHER_PATIENT, LUIS_HIMSELF]


def _patient(*scopes: ConsentScope) -> PatientState:
    state: PatientState = given(PATIENT, REGISTERED, LUIS, *[consent(scope) for scope in scopes]).state
    return state


def _referral(status: str) -> ReferralState:
    state: ReferralState = given(REFERRAL, *HISTORIES[status]).state
    return state


@pytest.mark.parametrize("user", EVERYBODY, ids=lambda user: f"{user.role}-{user.id}")
def test_each_user_sees_and_keeps_only_what_is_theirs(user: User) -> None:
    patient = _patient()
    assert access.sees_patient(user, patient) == (user in (OWN_REFERRER, PSYCHOLOGY, SERVICE, ROSA))
    assert access.cares_for(user, patient) == (user in (OWN_REFERRER, ROSA))
    assert access.keeps_record(user, patient) == (user in (OWN_REFERRER, PSYCHOLOGY, ROSA))
    assert access.sees_referral(user, _referral("submitted")) == (user in (OWN_REFERRER, PSYCHOLOGY, SERVICE, ROSA))


@pytest.mark.parametrize("user", EVERYBODY, ids=lambda user: f"{user.role}-{user.id}")
def test_a_place_is_for_the_team_and_whether_it_has_room_for_all_who_may_need_to_know(user: User) -> None:
    assert access.sees_place(user, PlaceState()) == (user in (PSYCHOLOGY, SERVICE))
    others = (OWN_REFERRER, OTHER_REFERRER, ROSA, OTHER_PATIENT)
    assert access.asks_for_room(user, PlaceState()) == (user in (PSYCHOLOGY, SERVICE, *others))


def test_a_patient_does_not_see_a_draft() -> None:
    assert not access.sees_referral(ROSA, _referral("draft"))
    assert access.sees_referral(OWN_REFERRER, _referral("draft"))


def test_an_empty_state_belongs_to_nobody() -> None:
    nobody = User("", "patient")
    assert not access.sees_patient(nobody, PatientState())
    assert not access.sees_referral(nobody, ReferralState())


def test_a_caregiver_is_trusted_only_while_named_and_consented() -> None:
    assert not access.is_trusted(LUIS_HIMSELF, _patient())
    assert not access.is_trusted(LUIS_HIMSELF, _patient(ConsentScope.CAREGIVER))
    taking_part = [known.model_copy(update={"status": "accepted"}) for known in _patient().caregivers]
    consented = _patient(ConsentScope.CAREGIVER).model_copy(update={"caregivers": tuple(taking_part)})
    assert access.is_trusted(LUIS_HIMSELF, consented)
    assert not access.is_trusted(User("caregiver-other", "caregiver"), _patient(ConsentScope.CAREGIVER))
    assert not access.is_trusted(User("caregiver-luis", "referrer"), _patient(ConsentScope.CAREGIVER))


def test_the_referrer_reads_the_outcome_only_while_it_is_shared() -> None:
    assert not access.reads_outcome(OWN_REFERRER, _patient())
    assert access.reads_outcome(OWN_REFERRER, _patient(ConsentScope.SHARE_BACK))
    assert access.reads_outcome(PSYCHOLOGY, _patient())
    assert access.reads_outcome(ROSA, _patient())


@pytest.mark.parametrize("user", EVERYBODY, ids=lambda user: f"{user.role}-{user.id}")
def test_a_plan_is_shared_by_those_who_care_for_one_person_and_discussions_by_the_clinicians_among_them(
    user: User,
) -> None:
    assert access.shares_care_plan(user, _patient(), []) == (user in (OWN_REFERRER, PSYCHOLOGY, ROSA))
    assert access.sees_discussions(user) == (user in (OWN_REFERRER, OTHER_REFERRER, PSYCHOLOGY))


def test_who_has_referred_a_person_shares_their_plan() -> None:
    elsewhere = _patient().model_copy(update={"registered_by": "dr-lindqvist"})
    assert not access.shares_care_plan(OWN_REFERRER, elsewhere, [])
    assert access.shares_care_plan(OWN_REFERRER, elsewhere, [_referral("submitted")])
    assert not access.shares_care_plan(OTHER_PATIENT, elsewhere, [_referral("submitted")])
    assert not access.shares_care_plan(User("", "referrer"), PatientState(), [ReferralState()])
