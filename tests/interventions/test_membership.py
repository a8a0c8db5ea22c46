"""One person's part in a group, decision by decision and refusal by refusal; its meetings have a file of their own."""

from typing import Any

import pytest

from services.interventions.domain.membership import commands as c
from shared.contracts import interventions as e
from shared.contracts.commands import TimerDue
from shared.contracts.envelope import Event
from tests.given import given
from tests.interventions import example as ex
from tests.interventions.members import (
    ACCEPTED,
    ANSWER_BY,
    ASKED,
    BACK,
    DECLINED,
    FIRST_DATE,
    INVITED,
    LAPSED,
    LEFT,
    OTHER,
    RESERVE,
    SEAT,
    SEATED,
    YES,
    M,
    attended,
    ended,
    marked,
    missed,
    of,
    of_group,
)


def test_somebody_is_asked_once_to_one_group_at_a_time() -> None:
    story = given(M).when(ex.command(c.InviteToGroup, ex.ANA, **ASKED)).then(INVITED)
    story.when(ex.command(c.InviteToGroup, ex.ANA, **ASKED)).then()
    story.when(ex.command(c.InviteToGroup, ex.ANA, **OTHER)).refused("in-a-group")
    late = {**ASKED, "answer_by": ex.T0}
    given(M).when(ex.command(c.InviteToGroup, ex.ANA, **late)).refused("joining-closed")


@pytest.mark.parametrize("before", [(INVITED, DECLINED), (INVITED, LAPSED), (*SEATED, LEFT)])
def test_whoever_is_out_of_it_can_be_asked_again_and_begins_anew(before: tuple[Event, ...]) -> None:
    again = of(e.InvitedToGroup, **{**OTHER, "invitation": 2, "invited_by": "ana"})
    story = given(M, *before).when(ex.command(c.InviteToGroup, ex.ANA, **OTHER)).then(again)
    assert (story.state.status, story.state.name, dict(story.state.marks)) == ("invited", None, {})


def test_yes_names_the_rules_that_were_read_and_a_name_or_none() -> None:
    given(M, INVITED).when(YES).then(ACCEPTED)
    nameless = YES.model_copy(update={"name": None})
    given(M, INVITED).when(nameless).then(of(e.GroupAccepted, rules_version=1, name=None))
    for version in (None, 2):
        old = YES.model_copy(update={"rules_version": version})
        given(M, INVITED).when(old).refused("group-rules-missing", version=1)


def test_no_needs_no_reason() -> None:
    given(M, INVITED).when(ex.command(c.AnswerInvitation, accept=False)).then(of(e.GroupDeclined, reason_code="other"))
    no = ex.command(c.AnswerInvitation, accept=False, reason_code="too_soon")
    given(M, INVITED).when(no).then(DECLINED)


@pytest.mark.parametrize("before", [(), (INVITED, LAPSED), (INVITED, DECLINED), (INVITED, ACCEPTED), (*SEATED, LEFT)])
def test_only_an_open_invitation_is_answered(before: tuple[Event, ...]) -> None:
    given(M, *before).when(YES).refused("invitation-closed")


def test_an_invitation_lapses_at_its_time_and_not_before() -> None:
    given(M, INVITED).when(YES.model_copy(update={"now": ANSWER_BY})).refused("invitation-closed")
    due = ex.command(TimerDue, now=ANSWER_BY, name="lapse")
    given(M, INVITED).when(due).then(of(e.GroupInvitationLapsed, at=ANSWER_BY))
    given(M, INVITED).when(ex.command(TimerDue, name="lapse")).then()
    given(M, INVITED, ACCEPTED).when(due).then()
    assert M.timers(given(M, INVITED).state) == {"lapse": ANSWER_BY}
    assert M.timers(given(M, INVITED, ACCEPTED).state) == {}


def test_the_group_says_whether_they_have_a_seat() -> None:
    seat, reserve = of_group(c.NoteSeat, seat="seat"), of_group(c.NoteSeat, seat="reserve")
    given(M, INVITED, ACCEPTED).when(seat).then(SEAT)
    given(M, INVITED, ACCEPTED).when(reserve).then(RESERVE).when(seat).then(SEAT).when(seat).then()
    given(M, INVITED, ACCEPTED).when(of_group(c.NoteRefusal, reason="full")).then(ended("no_seat", False))
    for before in ((INVITED,), (INVITED, DECLINED), (*SEATED, LEFT)):
        given(M, *before).when(seat).then()
        given(M, *before).when(of_group(c.NoteRefusal, reason="closed")).then()


