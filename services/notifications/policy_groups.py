"""Who is told what of groups: a part of the table in `policy.py`. Nobody in a group is told that somebody left it."""

from services.notifications import topics as t
from services.notifications.rule import Field, Rule
from shared.contracts import interventions as i
from shared.contracts.envelope import Event

WHICH_GROUP = ("group_id",)
NOT_BEGUN: Field = ("before_first", True)
"""They have come to no meeting so far. Then treatment may not have begun, and nothing is open to catch up with."""
NEAR: Field = ("near", True)
"""It was said to be near before (`GroupMeetsSoon`), and is not said so again: so this event reminds of it."""
ONLY_ASKED: Field = ("how", "invitation_withdrawn")

GROUP_RULES: dict[type[Event], tuple[Rule, ...]] = {
    i.InvitedToGroup: (Rule("patient", "group_invitation", t.GROUP_INVITATION, ("starts_at", "answer_by")),),
    i.GroupSeatGiven: (
        Rule("patient", "group_seat", t.GROUP_SEAT, ("next_session_at",), replaces=True),
        Rule("patient", "group_reminder", t.GROUP_REMINDER, only=NEAR, remind="next_session_at"),
    ),
    # Each meeting, and whoever has a seat by then: nobody is reminded of a group that may not begin.
    i.GroupMeetsSoon: (Rule("members", "group_reminder", t.GROUP_REMINDER, remind="session_at"),),
    i.GroupReserveGiven: (Rule("patient", "group_reserve", t.GROUP_SEAT, ("number",)),),
    i.GroupSeatRefused: (Rule("patient", "group_refused", t.GROUP_NEWS),),
    i.GroupDatesNoted: (
        Rule("patient", "group_invitation_dates", t.GROUP_INVITATION, ("next_session_at", "answer_by"), replaces=True),
    ),
    i.GroupConfirmed: (
        Rule("members", "group_confirmed", t.GROUP_DATES, ("starts_at",), replaces=True),
        Rule("facilitators", "group_leading_begins", t.GROUP_LED_BEGINS, (*WHICH_GROUP, "starts_at")),
    ),
    # Whoever was only asked is told of other dates by their own part, too.
    i.GroupPostponed: (
        Rule("members", "group_postponed", t.GROUP_DATES, ("starts_at",), replaces=True),
        Rule("reserves", "group_reserve_postponed", t.GROUP_DATES, ("starts_at",), replaces=True),
        Rule("facilitators", "group_leading_later", t.GROUP_LED_LATER, (*WHICH_GROUP, "starts_at")),
    ),
    i.GroupSessionMoved: (
        Rule("members", "group_session_moved", t.GROUP_MEETING, ("number", "moved_to", "minutes"), replaces=True),
        Rule("reserves", "group_reserve_moved", t.GROUP_MEETING, ("number", "moved_to"), replaces=True),
        Rule("members", "group_reminder", t.GROUP_REMINDER, only=NEAR, remind="moved_to"),
        Rule("facilitators", "group_leading_moved", t.GROUP_LED_MEETING, (*WHICH_GROUP, "number", "moved_to")),
    ),
    i.GroupFacilitatorReplaced: (
        Rule("members", "group_leader_changed", t.GROUP_LED),
        Rule("facilitators", "group_leading", t.GROUP_LEADING, WHICH_GROUP),
    ),
    i.GroupSessionNotHeld: (Rule("members", "group_not_held", t.GROUP_MEETING, ("number",), replaces=True),),
    i.GroupRulesAsked: (Rule("patient", "group_rules", t.GROUP_RULES, replaces=True),),
    # Whoever was only asked is told by their own part, which knows whether they had answered meanwhile.
    i.GroupCancelled: (
        Rule("members", "group_cancelled", t.GROUP_NEWS),
        Rule("facilitators", "group_leading_cancelled", t.GROUP_LEADING, WHICH_GROUP),
    ),
    i.GroupPartEnded: (Rule("patient", "group_withdrawn", t.GROUP_NEWS, only=ONLY_ASKED),),
    # Nobody is told of a group's last meeting: its attendance opens the last questions, or says that they were missed.
    i.GroupSessionMissed: (
        Rule("patient", "group_missed", t.GROUP_MISSED, ("number",), unless=NOT_BEGUN),
        Rule("patient", "group_missed_first", t.GROUP_MISSED, ("number",), only=NOT_BEGUN),
    ),
    i.GroupUnderMinimum: (
        Rule("coordinators", "group_under_minimum", t.GROUP_DECISION, (*WHICH_GROUP, "seats_taken", "minimum")),
    ),
    i.GroupFewLeft: (
        Rule("organisers", "group_few_left", t.GROUP_FEW, (*WHICH_GROUP, "seats_taken", "minimum"), replaces=True),
    ),
    i.GroupUnfinished: (
        Rule("organisers", "group_unfinished", t.GROUP_UNFINISHED, (*WHICH_GROUP, "numbers"), replaces=True),
    ),
    i.GroupAttendanceOverdue: (
        Rule("facilitators", "group_attendance_due", t.GROUP_ATTENDANCE, (*WHICH_GROUP, "number")),
    ),
    i.CallAsked: (Rule("triage_team", "call_due", t.CALL, ("episode_id",)),),
}

GROUP_SETTLES: dict[type[Event], tuple[str, ...]] = {
    i.GroupAccepted: (t.GROUP_INVITATION,),
    i.GroupDeclined: (t.GROUP_INVITATION,),
    i.GroupInvitationLapsed: (t.GROUP_INVITATION,),
    i.GroupPartEnded: (t.GROUP_PART,),
    i.GroupConfirmed: (t.GROUP_DECISION,),
    i.GroupPostponed: (t.GROUP_DECISION,),
    i.GroupCancelled: (t.GROUP_OWED, t.GROUP_LED_DATES, t.GROUP_MEETINGS),
    i.GroupFinished: (t.GROUP_OWED,),
    # Whoever cannot come need not be reminded.
    i.GroupAbsenceTold: (t.GROUP_REMINDER,),
    i.GroupAttendanceTaken: (t.GROUP_ATTENDANCE,),
    i.GroupSessionNotHeld: (t.GROUP_ATTENDANCE,),
    i.GroupRulesAgreed: (t.GROUP_RULES,),
}

GROUP_OVERTAKES: dict[type[Event], tuple[str, ...]] = {
    # All dates move on: an unsent word that one meeting was moved names a date that is not true any more.
    i.GroupPostponed: (t.GROUP_MEETINGS, t.GROUP_LED_DATES),
    # These leave out who did it, who is not told what they know and must not read an older date either.
    i.GroupConfirmed: (t.GROUP_LED_LATER,),
    i.GroupSessionMoved: (t.GROUP_LED_MEETING,),
    # With a seat they hear when they begin. What they would have heard on the reserve list is not for them any more.
    i.GroupSeatGiven: (t.GROUP_DATES, t.GROUP_MEETINGS),
}
