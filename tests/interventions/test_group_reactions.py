"""What follows from the events of groups: for each one, which command on what."""

from typing import Any

import pytest

from services.interventions.domain.engagement import commands as n
from services.interventions.domain.episode import commands as c
from services.interventions.domain.group import commands as g
from services.interventions.domain.membership import commands as m
from services.interventions.engagement_reactions import engagement_of
from services.interventions.group_reactions import GROUPS, membership_of
from shared.contracts import interventions as e
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Cause, Target
from tests.contracts.shelf import sample
from tests.interventions import example as ex


def _targets(name: str, **change: Any) -> tuple[Event, list[Target]]:
    type_name = f"carepath.{name}.v1"
    event = EVENT_TYPES[type_name].model_validate({**sample(type_name, "full"), **change})
    envelope = Envelope(
        id="x", source="carepath/interventions", type=type_name, subject="s", time=event.at, sequence=1,
        correlation="c", causation="c", actor="a", data={},
    )  # fmt: skip
    return event, list(GROUPS[type(event)](event, Cause(ex.T0, ex.SYSTEM, envelope)))


TABLE: dict[str, list[tuple[str, type[Command]]]] = {
    "membership.invited": [("group", g.NoteInvited)],
    "group.invitation_noted": [("membership", m.EndPart)],
    "membership.accepted": [("group", g.TakeSeat)],
    "group.seat_given": [("membership", m.NoteSeat)],
    "group.reserve_given": [("membership", m.NoteSeat)],
    "group.seat_refused": [("membership", m.NoteRefusal)],
    "membership.seat_noted": [("episode", c.PaceByGroup)],
    "membership.part_ended": [("episode", c.PaceByGroup), ("group", g.GiveUpSeat)],
    "membership.session_attended": [("episode", c.NoteGroupSession), ("engagement", n.NoteActivity)],
    "membership.session_missed": [("episode", c.NoteGroupSession), ("engagement", n.NoteMissed)],
    "episode.stepped": [("membership", m.EndWithTreatment)],
}
CHANGES: dict[str, dict[str, Any]] = {
    "membership.seat_noted": {"seat": "seat"},
    "membership.part_ended": {"how": "left"},
    "group.invitation_noted": {"takes_place": False},
}


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from_an_event(name: str) -> None:
    event, targets = _targets(name, **CHANGES.get(name, {}))
    assert [(one.aggregate, type(one.command)) for one in targets] == TABLE[name]
    ids = {
        "group": getattr(event, "group_id", None),
        "membership": getattr(event, "membership_id", None) or membership_of(getattr(event, "episode_id", "")),
        "episode": getattr(event, "episode_id", None),
        "engagement": engagement_of(getattr(event, "episode_id", "")),
    }
    assert [one.id for one in targets] == [ids[one.aggregate] for one in targets]
    for one in targets:
        for field in ("invitation", "group_id", "number", "module_ids", "in_a_row", "row_from"):
            said = getattr(one.command, field, None)
            assert said is None or said == getattr(event, field)


MARIA = {"invitation": 2, "membership_id": "m1", "episode_id": "e1", "patient_id": "p1"}


@pytest.mark.parametrize("name", ["group.finished", "group.cancelled"])
def test_the_end_of_a_group_is_the_end_of_everybodys_part(name: str) -> None:
    _, targets = _targets(name, members=(MARIA, {**MARIA, "membership_id": "m2", "invitation": 5}))
    assert [one.id for one in targets] == ["m1", "m2"]
    assert [one.command.invitation for one in targets if isinstance(one.command, m.EndPart)] == [2, 5]


def test_attendance_reaches_each_of_them_as_they_were_marked() -> None:
    absent = {"membership_id": "m2", "reason_code": "ill", "told": True}
    members = (MARIA, {**MARIA, "membership_id": "m2", "invitation": 5})
    _, targets = _targets("group.attendance_taken", present=("m1",), absent=(absent,), members=members)
    commands = {one.id: one.command for one in targets}
    assert set(commands) == {"m1", "m2"}
    there, away = commands["m1"], commands["m2"]
    assert isinstance(there, m.NoteAttendance)
    assert isinstance(away, m.NoteAttendance)
    assert (there.present, away.present) == (True, False)
    assert (there.invitation, away.invitation) == (2, 5)
    assert (away.reason_code, away.told) == ("ill", True)


def test_a_reserve_is_paced_by_nobody_and_a_finished_group_frees_no_seat() -> None:
    assert _targets("membership.seat_noted", seat="reserve")[1] == []
    _, targets = _targets("membership.part_ended", how="finished")
    assert [one.aggregate for one in targets] == ["episode"]


def test_whoever_was_asked_to_a_group_that_takes_place_waits_for_nothing() -> None:
    assert _targets("group.invitation_noted", takes_place=True, next_session_at=None)[1] == []


@pytest.mark.parametrize(("name", "following"), [("postponed", "starts_at"), ("session_moved", "next_session_at")])
def test_whoever_was_only_asked_learns_of_other_dates_from_their_own_part(name: str, following: str) -> None:
    event, targets = _targets(f"group.{name}", asked=(MARIA,))
    [target] = targets
    assert isinstance(target.command, m.NoteDates)
    assert (target.id, target.command.invitation) == ("m1", 2)
    assert target.command.next_session_at == getattr(event, following)


def test_whoever_was_told_dates_that_have_just_changed_learns_the_new_ones() -> None:
    event, [target] = _targets("group.invitation_noted", takes_place=True)
    assert isinstance(event, e.GroupInvitationNoted)
    assert isinstance(target.command, m.NoteDates)
    assert target.command.next_session_at == event.next_session_at


def test_before_a_meeting_each_is_asked_about_the_rules_and_one_that_was_not_held_opens_at_home() -> None:
    _, targets = _targets("group.meets_soon", number=3, members=(MARIA,))
    [one] = [target.command for target in targets]
    assert isinstance(one, m.AskAboutRules)
    assert (one.invitation, one.number, targets[0].id) == (2, 3, "m1")
    _, targets = _targets("group.session_not_held", number=3, module_ids=("three",), members=(MARIA,))
    [open_at_home] = [target.command for target in targets]
    assert isinstance(open_at_home, c.NoteGroupSession)
    assert (targets[0].id, open_at_home.module_ids, open_at_home.attended) == ("e1", ("three",), False)


def test_the_end_of_a_treatment_says_how_far_it_had_come() -> None:
    _, targets = _targets("episode.stepped")
    assert [one.command.episode_version for one in targets if isinstance(one.command, m.EndWithTreatment)] == [1]


def test_every_reaction_of_groups_is_told_here() -> None:
    names = {*TABLE, "group.finished", "group.cancelled", "group.attendance_taken", "group.meets_soon"}
    names |= {"group.session_not_held", "group.postponed", "group.session_moved"}
    assert {EVENT_TYPES[f"carepath.{name}.v1"] for name in names} == set(GROUPS)
