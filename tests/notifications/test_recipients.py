"""What an agenda learns of its recipient: contact data, consents, and whom a patient trusts."""

from datetime import timedelta

from services.notifications.domain import commands as c
from shared.contracts import notifications as e
from tests.given import given
from tests.notifications.people import (
    AGENDA,
    EMAIL_ALLOWED,
    KNOWN,
    LUIS,
    LUIS_KNOWN,
    MORNING,
    ROSA,
    SYSTEM,
    dropped,
    permission,
    planned,
)

LATER = MORNING + timedelta(hours=1)
LEARN = c.LearnRecipient(now=MORNING, actor=SYSTEM, **KNOWN.model_dump(exclude={"at"}))
LEARN_LUIS = c.LearnRecipient(now=MORNING, actor=SYSTEM, **LUIS_KNOWN.model_dump(exclude={"at"}), about=ROSA)


def change(scope: str, granted: bool, recipient: str = ROSA) -> c.ChangePermission:
    return c.ChangePermission(
        now=MORNING, actor=SYSTEM, recipient_id=recipient, about=ROSA, scope=scope, granted=granted, fact_at=MORNING
    )


def know(linked: bool) -> c.KnowCaregiver:
    return c.KnowCaregiver(
        now=MORNING, actor=SYSTEM, recipient_id=ROSA, caregiver_id=LUIS, linked=linked, fact_at=MORNING
    )


def test_contact_data_are_learned() -> None:
    given(AGENDA).when(LEARN).then(KNOWN)


def test_the_same_contact_data_again_change_nothing() -> None:
    given(AGENDA, KNOWN).when(LEARN).then()


def test_a_new_address_is_learned() -> None:
    moved = LEARN.model_copy(update={"email": "new@example.org", "now": LATER})
    given(AGENDA, KNOWN).when(moved).then(KNOWN.model_copy(update={"email": "new@example.org", "at": LATER}))


def test_what_a_patient_agreed_to_at_registration_comes_with_the_contact_data() -> None:
    agreed = LEARN.model_copy(update={"scopes": ("email", "caregiver")})
    after = given(AGENDA).when(agreed).then(KNOWN, EMAIL_ALLOWED, permission("caregiver"))
    after.when(change("email", True)).then()


def test_what_a_patient_agreed_to_is_learned_once() -> None:
    agreed = LEARN.model_copy(update={"scopes": ("email",)})
    given(AGENDA, KNOWN, EMAIL_ALLOWED).when(agreed).then()


def test_a_caregiver_whose_patient_agreed_comes_with_that_permission() -> None:
    agreed = LEARN_LUIS.model_copy(update={"granted": True})
    given(AGENDA).when(agreed).then(LUIS_KNOWN, permission("caregiver", recipient=LUIS))


def test_a_caregiver_whose_patient_did_not_agree_has_no_permission() -> None:
    given(AGENDA).when(LEARN_LUIS).then(LUIS_KNOWN)


def test_a_consent_given_is_a_permission() -> None:
    given(AGENDA, KNOWN).when(change("email", True)).then(EMAIL_ALLOWED)


def test_a_consent_given_twice_changes_nothing() -> None:
    given(AGENDA, KNOWN, EMAIL_ALLOWED).when(change("email", True)).then()


def test_a_consent_withdrawn_that_never_stood_changes_nothing() -> None:
    given(AGENDA, KNOWN).when(change("email", False)).then()


def test_a_consent_withdrawn_drops_at_once_what_is_queued_because_of_it() -> None:
    (
        given(AGENDA, KNOWN, EMAIL_ALLOWED, planned(), planned("message-2", needs=None))
        .when(change("email", False))
        .then(permission("email", False), dropped("consent_withdrawn"))
    )


def test_a_consent_withdrawn_leaves_messages_that_rely_on_another() -> None:
    (
        given(AGENDA, KNOWN, EMAIL_ALLOWED, permission("caregiver"), planned())
        .when(change("caregiver", False))
        .then(permission("caregiver", False))
    )


def test_a_caregiver_keeps_what_another_patient_permits() -> None:
    other = e.PermissionChanged(at=MORNING, recipient_id=LUIS, about="patient-ben", scope="caregiver", granted=True)
    about_ben = planned(recipient_id=LUIS, about="patient-ben", needs="caregiver")
    after = (
        given(AGENDA, LUIS_KNOWN, permission("caregiver", recipient=LUIS), other, about_ben)
        .when(change("caregiver", False, LUIS))
        .then(permission("caregiver", False, LUIS))
    )
    assert after.state.permits("patient-ben", "caregiver")
    assert not after.state.permits(ROSA, "caregiver")


def test_a_trusted_person_is_known_once() -> None:
    linked = e.CaregiverKnown(at=MORNING, recipient_id=ROSA, caregiver_id=LUIS, linked=True)
    after = given(AGENDA, KNOWN).when(know(True)).then(linked)
    after.when(know(True)).then()


def test_a_trusted_person_may_be_taken_out_again() -> None:
    linked = e.CaregiverKnown(at=MORNING, recipient_id=ROSA, caregiver_id=LUIS, linked=True)
    after = given(AGENDA, KNOWN, linked).when(know(False)).then(linked.model_copy(update={"linked": False}))
    assert after.state.caregivers == ()
    after.when(know(False)).then()
