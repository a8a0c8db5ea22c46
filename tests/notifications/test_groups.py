"""Who is told what of groups, and what makes it pointless."""

from datetime import timedelta
from typing import Any

import pytest

from services.notifications.domain import commands as c
from services.notifications.reactions import reactions
from shared.contracts import interventions as i
from shared.contracts.envelope import Event
from tests.given import given
from tests.notifications.group_facts import ALL, GROUP_FACTS, LEADERS, MEMBERSHIP, OMAR, SOON, WAITS
from tests.notifications.people import AGENDA, CLINIC, MORNING, ROSA, cause

TABLE = reactions(CLINIC)
FACTS: dict[type[Event], Event] = {type(event): event for event in GROUP_FACTS}
BOTH = (ROSA, OMAR)
FINISHED = i.GroupFinished(**ALL, members=(), programme_id="cbt-pain", language="en", mode="video")


def commands(event: Event) -> dict[str, c.HandleFact]:
    """What the event does, by the recipient."""
    targets: Any = TABLE[type(event)](event, cause(event))
    return {target.command.recipient_id: target.command for target in targets}


def told(event: Event) -> dict[str, list[str]]:
    """Templates by the recipient."""
    return {who: [one.template for one in command.plan] for who, command in commands(event).items() if command.plan}


WHO: list[tuple[type[Event], tuple[str, ...], str]] = [
    (i.InvitedToGroup, (ROSA,), "group_invitation"),
    (i.GroupSeatGiven, (ROSA,), "group_seat"),
    (i.GroupReserveGiven, (ROSA,), "group_reserve"),
    (i.GroupSeatRefused, (ROSA,), "group_refused"),
    (i.GroupConfirmed, BOTH, "group_confirmed"),
    (i.GroupPostponed, BOTH, "group_postponed"),
    (i.GroupSessionMoved, BOTH, "group_session_moved"),
    (i.GroupCancelled, BOTH, "group_cancelled"),
    (i.GroupCancelled, LEADERS, "group_leading_cancelled"),
    (i.GroupConfirmed, LEADERS, "group_leading_begins"),
    (i.GroupPostponed, (WAITS,), "group_reserve_postponed"),
    (i.GroupSessionMoved, (WAITS,), "group_reserve_moved"),
    # Nobody is told of what they have decided themselves.
    (i.GroupPostponed, ("psy-tanaka",), "group_leading_later"),
    (i.GroupSessionMoved, ("psy-tanaka",), "group_leading_moved"),
    (i.GroupDatesNoted, (ROSA,), "group_invitation_dates"),
    (i.GroupSessionMissed, (ROSA,), "group_missed"),
    (i.GroupSessionNotHeld, BOTH, "group_not_held"),
    (i.GroupRulesAsked, (ROSA,), "group_rules"),
    (i.GroupFewLeft, tuple({*CLINIC.coordinators, *LEADERS}), "group_few_left"),
    (i.GroupUnfinished, tuple({*CLINIC.coordinators, *LEADERS}), "group_unfinished"),
    (i.GroupUnderMinimum, CLINIC.coordinators, "group_under_minimum"),
    (i.GroupAttendanceOverdue, LEADERS, "group_attendance_due"),
    (i.CallAsked, CLINIC.triage_team, "call_due"),
]


@pytest.mark.parametrize(("kind", "who", "template"), WHO, ids=lambda value: getattr(value, "__name__", None))
def test_who_hears_of_it(kind: type[Event], who: tuple[str, ...], template: str) -> None:
    heard = told(FACTS[kind])
    assert {one for one, templates in heard.items() if template in templates} == set(who)
    assert all(len(templates) == 1 for templates in heard.values())


@pytest.mark.parametrize(
    "kind", [i.GroupAccepted, i.GroupDeclined, i.GroupInvitationLapsed, i.GroupPartEnded, i.GroupAttendanceTaken]
)
def test_what_somebody_does_in_a_group_nobody_else_is_told_of(kind: type[Event]) -> None:
    assert told(FACTS[kind]) == {}


def test_whoever_was_only_asked_hears_once_that_the_group_does_not_take_place() -> None:
    withdrawn = FACTS[i.GroupPartEnded].model_copy(update={"how": "invitation_withdrawn", "had_seat": None})
    assert told(withdrawn) == {ROSA: ["group_withdrawn"]}
    later = withdrawn.model_copy(update={"at": LATER})
    assert dropped(FACTS[i.InvitedToGroup], later) == ["group_invitation"]


