"""One example of every fact about circles that this service listens to."""

from datetime import timedelta
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.interventions import GroupFinished
from shared.contracts.interventions import circle as c
from shared.contracts.interventions import circle_member as m
from shared.contracts.interventions import circle_post as p
from shared.contracts.interventions import peer_leader as lead
from tests.notifications.people import MORNING, ROSA

OMAR = "patient-omar"
SOON = MORNING + timedelta(days=5)
CIRCLE: dict[str, Any] = {"at": MORNING, "circle_id": "circle-1"}
MEMBER: dict[str, Any] = {**CIRCLE, "member_id": "member-1", "patient_id": ROSA, "episode_id": "episode-1"}
POST: dict[str, Any] = {**CIRCLE, "post_id": "post-1", "member_id": "member-1", "patient_id": ROSA}
LED: dict[str, Any] = {**CIRCLE, "member_id": "member-1", "patient_id": ROSA}
LEADER: dict[str, Any] = {"at": MORNING, "leader_id": "leader-1", "patient_id": ROSA}
MEETING: dict[str, Any] = {**CIRCLE, "number": 1, "meet_at": SOON, "minutes": 90, "patient_ids": (ROSA, OMAR)}
CANCELLED: dict[str, Any] = {name: value for name, value in MEETING.items() if name != "minutes"}
SUPERVISOR = "psy-moreno"

CIRCLE_FACTS: tuple[Event, ...] = (
    GroupFinished(
        at=MORNING,
        group_id="group-1",
        members=(),
        patient_ids=(ROSA,),
        programme_id="cbt-pain",
        language="en",
        mode="video",
    ),
    m.CircleInvited(**MEMBER, round=1, invited_by="psy-tanaka"),
    m.CircleJoined(**MEMBER, round=1, rules_version=1),
    m.CircleDeclined(**MEMBER, round=1),
    m.CircleLeft(**MEMBER, round=1),
    m.CircleNudged(**MEMBER, from_member_id="member-2", word="well_done"),
    c.CircleMeetingPlanned(**MEETING, topic="pacing"),
    c.CircleMeetingJoined(**CIRCLE, number=1, meet_at=SOON, minutes=90, patient_id=ROSA),
    c.CircleMeetingMoved(**MEETING, before=MORNING),
    c.CircleMeetingCancelled(**CANCELLED),
    c.CircleLeaderAppointed(**LED),
    c.CircleLeaderGone(**LED, reason_code="left"),
    c.CircleLeaderGone(**LED, reason_code="replaced"),
    c.CircleLeaderless(**CIRCLE, since=MORNING),
    c.CircleQuiet(**CIRCLE, since=MORNING),
    c.CircleActive(**CIRCLE),
    c.CircleClosed(**CIRCLE, reason_code="other", patient_ids=(ROSA, OMAR), closed_by="psy-tanaka"),
    p.CirclePostShown(**POST),
    p.CirclePostChecked(**POST, checked_by="psy-tanaka"),
    p.CirclePostRemoved(**POST, reason_code="other", removed_by="psy-tanaka"),
    p.CirclePostReported(**POST, reported_by="member-2", reason_code="hurtful"),
    p.CirclePostWaits(**POST, since=MORNING),
    p.CirclePostWithdrawn(**POST),
    lead.SupervisionHeld(**LEADER, minutes=30, held_by="psy-tanaka", supervisor_id=SUPERVISOR),
    lead.SupervisionDue(**LEADER, supervisor_id=SUPERVISOR, since=MORNING),
    lead.PeerLeaderStoodDown(**LEADER, supervisor_id=SUPERVISOR),
)
