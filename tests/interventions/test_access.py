"""Who may see or do what: each role against each rule, deny by default."""

import pytest

from services.interventions import access
from services.interventions.domain.alert.state import AlertState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.feedback.state import FeedbackState
from services.interventions.domain.series.state import SeriesState
from shared.runtime.auth import User

OWN, OTHER = User("p1", "patient"), User("p2", "patient")
PSYCHOLOGY, SERVICE = User("ana", "psychology"), User("portal", "service")
STRANGERS = [User("p1", "referrer"), User("p1", "caregiver"), User("p1", "operator"), User("", "patient"), OTHER]
EPISODE, SERIES = EpisodeState(patient_id="p1"), SeriesState(patient_id="p1")
ALERT = AlertState(patient_id="p1")
FEEDBACK = FeedbackState(patient_id="p1")


@pytest.mark.parametrize("state", [EPISODE, SERIES])
def test_the_patient_psychology_and_services_see_a_treatment(state: EpisodeState | SeriesState) -> None:
    assert all(access.sees(user, state) for user in (OWN, PSYCHOLOGY, SERVICE))
    assert not any(access.sees(user, state) for user in STRANGERS)


@pytest.mark.parametrize("state", [EPISODE, SERIES])
def test_only_the_patient_and_psychology_take_part(state: EpisodeState | SeriesState) -> None:
    assert all(access.takes_part(user, state) for user in (OWN, PSYCHOLOGY))
    assert not any(access.takes_part(user, state) for user in [*STRANGERS, SERVICE])


def test_a_treatment_of_nobody_is_nobodys() -> None:
    assert not access.sees(User("", "patient"), EpisodeState())


def test_only_psychology_treats_and_works_on_alerts() -> None:
    assert access.treats(PSYCHOLOGY, EPISODE)
    assert access.treats(PSYCHOLOGY, ALERT)
    assert not any(access.treats(user, EPISODE) for user in [*STRANGERS, OWN, SERVICE])
    assert access.sees_alert(SERVICE, ALERT)
    assert not any(access.sees_alert(user, ALERT) for user in [*STRANGERS, OWN])


def test_only_the_person_says_how_it_was_and_only_they_and_psychology_read_it() -> None:
    assert access.gives_feedback(OWN, FEEDBACK)
    assert not any(access.gives_feedback(user, FEEDBACK) for user in [*STRANGERS, PSYCHOLOGY, SERVICE])
    assert all(access.reads_feedback(user, FEEDBACK) for user in (OWN, PSYCHOLOGY))
    assert not any(access.reads_feedback(user, FEEDBACK) for user in [*STRANGERS, SERVICE])
