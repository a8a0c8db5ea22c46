"""One example of every fact about groups that this service listens to. `GroupFinished` is among those about circles."""

from datetime import timedelta
from typing import Any

from shared.contracts import interventions as i
from shared.contracts.envelope import Event
from tests.notifications.people import MORNING, ROSA

SOON = MORNING + timedelta(days=5)
OMAR = "patient-omar"
WAITS = "patient-waits"
GROUP: dict[str, Any] = {"at": MORNING, "group_id": "group-1"}
ALL: dict[str, Any] = {**GROUP, "patient_ids": (ROSA, OMAR)}
PART: dict[str, Any] = {
    **GROUP,
    "invitation": 1,
    "membership_id": "membership-1",
    "episode_id": "episode-1",
    "patient_id": ROSA,
}
MEMBERSHIP: dict[str, Any] = {**PART, "referral_id": "referral-1"}
MEMBER = i.GroupMember(**{name: value for name, value in PART.items() if name not in GROUP})
LEADERS = ("psy-moreno", "psy-tanaka")
SESSION = i.GroupSession(number=1, at=SOON, minutes=90, module_ids=("module-1",))
TAKEN: dict[str, Any] = {
    "number": 1,
    "session_at": MORNING,
    "members": (),
    "module_ids": (),
    "present": (),
    "absent": (),
    "taken_by": "psy-moreno",
    "facilitators": LEADERS,
}
NOT_HELD: dict[str, Any] = {
    "number": 1,
    "module_ids": ("module-1",),
    "reason_code": "no_facilitator",
    "said_by": "psy-moreno",
    "facilitators": LEADERS,
    "members": (),
}

DATES: dict[str, Any] = {"reserve_ids": (WAITS,), "facilitators": LEADERS, "decided_by": "psy-moreno"}

GROUP_FACTS: tuple[Event, ...] = (
    i.InvitedToGroup(**MEMBERSHIP, starts_at=SOON, answer_by=SOON, invited_by="psy-tanaka", episode_version=1),
    i.GroupAccepted(**MEMBERSHIP, rules_version=1),
    i.GroupDeclined(**MEMBERSHIP, reason_code="other"),
    i.GroupInvitationLapsed(**MEMBERSHIP),
    i.GroupSeatGiven(**PART, next_session_at=SOON),
    i.GroupMeetsSoon(**GROUP, number=1, session_at=SOON, members=(MEMBER,)),
    i.GroupAbsenceTold(**MEMBERSHIP, number=1, session_at=SOON),
    i.GroupReserveGiven(**PART, number=2),
    i.GroupSeatRefused(**PART, reason="full"),
    i.GroupDatesNoted(**MEMBERSHIP, next_session_at=SOON, answer_by=SOON),
    i.GroupConfirmed(**ALL, starts_at=SOON, facilitators=LEADERS),
    i.GroupPostponed(**ALL, **DATES, sessions=(SESSION,), decide_at=MORNING, starts_at=SOON, times=1, seats_taken=2),
    i.GroupSessionMoved(**ALL, **DATES, number=1, moved_from=MORNING, moved_to=SOON, minutes=90),
    i.GroupFacilitatorReplaced(**ALL, leaves="psy-moreno", comes="lead-haddad"),
    i.GroupSessionMissed(**MEMBERSHIP, number=1, module_ids=("module-1",), reason_code="ill", in_a_row=1, row_from=1),
    i.GroupSessionNotHeld(**ALL, **NOT_HELD),
    i.GroupRulesAsked(**MEMBERSHIP, rules_version=2, number=3),
    i.GroupRulesAgreed(**MEMBERSHIP, rules_version=2),
    i.GroupFewLeft(**GROUP, seats_taken=7, minimum=8, facilitators=LEADERS),
    i.GroupUnfinished(**GROUP, numbers=(3, 8), facilitators=LEADERS),
    i.GroupPartEnded(**MEMBERSHIP, how="left", had_seat=True, attended=1, missed=1),
    i.GroupUnderMinimum(**GROUP, seats_taken=3, minimum=8),
    i.GroupAttendanceOverdue(**GROUP, number=1, facilitators=LEADERS),
    i.GroupAttendanceTaken(**GROUP, **TAKEN),
    i.GroupCancelled(**ALL, reason_code="no_room", facilitators=LEADERS, members=()),
    i.CallAsked(**GROUP, engagement_id="engagement-1", episode_id="episode-1", patient_id=ROSA, number=3, missed=2),
)
