"""The one thing that is owed next for each person in treatment, and the order in which a team works through it.

What asks something of the team comes first, then what is awaited from the person, then what only needs time; of one
kind, whoever has waited longest. An episode and its engagement each say what they know; the more urgent of both counts.
Stored keys follow `ORDER` only when what they are of is saved again, so a place in it never changes its meaning.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, get_args

from services.interventions.domain.engagement.state import EngagementState
from services.interventions.domain.episode.clock import openings
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.plan import Plans

Kind = Literal["alert", "review", "call", "opening", "ready", "questions", "quiet", "part", "meeting", "later"]
ORDER: tuple[Kind, ...] = get_args(Kind)
_OF_ENGAGEMENT: tuple[Kind, ...] = ("call", "quiet")

TEAM, OWN = "team_caseload", "own_caseload"
ORDERED = (TEAM, OWN)


class Need(NamedTuple):
    """`since` is how long it has waited; of `later`, when it comes."""

    kind: Kind
    since: datetime | date


class Band(NamedTuple):
    """Those for whom one kind of thing is owed, and which aggregate lists them."""

    kind: Kind
    aggregate: str


BANDS = tuple(Band(kind, "engagement" if kind in _OF_ENGAGEMENT else "episode") for kind in ORDER)


def of_episode(plans: Plans, state: EpisodeState) -> Need | None:
    """What the treatment itself knows to be owed; `None` for whoever is not in treatment."""
    if state.status != "active" or state.since is None:
        return None
    if state.open_alerts:
        return Need("alert", state.alert_since or state.since)
    if state.review:
        return Need("review", state.review.due_at)
    if state.ready:
        return Need("ready", state.since)
    to_do = [one for one in state.unlocked if one not in state.ended]
    following = next(iter(openings(plans, state)), None)
    last = max(state.ended.values(), default=state.since)
    all_over = len(state.ended) == len(plans.pinned(state.programme_id, state.programme_version).steps)
    if not (to_do or following or state.paced_by or all_over):
        return Need("opening", last)
    if asked := _unanswered(state):
        return Need("questions", asked)
    if to_do:
        return Need("part", min(state.opened_at.get(one, last) for one in to_do))
    if following:
        return Need("later", following.opens_at)
    return Need("opening" if all_over else "meeting", last)


def of_engagement(state: EngagementState) -> Need | None:
    """A call that somebody has to make, or that nothing was heard; `None` while there is neither."""
    if state.status != "active":
        return None
    if state.call_since:
        return Need("call", state.call_since)
    return Need("quiet", state.away_since) if state.away_since else None


def what_next(*needs: Need | None) -> Need | None:
    """The most urgent of them."""
    return min((one for one in needs if one), key=lambda one: ORDER.index(one.kind), default=None)


def is_overdue(plans: Plans, need: Need, now: datetime) -> bool:
    """Whether questions have waited for longer than those after a module can be answered."""
    if need.kind != "questions" or not isinstance(need.since, datetime):
        return False
    return need.since + timedelta(days=plans.treatment.check_in_days) <= now


def prefix(kind: Kind, clinician_id: str | None = None) -> str:
    """What the keys of all those begin with for whom this is owed; of one clinician, where one is given."""
    stage = f"{ORDER.index(kind)}-{kind}|"
    return f"{clinician_id}|{stage}" if clinician_id else stage


def keys(need: Need | None, clinician_id: str | None, id: str) -> Mapping[str, str | None]:
    """The place in the list of the team, and in that of the clinician whom the person first met."""
    if need is None:
        return dict.fromkeys(ORDERED)
    place = f"{_text(need.since)}|{id}"
    own = f"{prefix(need.kind, clinician_id)}{place}" if clinician_id else None
    return {TEAM: f"{prefix(need.kind)}{place}", OWN: own}


def _unanswered(state: EpisodeState) -> datetime | None:
    """Since when questions of the present programme wait: those of a fixed point, or of the latest check-in."""
    here = [one for one in state.asked if one.programme_id == state.later_programme]
    asked = {one.point: one.at for one in here}
    fixed = [request.occasion for request in state.requested]
    waiting = [
        asked[point]
        for point in fixed
        if point in asked and state.missing(point) and not (point != "start" and state.has_reviewed(point))
    ]
    if here and here[-1].point in state.check_ins:
        known = {(one.moment, one.measure) for one in state.check_in_readings}
        if any((here[-1].point, measure) not in known for measure in here[-1].measures):
            waiting.append(here[-1].at)
    return min(waiting, default=None)


def _text(moment: datetime | date) -> str:
    """Of one width within a kind, so that texts sort as moments do."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.isoformat()