def test_who_leads_and_coordinates_a_group_hears_once_that_few_are_left() -> None:
    both = FACTS[i.GroupFewLeft].model_copy(update={"facilitators": CLINIC.coordinators})
    assert told(both) == {one: ["group_few_left"] for one in CLINIC.coordinators}
    [command] = [one for who, one in commands(both).items() if who == CLINIC.coordinators[0]]
    assert len(command.plan) == 1


@pytest.mark.parametrize("kind", [i.GroupFinished, i.GroupCancelled])
def test_nothing_is_owed_of_a_group_that_is_over(kind: type[Event]) -> None:
    over = FINISHED.model_copy(update={"facilitators": LEADERS}) if kind is i.GroupFinished else FACTS[kind]
    for owed in (i.GroupFewLeft, i.GroupUnfinished):
        topic = commands(FACTS[owed])[LEADERS[0]].plan[0].topic
        settled = commands(over)[LEADERS[0]].settle
        assert any(topic.startswith(f"{one}/") for one in settled)


def test_rules_that_were_agreed_to_are_not_asked_about_any_more() -> None:
    agreed = FACTS[i.GroupRulesAgreed].model_copy(update={"at": LATER})
    assert dropped(FACTS[i.GroupRulesAsked], agreed) == ["group_rules"]


def test_of_another_facilitator_the_group_and_both_of_them_hear() -> None:
    said = told(FACTS[i.GroupFacilitatorReplaced])
    assert {who: said[who] for who in BOTH} == {who: ["group_leader_changed"] for who in BOTH}
    assert {who for who in said if who not in BOTH} == {"psy-moreno", "lead-haddad"}


def test_of_the_last_meeting_nobody_hears_twice() -> None:
    """Whoever was there is asked the last questions, and whoever was not hears that they were missed."""
    assert not set(BOTH) & set(told(FINISHED))
    assert told(FACTS[i.GroupSessionMissed]) == {ROSA: ["group_missed"]}


def test_before_anybody_has_begun_nothing_is_said_to_be_open() -> None:
    missed = i.GroupSessionMissed(
        **MEMBERSHIP, number=1, module_ids=("one",), reason_code="ill", in_a_row=1, row_from=1, before_first=True
    )
    assert told(missed) == {ROSA: ["group_missed_first"]}


MOVED = i.GroupSessionMoved(**ALL, number=3, moved_from=MORNING, moved_to=SOON, minutes=90)
LATER = MORNING + timedelta(minutes=5)


def dropped(*events: Event) -> list[str]:
    """Templates of the e-mails to Rosa that were dropped unsent, after all of these."""
    story = given(AGENDA)
    for event in events:
        story = story.when(commands(event)[ROSA]).happened()
    return [one.template for one in story.state.messages.values() if one.status == "dropped"]


def test_a_postponement_takes_the_place_of_an_unsent_new_date() -> None:
    postponed = FACTS[i.GroupPostponed].model_copy(update={"at": LATER})
    assert dropped(MOVED, postponed) == ["group_session_moved"]
    # The other way round both hold: after all dates moved on, one of them moved again.
    assert dropped(FACTS[i.GroupPostponed], MOVED.model_copy(update={"at": LATER})) == []
    other = postponed.model_copy(update={"group_id": "group-2"})
    assert dropped(MOVED, other) == []


def test_of_two_new_dates_for_one_meeting_the_later_holds_and_of_two_meetings_both() -> None:
    again = MOVED.model_copy(update={"at": LATER})
    assert dropped(MOVED, again) == ["group_session_moved"]
    assert dropped(MOVED, again.model_copy(update={"number": 4})) == []


@pytest.mark.parametrize("kind", [i.GroupAccepted, i.GroupDeclined, i.GroupInvitationLapsed])
def test_an_answer_settles_the_invitation(kind: type[Event]) -> None:
    answer = FACTS[kind].model_copy(update={"at": LATER})
    assert dropped(FACTS[i.InvitedToGroup], answer) == ["group_invitation"]


def test_whoever_is_out_of_the_group_hears_no_more_of_its_dates() -> None:
    left = FACTS[i.GroupPartEnded].model_copy(update={"at": LATER})
    assert dropped(MOVED, FACTS[i.GroupConfirmed], left) == ["group_session_moved", "group_confirmed"]


def test_attendance_that_was_taken_is_not_owed_any_more() -> None:
    overdue, taken = FACTS[i.GroupAttendanceOverdue], FACTS[i.GroupAttendanceTaken]
    topic = commands(overdue)[LEADERS[0]].plan[0].topic
    assert {who: topic in command.settle for who, command in commands(taken).items()} == dict.fromkeys(LEADERS, True)
