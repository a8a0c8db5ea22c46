"""Activities as pages need them: what to do, what was written, and where each doing stands."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from services.interventions.catalogue import Activity, Module, Programme, served_language
from services.interventions.content import Content
from services.interventions.domain.activity.state import ActivityState
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.schedule import Anchor, TaskState, Window, windows
from services.interventions.views.reading import in_one_language
from shared.contracts.commands import Rejected
from shared.contracts.interventions import Written
from shared.contracts.referrals import Language
from shared.runtime.aggregate import derived_id
from shared.runtime.core import Found

FIRST_VERSION = 0
"""The version of what nobody has begun: whoever writes first sends it as `If-Match`."""


class Doing(BaseModel):
    """One doing of an activity. `number` counts from 1; only one whose worksheet repeats has more than one."""

    number: int
    version: int
    state: TaskState
    opens_at: datetime | None
    closes_at: datetime | None
    written: tuple[Written, ...]
    rating_before: int | None
    rating_after: int | None
    saved_at: datetime | None
    finished_at: datetime | None


class ActivityPage(BaseModel):
    """An activity whole in one language, with all its doings, the newest last. The last is the one to go on with."""

    episode_id: str
    module_id: str
    language: Language
    activity: dict[str, object]
    worksheet: dict[str, object] | None
    doings: tuple[Doing, ...]


def record_id(episode_id: str, activity_id: str, number: int) -> str:
    """The id of the n-th doing: two devices that begin it at once begin the same."""
    return derived_id("activity", episode_id, activity_id, str(number))


def place_of(programme: Programme, activity_id: str) -> tuple[Module, Activity]:
    """The module that an activity belongs to, and the activity. Raises `Rejected` "activity-unknown"."""
    for module in programme.modules:
        for activity in module.activities:
            if activity.id == activity_id:
                return module, activity
    raise Rejected("activity-unknown", activity_id=activity_id)


def activity_page(
    content: Content, episode: Found, activity_id: str, records: Sequence[Found], now: datetime, language: str
) -> ActivityPage:
    """One activity. Raises `Rejected` for one that is not there, or whose module is not open."""
    state: EpisodeState = episode.state
    module, activity = place_of(content.programme(state), activity_id)
    require_open(state, module)
    used = activity.worksheet
    sheet = content.catalogue.worksheet(used.id, used.version) if used else None
    return ActivityPage(
        episode_id=episode.id,
        module_id=module.id,
        language=served_language(language),
        activity=in_one_language(activity, language),
        worksheet=in_one_language(sheet, language) if sheet else None,
        doings=doings(content, episode, module, activity, records, now),
    )


def require_open(state: EpisodeState, module: Module) -> None:
    """Raises `Rejected` "module-locked" unless the person has met the module."""
    if module.id not in state.unlocked:
        raise Rejected("module-locked", module_id=module.id)


def doings(
    content: Content, episode: Found, module: Module, activity: Activity, records: Sequence[Found], now: datetime
) -> tuple[Doing, ...]:
    """What was done, and what is to do next."""
    by_id = {one.id: one for one in records}
    opening = _windows(content, episode.state, module, activity)
    found: list[Doing] = []
    while True:
        number = len(found) + 1
        record = by_id.get(record_id(episode.id, activity.id, number))
        window = opening[min(number, len(opening)) - 1] if opening else None
        found.append(_doing(number, record, window, now))
        again = repeats(content, activity) or number < len(opening)
        if record is None or not again or (record.state.finished_at is None and number >= len(opening)):
            return tuple(found)


def repeats(content: Content, activity: Activity) -> bool:
    """Whether it is done anew each time."""
    used = activity.worksheet
    return bool(used and content.catalogue.worksheet(used.id, used.version).repeats)


def _windows(content: Content, state: EpisodeState, module: Module, activity: Activity) -> tuple[Window, ...]:
    opened = state.opened_at.get(module.id) or state.began_at
    anchors: dict[Anchor, datetime] = {}
    if opened is not None:
        anchors["module_opened"] = opened
    if state.began_at is not None:
        anchors["treatment_started"] = state.began_at
    if module.id in state.ended:
        anchors["module_ended"] = state.ended[module.id]
    if activity.schedule is not None:
        return windows(activity.schedule, anchors, content.plans.zone)
    return (Window(opens_at=opened),) if opened is not None else ()


def _doing(number: int, record: Found | None, window: Window | None, now: datetime) -> Doing:
    """Without a window it waits for something that has not happened yet."""
    state: ActivityState = record.state if record else ActivityState()
    done = state.finished_at is not None
    standing: TaskState = "done" if done else "not_yet_open"
    return Doing(
        number=number,
        version=record.version if record else FIRST_VERSION,
        state=window.state(now, begun=record is not None, done=done) if window else standing,
        opens_at=window.opens_at if window else None,
        closes_at=window.closes_at if window else None,
        written=state.written,
        rating_before=state.rating_before,
        rating_after=state.rating_after,
        saved_at=state.saved_at,
        finished_at=state.finished_at,
    )
