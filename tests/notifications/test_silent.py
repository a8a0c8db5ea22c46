"""Every event is told to somebody, settles something, is learned from, or stands in the table of what is not told."""

import pytest

from services.notifications import policy
from services.notifications.policy_silent import SILENT
from services.notifications.reactions import reactions
from shared.contracts.catalogue import PUBLISHERS
from shared.contracts.envelope import Event
from tests.notifications.people import CLINIC

HEARD = set(reactions(CLINIC))
TOLD_OR_SETTLED = {*policy.RULES, *policy.SETTLES, *policy.OVERTAKES}
NOT_TOLD = [event for events in SILENT.values() for event in events]
OTHERS = [event for service in ("referrals", "interventions") for event in PUBLISHERS[service]]


@pytest.mark.parametrize("event", OTHERS, ids=lambda event: event.__name__)
def test_of_every_event_it_was_decided_whom_it_concerns(event: type[Event]) -> None:
    assert (event in HEARD) != (event in NOT_TOLD), (
        "it belongs either in policy.py or, with a reason, in policy_silent.py"
    )


def test_no_event_stands_there_twice_and_each_is_an_event_of_others() -> None:
    assert len(NOT_TOLD) == len(set(NOT_TOLD))
    assert set(NOT_TOLD) <= set(OTHERS)


def test_what_is_heard_and_tells_nobody_is_contact_data_and_consent() -> None:
    learned = {event.__name__ for event in HEARD - TOLD_OR_SETTLED}
    assert learned == {
        *("PatientRegistered", "ConsentGiven", "ConsentWithdrawn", "CaregiverLinked", "CaregiverUnlinked"),
        *("CaregiverAccepted", "CaregiverPreferencesChanged", "CaregiverLeft", "ScopeOpened", "ScopeClosed"),
        "CaregiverMessageDue",
    }
