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
        "leaderless-circle-not-told",
        "",
        "services.notifications.policy_circles",
        '    c.CircleLeaderless: (Rule("coordinators", "circle_leaderless", t.CIRCLE_LED),),\n',
        "",
        "a circle without a leader is on nobody's mind",
    ),
)
