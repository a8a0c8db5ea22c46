"""Who hears of a shared plan: those who were asked, the one who asked, and whoever is to do something."""

from typing import Any

import pytest

from services.notifications.reactions import reactions
from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from shared.contracts.notifications import MessagePlanned
from tests.notifications.facts import ACTIVITY, DISCUSSION, SOON
from tests.notifications.people import CLINIC, ROSA, cause, planned

TABLE = reactions(CLINIC)
OF_PSYCHOLOGY = {**DISCUSSION, "asked_by": "dr-okafor", "asked_of": "psychology"}
TEAM = set(CLINIC.triage_team)


def told(event: Event) -> dict[str, str]:
    """The template for each person who is told something."""
    commands: list[Any] = [target.command for target in TABLE[type(event)](event, cause(event))]
    return {one.recipient_id: plan.template for one in commands for plan in one.plan}


def settled(event: Event) -> dict[str, set[str]]:
    commands: list[Any] = [target.command for target in TABLE[type(event)](event, cause(event))]
    return {one.recipient_id: set(one.settle) for one in commands if one.settle}


def activity(performer: str, performer_id: str | None = None, planned_by: str = "psy-moreno") -> r.ActivityPlanned:
    values = {**ACTIVITY, "performer": performer, "performer_id": performer_id, "planned_by": planned_by}
    return r.ActivityPlanned(**values, text="Walk.")


@pytest.mark.parametrize(
    ("ids", "asked", "asker"), [(DISCUSSION, {"dr-okafor"}, "psy-tanaka"), (OF_PSYCHOLOGY, TEAM, "dr-okafor")]
)
def test_the_other_discipline_hears_a_question_and_the_asker_what_became_of_it(
    ids: dict[str, Any], asked: set[str], asker: str
) -> None:
    question = r.DiscussionAsked(**ids, question="Which dose?", wanted_by=SOON.date())
    assert told(question) == dict.fromkeys(asked, "discussion_asked")
    assert told(r.DiscussionOverdue(**ids, reminder=2)) == dict.fromkeys(asked, "discussion_overdue")
    scheduled = r.DiscussionScheduled(**ids, meet_at=SOON, scheduled_by="somebody")
    assert told(scheduled) == {asker: "discussion_scheduled"}
    answered = r.DiscussionAnswered(**ids, answer="Half.", answered_by="somebody")
    assert told(answered) == {asker: "discussion_answered"}
    owed, everything = {"discussion:discussion-1/owed"}, {"discussion:discussion-1"}
    assert settled(scheduled) == settled(answered) == dict.fromkeys(asked, owed)
    closed = r.DiscussionClosed(**ids, reason_code="no_longer_needed")
    assert (told(closed), settled(closed)) == ({}, dict.fromkeys({*asked, asker}, everything))


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (activity("patient"), {ROSA: "activity_planned"}),
        (activity("patient", ROSA), {ROSA: "activity_planned"}),
        (activity("caregiver", "caregiver-luis"), {}),
        (activity("pain"), {}),
        (activity("pain", "dr-okafor"), {"dr-okafor": "activity_to_do"}),
        (activity("psychology", "psy-tanaka"), {"psy-tanaka": "activity_to_do"}),
        (activity("psychology", "psy-moreno", planned_by="psy-moreno"), {}),
    ],
)
def test_whoever_is_to_do_something_hears_of_it_unless_they_planned_it_themselves(
    event: r.ActivityPlanned, expected: dict[str, str]
) -> None:
    assert told(event) == expected


def test_a_named_clinician_hears_that_it_is_overdue_and_a_patient_is_not_chased() -> None:
    late = {"due": SOON.date()}
    theirs = {**ACTIVITY, "performer": "pain", "performer_id": "dr-okafor"}
    assert told(r.ActivityOverdue(**theirs, **late)) == {"dr-okafor": "activity_overdue"}
    assert told(r.ActivityOverdue(**ACTIVITY, **late)) == {}


@pytest.mark.parametrize(
    ("performer", "performer_id", "who"),
    [("patient", None, {ROSA}), ("pain", "dr-okafor", {"dr-okafor"}), ("psychology", None, set())],
)
def test_what_has_ended_needs_no_message_any_more(performer: str, performer_id: str | None, who: set[str]) -> None:
    ids = {**ACTIVITY, "performer": performer, "performer_id": performer_id}
    ended = r.ActivityEnded(**ids, status="completed", ended_by="somebody")
    assert settled(ended) == {one: {"activity:activity-1"} for one in who}


def test_an_activity_for_the_patient_needs_their_consent_to_e_mail() -> None:
    event = activity("patient")
    [target] = TABLE[r.ActivityPlanned](event, cause(event))
    command: Any = target.command
    assert (command.kind, command.plan[0].needs, command.plan[0].parameters) == ("patient", "email", {})


def test_patients_do_not_see_in_their_history_what_staff_were_told() -> None:
    for_staff = planned(recipient_id="psy-tanaka", template="discussion_asked", needs=None).model_dump(mode="json")
    assert not MessagePlanned.is_for_patient(for_staff)
    assert MessagePlanned.is_for_patient(planned().model_dump(mode="json"))
