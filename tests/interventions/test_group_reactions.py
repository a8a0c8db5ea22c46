"""What follows from the events of groups: for each one, which command on what."""

from typing import Any

import pytest

from services.interventions.domain.engagement import commands as n
from services.interventions.domain.episode import commands as c
from services.interventions.domain.group import commands as g
from services.interventions.domain.membership import commands as m
from services.interventions.engagement_reactions import engagement_of
from services.interventions.group_reactions import GROUPS, membership_of
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
        for field in ("invitation", "group_id", "number", "module_ids", "in_a_row"):
            said = getattr(one.command, field, None)
            assert said is None or said == getattr(event, field)


@pytest.mark.parametrize("name", ["group.finished", "group.cancelled"])
def test_the_end_of_a_group_is_the_end_of_everybodys_part(name: str) -> None:
    event, targets = _targets(name)
    assert [one.id for one in targets] == list(event.model_dump()["membership_ids"])
    assert targets
    assert all(isinstance(one.command, m.EndPart) for one in targets)


def test_attendance_reaches_each_of_them_as_they_were_marked() -> None:
    absent = {"membership_id": "m2", "reason_code": "ill", "told": True}
    _, targets = _targets("group.attendance_taken", present=("m1",), absent=(absent,))
    commands = {one.id: one.command for one in targets}
    assert set(commands) == {"m1", "m2"}
    there, away = commands["m1"], commands["m2"]
    assert isinstance(there, m.NoteAttendance)
    assert isinstance(away, m.NoteAttendance)
    assert (there.present, away.present) == (True, False)
    assert (away.reason_code, away.told) == ("ill", True)


def test_a_reserve_is_paced_by_nobody_and_a_finished_group_frees_no_seat() -> None:
    assert _targets("membership.seat_noted", seat="reserve")[1] == []
    _, targets = _targets("membership.part_ended", how="finished")
    assert [one.aggregate for one in targets] == ["episode"]


def test_every_reaction_of_groups_is_told_here() -> None:
    names = {*TABLE, "group.finished", "group.cancelled", "group.attendance_taken"}
    assert {EVENT_TYPES[f"carepath.{name}.v1"] for name in names} == set(GROUPS)
