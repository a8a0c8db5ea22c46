"""A call for help that cannot be delivered: somebody else is called at once, operators hear of it, and it ends."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.reactions import reactions
from shared.contracts import notifications as e
from shared.contracts.clinic_on_call import OnCall, Shift
from tests.given import given
from tests.notifications.people import AGENDA, CLINIC, MORNING, SYSTEM, TANAKA, TANAKA_KNOWN, cause, claimed, planned

STAFF = {"recipient_id": TANAKA, "needs": None, "about": "rosa", "topic": "risk:a1", "template": "risk_alert"}
FIRST, SECOND, LAST = CLINIC.risk_ladder
FAILED = e.CallFailed(
    at=MORNING,
    recipient_id=FIRST,
    message_id="message-1",
    template="risk_alert",
    topic="risk:a1",
    parameters={"alert_id": "a1"},
    about="rosa",
    fact_at=MORNING - timedelta(minutes=5),
)


def refused(failure: Any, **changes: Any) -> list[str]:
    command = c.RecordFailed(
        now=MORNING, actor=SYSTEM, message_id="message-1", attempt=1, failure=failure, detail="550"
    )
    message = planned(**{**STAFF, "critical": True, **changes})
    state = given(AGENDA, TANAKA_KNOWN, message, claimed(recipient=TANAKA)).state
    return [type(event).__name__ for event in AGENDA.decide(state, command)]


@pytest.mark.parametrize("failure", ["permanent", "technical"])
def test_a_critical_e_mail_to_staff_that_fails_for_good_is_said_to_be_a_failed_call(failure: str) -> None:
    assert refused(failure) == ["MessageFailed", "CallFailed"]


def test_what_is_tried_again_or_is_not_critical_or_says_that_a_call_failed_is_no_failed_call() -> None:
    assert refused("temporary") == ["MessageFailed"]
    assert refused("permanent", critical=False) == ["MessageFailed"]
    assert refused("permanent", template="call_failed") == ["MessageFailed"]


def planned_for(event: e.CallFailed, id: str = "event-1", clinic: Any = CLINIC) -> dict[str, c.Planned]:
    targets = list(reactions(clinic)[e.CallFailed](event, cause(event, id)))
    assert len({target.id for target in targets}) == len(targets)
    return {one.command.recipient_id: one.command.plan[0] for one in targets}  # type: ignore[attr-defined]


def test_the_next_on_duty_is_told_the_same_and_operators_whom_it_did_not_reach() -> None:
    told = planned_for(FAILED)
    assert {who: plan.template for who, plan in told.items()} == {SECOND: "risk_alert", "op-byrne": "call_failed"}
    assert (told[SECOND].parameters, told[SECOND].topic, told[SECOND].about) == ({"alert_id": "a1"}, "risk:a1", "rosa")
    assert all(plan.critical for plan in told.values())
    assert told["op-byrne"].parameters == {"recipient_id": FIRST}


def test_it_goes_up_the_rota_and_ends_above_the_last_rung() -> None:
    rota = CLINIC.model_copy(update={"on_call": OnCall(rota=(Shift(ladder=(LAST, FIRST)),))})
    called, event = [], FAILED.model_copy(update={"recipient_id": LAST})
    while following := next((one for one in planned_for(event, clinic=rota) if one != "op-byrne"), None):
        called.append(following)
        event = event.model_copy(update={"recipient_id": following})
    assert called == [FIRST]


def test_heard_twice_it_makes_no_second_message_and_operators_hear_once_of_one_matter() -> None:
    again = FAILED.model_copy(update={"message_id": "message-2"})
    first, repeated, later = planned_for(FAILED), planned_for(FAILED), planned_for(again, "event-2")
    assert first == repeated
    assert later["op-byrne"].message_id == first["op-byrne"].message_id
    assert later[SECOND].message_id != first[SECOND].message_id


def test_the_next_call_is_about_the_first_fact_so_that_what_settled_it_counts() -> None:
    targets = reactions(CLINIC)[e.CallFailed](FAILED, cause(FAILED, "event-1"))
    facts = {one.command.recipient_id: one.command.fact_at for one in targets}  # type: ignore[attr-defined]
    assert facts == {SECOND: FAILED.fact_at, "op-byrne": FAILED.at}
