"""The safety leads hear of a record opened in need at once, also by night, until somebody has looked at it."""

from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.reactions import reactions
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event
from shared.contracts.on_call import safety_leads
from tests.given import given
from tests.notifications.access_facts import BROKEN, OVERDUE, REVIEWED
from tests.notifications.people import AGENDA, CLINIC, cause

LEADS = safety_leads(CLINIC)


def commands(event: Event, clinic: Clinic = CLINIC) -> dict[str, c.HandleFact]:
    targets: Any = reactions(clinic)[type(event)](event, cause(event))
    return {target.command.recipient_id: target.command for target in targets}


def test_the_first_of_the_ladder_hears_of_it_where_nobody_is_named() -> None:
    assert commands(BROKEN).keys() == set(CLINIC.risk_ladder[:1])


def test_those_named_hear_of_it_at_once_and_nobody_reads_whose_record_it_was_or_why() -> None:
    access = CLINIC.access.model_copy(update={"safety_leads": ("lead-haddad", "psy-moreno")})
    told = commands(BROKEN, CLINIC.model_copy(update={"access": access}))
    assert told.keys() == {"lead-haddad", "psy-moreno"}
    for command in told.values():
        [message] = command.plan
        assert (message.template, message.critical) == ("glass_broken", True)
        assert not {BROKEN.patient_id, BROKEN.reason} & set(map(str, message.parameters.values()))


@pytest.mark.parametrize("event", [BROKEN, OVERDUE])
def test_once_somebody_has_looked_no_mail_goes_out_any_more(event: Event) -> None:
    story = given(AGENDA).when(commands(event)[LEADS[0]]).happened()
    [message] = story.when(commands(REVIEWED)[LEADS[0]]).happened().state.messages.values()
    assert message.status == "dropped"