@pytest.mark.parametrize(
    "command",
    [
        of_group(c.NoteSeat, seat="reserve"),
        of_group(c.NoteRefusal, reason="closed"),
        marked(1, present=False),
        of_group(c.EndPart, how="finished"),
        of_group(c.EndPart, how="group_cancelled"),
        of_group(c.NoteSeat, 2, "g2", seat="reserve"),
        of_group(c.EndPart, 2, "g2", how="finished"),
        ex.command(c.EndWithTreatment, episode_version=9),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_was_said_of_an_earlier_time_or_of_another_group_does_not_concern_them_now(command: Any) -> None:
    given(M, *BACK).when(command).then()


@pytest.mark.parametrize("standing", [(ACCEPTED,), (ACCEPTED, SEAT), (ACCEPTED, RESERVE)])
def test_whoever_is_in_it_changes_their_name_and_leaves(standing: tuple[Event, ...]) -> None:
    story = given(M, INVITED, *standing)
    story.when(ex.command(c.ChangeName, name="R.")).then(of(e.GroupNameChanged, name="R."))
    story.when(ex.command(c.ChangeName)).then(of(e.GroupNameChanged, name=None))
    story.when(ex.command(c.ChangeName, name="Rosi")).then()
    story.when(ex.command(c.LeaveGroup)).then(ended("left", SEAT in standing))


OUTSIDE = [(), (INVITED,), (INVITED, DECLINED), (INVITED, LAPSED), (*SEATED, LEFT)]
WISHES = [
    ex.command(c.ChangeName),
    ex.command(c.LeaveGroup),
    ex.command(c.AgreeToRules, rules_version=1),
    ex.command(c.TellAbsence, number=1, session_at=FIRST_DATE),
]


@pytest.mark.parametrize("before", OUTSIDE)
@pytest.mark.parametrize("command", WISHES, ids=lambda one: type(one).__name__)
def test_whoever_is_not_in_the_group_can_do_none_of_it(before: tuple[Event, ...], command: Any) -> None:
    given(M, *before).when(command).refused("not-in-the-group")


# --- the end of it


@pytest.mark.parametrize("how", ["finished", "group_cancelled"])
def test_with_the_group_their_part_ends(how: str) -> None:
    story = given(M, *SEATED, attended(1, True), missed(2))
    after = story.when(of_group(c.EndPart, how=how)).then(ended(how, True, 1, 1))
    after.when(of_group(c.EndPart, how=how)).then()
    assert after.state.had_seat


def test_whoever_was_only_asked_is_free_at_once_when_the_group_does_not_take_place() -> None:
    withdrawn = ended("invitation_withdrawn", None)
    story = given(M, INVITED).when(of_group(c.EndPart, how="group_cancelled")).then(withdrawn)
    again = of(e.InvitedToGroup, **{**OTHER, "invitation": 2, "invited_by": "ana"})
    story.when(ex.command(c.InviteToGroup, ex.ANA, **OTHER)).then(again)
    for before in ((INVITED, DECLINED), (INVITED, LAPSED)):
        given(M, *before).when(of_group(c.EndPart, how="group_cancelled")).then()


@pytest.mark.parametrize(("before", "had_seat"), [((INVITED,), None), ((INVITED, ACCEPTED), False), (SEATED, True)])
def test_with_the_treatment_their_part_ends_but_not_with_what_came_before_the_invitation(
    before: tuple[Event, ...], had_seat: bool | None
) -> None:
    later = ex.command(c.EndWithTreatment, episode_version=5)
    given(M, *before).when(later).then(ended("treatment_ended", had_seat))
    given(M, *before).when(ex.command(c.EndWithTreatment, episode_version=4)).then()


def test_a_treatment_without_a_group_ends_alone() -> None:
    for before in ((), (INVITED, DECLINED), (*SEATED, LEFT)):
        given(M, *before).when(ex.command(c.EndWithTreatment, episode_version=5)).then()
