"""What follows from the events of circles: for each one, which command on what."""

from typing import Any

import pytest

from services.interventions.circle_reactions import CIRCLES, peer_leader_of
from services.interventions.domain.alert.commands import RaiseRiskAlertForWords
from services.interventions.domain.circle import commands as c
from services.interventions.domain.circle_member import commands as m
from services.interventions.domain.circle_post import commands as p
from services.interventions.domain.peer_leader import commands as lead
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.commands import Command
from shared.contracts.envelope import Envelope
from shared.runtime.aggregate import Cause, derived_id
from tests.contracts.shelf import sample
from tests.interventions import example as ex

CIRCLE, MEMBER, POST, OTHER = "circle-1", "circle-member-1", "circle-post-1", "circle-member-2"
LEADER = peer_leader_of("patient-rosa")
SEAT = {"member_id": MEMBER, "round": 1}
LED = {"circle_id": CIRCLE, "member_id": MEMBER}

TABLE: dict[str, list[tuple[str, str, type[Command], dict[str, Any]]]] = {
    "circle.seat_held": [("circle_member", MEMBER, m.InviteToCircle, {**SEAT, "episode_id": "episode-1"})],
    "circle_member.joined": [("circle", CIRCLE, c.TakeCircleSeat, SEAT)],
    "circle_member.declined": [("circle", CIRCLE, c.FreeCircleSeat, SEAT)],
    "circle_member.left": [("circle_post", POST, p.WithdrawPost, {}), ("circle", CIRCLE, c.FreeCircleSeat, SEAT)],
    "circle_member.posts_orphaned": [("circle_post", POST, p.WithdrawPost, {})],
    "circle_member.nudge_sent": [
        ("circle_member", OTHER, m.ReceiveNudge, {"from_member_id": MEMBER, "word": "well_done"})
    ],
    "circle_post.written": [("circle_member", MEMBER, m.NotePost, {"post_id": POST})],
    "circle_post.shown": [("circle", CIRCLE, c.NotePostShown, {})],
    "circle_post.risk_words_written": [
        ("risk_alert", derived_id("risk", POST), RaiseRiskAlertForWords, {"post_id": POST, "episode_id": "episode-1"})
    ],
    "circle_member.risk_words_written": [
        (
            "risk_alert",
            derived_id("risk", MEMBER, "name", "2026-03-02T09:30:00+00:00"),
            RaiseRiskAlertForWords,
            {"circle_id": CIRCLE, "field": "name", "patient_id": "patient-rosa", "words": ("no reason to live",)},
        )
    ],
    "circle.leader_appointed": [("peer_leader", LEADER, lead.BeginLeading, LED)],
    "circle.leader_gone": [("peer_leader", LEADER, lead.EndLeading, LED)],
    "peer_leader.stood_down": [("circle", CIRCLE, c.RemoveLeader, {"member_id": MEMBER})],
    "peer_leader.refused": [("circle", CIRCLE, c.RemoveLeader, {"member_id": MEMBER})],
}


@pytest.mark.parametrize("name", TABLE)
def test_what_follows_from_an_event(name: str) -> None:
    type_name = f"carepath.{name}.v1"
    event = EVENT_TYPES[type_name].model_validate(sample(type_name, "full"))
    envelope = Envelope(
        id="x", source="carepath/interventions", type=type_name, subject="s", time=event.at, sequence=1,
        correlation="c", causation="c", actor="a", data={},
    )  # fmt: skip
    targets = list(CIRCLES[type(event)](event, Cause(ex.T0, ex.SYSTEM, envelope)))
    assert [(one.aggregate, one.id, type(one.command)) for one in targets] == [row[:3] for row in TABLE[name]]
    for target, (_, _, _, fields) in zip(targets, TABLE[name], strict=True):
        assert {field: getattr(target.command, field) for field in fields} == fields


def test_every_reaction_of_circles_is_in_the_table() -> None:
    assert {EVENT_TYPES[f"carepath.{name}.v1"] for name in TABLE} == set(CIRCLES)
