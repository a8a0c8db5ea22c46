"""The table of `policy.py` is whole, and fits the events and the templates."""

from string import Formatter

import pytest

from services.notifications import policy
from services.notifications.domain.state import ASKED_FOR, covers
from services.notifications.policy_silent import ROWS, SILENT
from services.notifications.rule import NEEDS
from services.notifications.texts import Texts
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Event
from tests.notifications.people import CLINIC

EVENTS = sorted({*policy.RULES, *policy.SETTLES}, key=lambda event: event.TYPE)


def fields_of(topic: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(topic) if name}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_of_the_table_exists_and_has_the_fields_that_its_rows_use(event: type[Event]) -> None:
    assert EVENT_TYPES[event.TYPE] is event
    rules = policy.RULES.get(event, ())
    for topic in (*(rule.topic for rule in rules), *policy.SETTLES.get(event, ())):
        assert fields_of(topic) <= set(event.model_fields)
    for rule in rules:
        asked = {field[0] for field in (rule.only, rule.unless) if field}
        computed = {name for name, one in vars(event).items() if isinstance(one, property)}
        begins = {rule.remind} if rule.remind else set()
        assert {*rule.shows, *asked, *begins} <= set(event.model_fields) | computed


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_settles_what_it_plans(event: type[Event]) -> None:
    for rule in policy.RULES.get(event, ()):
        assert not any(covers(settled, rule.topic) for settled in policy.SETTLES.get(event, ()))


def test_every_rule_has_its_template_and_every_template_its_rule() -> None:
    used = {rule.template for rules in policy.RULES.values() for rule in rules}
    # A code, or a link to sign in, follows from what a person wants, inside their own agenda.
    assert Texts(CLINIC).names == used | {*ASKED_FOR}


def test_everything_settled_is_something_that_was_planned() -> None:
    for topics in policy.SETTLES.values():
        for topic in topics:
            assert policy.audiences(topic)


def test_caregivers_are_told_that_treatment_starts_or_ends_and_nothing_between_and_no_name() -> None:
    """Of a patient no pause, no missed meeting, no reason; and a text that is given nothing can name nobody."""
    told = {
        event.TYPE: rule
        for event, rules in policy.RULES.items()
        for rule in rules
        if rule.to in ("caregivers", "caregiver") and rule.needs is None
    }
    assert sorted(told) == [
        "carepath.episode.activated.v1",
        "carepath.episode.finished.v1",
        "carepath.patient.caregiver_invited.v1",
    ]
    assert {rule.scope for rule in told.values() if rule.to == "caregivers"} == {"news"}
    assert {shown for rule in told.values() for shown in rule.shows} == {"answer_by"}


def test_what_caregivers_are_told_is_never_settled() -> None:
    # Only the patient's agenda knows the caregivers, so a settled topic would not reach theirs.
    assert not any("caregivers" in policy.audiences(topic) for topics in policy.SETTLES.values() for topic in topics)


def test_what_caregivers_are_told_shows_nothing_of_the_event() -> None:
    assert not any(rule.shows for rules in policy.RULES.values() for rule in rules if rule.to == "caregivers")


def test_only_safety_is_critical() -> None:
    critical = {rule.template for rules in policy.RULES.values() for rule in rules if rule.critical}
    of_caregivers = {"carer_not_safe", "carer_word_worries"}
    assert (
        critical
        == {"risk_alert", "risk_alert_escalated", "risk_alert_waits", "crisis_help", "call_failed"} | of_caregivers
    )


def test_no_message_about_danger_waits_for_what_may_follow() -> None:
    assert not any(rule.waits for rules in policy.RULES.values() for rule in rules if rule.critical)


def test_staff_need_no_consent_and_others_do() -> None:
    assert NEEDS == {
        "patient": "email",
        "patient_performer": "email",
        "members": "email",
        "reserves": "email",
        "caregivers": "caregiver",
    }


@pytest.mark.parametrize("event", sorted(EVENT_TYPES.values(), key=lambda event: event.TYPE))
def test_an_event_is_told_or_settles_something_or_says_why_nobody_hears_of_it(event: type[Event]) -> None:
    assert (event in policy.HEARD) != (event in SILENT)


def test_what_nobody_is_told_of_exists_and_has_one_reason() -> None:
    rows = [event for events in ROWS.values() for event in events]
    assert len(rows) == len(set(rows))
    assert set(rows) <= set(EVENT_TYPES.values())
    assert all(SILENT.values())
