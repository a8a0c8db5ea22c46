"""Who is told what of circles of peer support: a part of the one table in `policy.py`.

Nothing here tells anybody that somebody left, was reported or muted. A new post is no e-mail.
"""

from services.notifications import topics as t
from services.notifications.rule import Rule
from shared.contracts.envelope import Event
from shared.contracts.interventions import GroupFinished
from shared.contracts.interventions import circle as c
from shared.contracts.interventions import circle_member as m
from shared.contracts.interventions import circle_post as p
from shared.contracts.interventions import peer_leader as lead

CIRCLE_RULES: dict[type[Event], tuple[Rule, ...]] = {
    GroupFinished: (Rule("coordinators", "circle_possible", t.GROUP_NEXT),),
    m.CircleInvited: (Rule("patient", "circle_invitation", t.CIRCLE_INVITATION),),
    m.CircleNudged: (Rule("patient", "circle_kind_word", t.CIRCLE_WORD),),
    c.CircleMeetingPlanned: (
        Rule("members", "circle_meeting", t.CIRCLE_MEETING, ("meet_at", "minutes")),
        Rule("members", "circle_reminder", t.CIRCLE_REMINDER, remind="meet_at"),
    ),
    c.CircleMeetingJoined: (
        Rule("patient", "circle_meeting", t.CIRCLE_MEETING, ("meet_at", "minutes")),
        Rule("patient", "circle_reminder", t.CIRCLE_REMINDER, remind="meet_at"),
    ),
    c.CircleMeetingMoved: (
        Rule("members", "circle_meeting_moved", t.CIRCLE_MEETING, ("meet_at", "minutes"), replaces=True),
        Rule("members", "circle_reminder", t.CIRCLE_REMINDER, remind="meet_at"),
    ),
    c.CircleMeetingCancelled: (
        Rule("members", "circle_meeting_cancelled", t.CIRCLE_MEETING, ("meet_at",), replaces=True),
    ),
    c.CircleLeaderAppointed: (Rule("patient", "circle_leading", t.CIRCLE_LEADING),),
    # Whoever left or stood down knows it; who was replaced hears it from us.
    c.CircleLeaderGone: (Rule("patient", "circle_led_before", t.CIRCLE_LED_BEFORE, only=("reason_code", "replaced")),),
    c.CircleClosed: (Rule("members", "circle_closed", t.CIRCLE_NEWS),),
    p.CirclePostRemoved: (Rule("patient", "circle_post_removed", t.CIRCLE_REMOVED),),
    # What worries in a message goes by the ladder of the alert, which is at once and by night as well.
    p.CirclePostReported: (Rule("coordinators", "circle_post_reported", t.CIRCLE_CHECK),),
    p.CirclePostWaits: (Rule("coordinators", "circle_post_waits", t.CIRCLE_CHECK),),
    c.CircleQuiet: (Rule("coordinators", "circle_quiet", t.CIRCLE_QUIET),),
    c.CircleLeaderless: (Rule("coordinators", "circle_leaderless", t.CIRCLE_LED),),
    lead.SupervisionDue: (Rule("supervisor", "supervision_due", t.SUPERVISION),),
    lead.PeerLeaderStoodDown: (Rule("supervisor", "leader_stood_down", t.LEADER_NEWS),),
}

CIRCLE_SETTLES: dict[type[Event], tuple[str, ...]] = {
    m.CircleJoined: (t.CIRCLE_INVITATION,),
    m.CircleDeclined: (t.CIRCLE_INVITATION,),
    m.CircleLeft: (t.CIRCLE_PART,),
    c.CircleLeaderAppointed: (t.CIRCLE_LED, t.CIRCLE_LED_BEFORE),
    c.CircleLeaderGone: (t.CIRCLE_LEADING,),
    c.CircleActive: (t.CIRCLE_QUIET,),
    c.CircleClosed: (t.CIRCLE, t.CIRCLE_PART),
    p.CirclePostShown: (t.CIRCLE_CHECK,),
    p.CirclePostChecked: (t.CIRCLE_CHECK,),
    p.CirclePostRemoved: (t.CIRCLE_CHECK,),
    p.CirclePostWithdrawn: (t.CIRCLE_CHECK,),
    lead.SupervisionHeld: (t.SUPERVISION,),
    lead.PeerLeaderStoodDown: (t.SUPERVISION,),
}
