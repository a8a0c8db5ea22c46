"""What somebody whom a patient trusts reads: a first name, when and how, and nothing of what is behind it."""

from datetime import timedelta
from typing import Any, get_args

import pytest

from services.referrals import shared_views as views
from services.referrals.domain.patient.state import PatientState
from services.referrals.domain.referral.state import ReferralState, Status
from shared.contracts import referrals as e
from tests.given import given
from tests.referrals.people import (
    AT_PLACE,
    DRAFTED,
    HISTORIES,
    IDS,
    LATER,
    LUIS,
    NOW,
    PATIENT,
    RECEIVED,
    REFERRAL,
    REGISTERED,
    TREATED,
    WITHDRAWN,
    consent,
)

WHO: dict[str, Any] = {"at": NOW, "patient_id": "patient-rosa", "caregiver_id": "caregiver-luis"}
ROSA: PatientState = given(
    PATIENT,
    REGISTERED,
    LUIS,
    consent(e.ConsentScope.CAREGIVER),
    e.CaregiverInvited(**WHO, answer_by=LATER),
    e.CaregiverAccepted(**WHO, language="en", email=True),
).state


def shared(*scopes: e.CaregiverScope, of: tuple[ReferralState, ...] = ()) -> views.Shared:
    return views.shared(ROSA, frozenset(scopes), of, None, "en")


def after(*events: e.ReferralEvent) -> ReferralState:
    state: ReferralState = given(REFERRAL, *events).state
    return state


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Rosa Marin", "Rosa"),
        ("  Rosa  Marin Delgado", "Rosa"),
        ("Rosa", "Rosa"),
        ("Marin, Rosa", "Rosa"),
        ("Marin Delgado, Rosa María", "Rosa"),
        ("Marin,", "Marin"),
        (" ", None),
        (",", None),
        ("", None),
        (None, None),
    ],
)
def test_a_first_name_is_all_that_they_read(name: str | None, first: str | None) -> None:
    assert views.first_name(name) == first


def test_the_family_name_stands_in_no_view_for_them() -> None:
    assert shared("news").name == "Rosa"
    assert views.trusting_patient("caregiver-luis", 1, ROSA, NOW).name == "Rosa"
    for view in (
        shared(*get_args(e.CaregiverScope), of=(after(*TREATED),)),
        views.trusting_patient("caregiver-luis", 1, ROSA, NOW),
    ):
        assert "Marin" not in view.model_dump_json()


@pytest.mark.parametrize("status", list(HISTORIES))
def test_news_is_that_treatment_starts_or_ends_and_nothing_between(status: str) -> None:
    told = {"in_treatment": "running", "outcome_sent": "ended", "loop_closed": "ended"}
    news = shared("news", of=(after(*HISTORIES[status]),)).news
    assert news is not None
    assert news.stands == told.get(status, "before")
    assert (news.since is None) == (news.stands == "before")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("started", [None, NOW])
def test_no_status_shows_as_anything_else(status: Status, started: Any) -> None:
    referral = after(DRAFTED).model_copy(update={"status": status, "treatment_started_at": started})
    news = shared("news", of=(referral,)).news
    assert news is not None
    if started is None and status is not Status.IN_TREATMENT:
        assert news == views.News(stands="before", since=None)
    assert set(news.model_dump()) == {"stands", "since"}


def test_a_wish_to_cancel_is_for_those_who_treat() -> None:
    asked = e.CancellationRequested(at=LATER, **IDS, reason_code="other", note="Moves away.")
    of = (after(*TREATED, asked),)
    assert of[0].status is Status.CANCELLATION_REQUESTED
    assert shared("news", of=of).news == views.News(stands="running", since=NOW)


def test_of_more_than_one_referral_the_one_that_runs_counts() -> None:
    old, new = after(*TREATED, RECEIVED), after(*TREATED)
    for of in ((old, new), (new, old)):
        news = shared("news", of=of).news
        assert news is not None
        assert news.stands == "running"
    news = shared("news", of=(after(DRAFTED, WITHDRAWN), old)).news
    assert news is not None
    assert news.stands == "ended"


def test_a_meeting_is_shown_without_where_or_why() -> None:
    at = NOW + timedelta(days=3)
    booked = e.AppointmentScheduled(
        at=NOW, **AT_PLACE, appointment=e.Appointment(at=at, minutes=50, mode="in_person", clinician_id="psy-4711")
    )
    of = (after(*HISTORIES["waitlisted"], booked),)
    found = shared("appointments", of=of)
    assert found.appointments == (views.Meeting(at=at, minutes=50, mode="in_person"),)
    assert not [word for word in ("4711", AT_PLACE["place_id"], "Pain for") if word in found.model_dump_json()]
    assert set(views.Meeting.model_fields) == {"at", "minutes", "mode"}


def test_a_closed_thing_is_absent_and_not_empty() -> None:
    of = (after(*TREATED),)
    assert shared(of=of).model_dump(exclude_none=True) == {"name": "Rosa", "open": ()}
    assert set(shared("plan", of=of).model_dump(exclude_none=True)) == {"name", "open", "plan"}
