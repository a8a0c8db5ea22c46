"""Groups, circles, and the people whom patients trust."""

from tests.simulation.planted.fault import Planted

_CIRCLES = "services.interventions.circle_reactions"
_SEEN = "services.interventions.domain.circle_post.seen"

FAULTS = (
    Planted(
        "left-member-still-reads",
        "",
        _SEEN,
        'if viewer.status != "joined" or viewer.circle_id',
        "if viewer.circle_id",
        "whoever left a circle reads on",
    ),
    Planted(
        "worry-in-a-circle-not-heard",
        "",
        _CIRCLES,
        "    CircleRiskWordsWritten: raise_alert_for_post,\n",
        "",
        "words that worry in a circle call nobody",
    ),
    Planted(
        "worrying-post-shown-at-once",
        "",
        "services.interventions.domain.circle_post.decide",
        "held = circles.check_first or bool(found)",
        "held = circles.check_first and not found",
        "a message that worries is shown before anybody has looked at it",
    ),
    Planted(
        "posts-of-a-leaver-stay",
        "",
        _CIRCLES,
        "return [*gone, *free_seat(event, cause)]",
        "return free_seat(event, cause)",
        "what somebody wrote who left a circle is not taken away",
    ),
    Planted(
        "leaderless-circle-not-told",
        "",
        "services.notifications.policy_circles",
        '    c.CircleLeaderless: (Rule("coordinators", "circle_leaderless", t.CIRCLE_LED),),\n',
        "",
        "a circle without a leader is on nobody's mind",
    ),
)
