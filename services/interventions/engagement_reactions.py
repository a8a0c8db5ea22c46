"""What the engagement of an episode hears of the service's own events: when it begins, what the person does, its end.

What a clinician writes down for somebody counts as heard from them, since they do so with the person. Only to leave out
a module is often decided without them, so from a clinician that does not count.
"""

from datetime import datetime

from services.interventions.domain.engagement.commands import (
    BeginEngagement,
    EndEngagement,
    NoteActivity,
    NoteNothingLeft,
    NoteOpening,
    OpenEngagement,
)
from shared.contracts.commands import Command
from shared.contracts.envelope import Event
from shared.contracts.interventions import (
    ActivityBegun,
    ActivityEvent,
    ActivityFinished,
    ActivitySaved,
    AnswerRecorded,
    CheckInAnswered,
    EpisodeActivated,
    EpisodeCancelled,
    EpisodeFinished,
    EpisodeMigrated,
    EpisodeOpened,
    EpisodeReadyToFinish,
    MeasuresRequested,
    ModuleCompleted,
    ModuleSetAside,
    ModuleUnlocked,
    PracticeLogged,
)
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def engagement_of(episode_id: str) -> str:
    """The id of the one engagement of an episode."""
    return derived_id("engagement", episode_id)


def open_engagement(event: EpisodeOpened, cause: Cause) -> list[Target]:
    """An episode is planned: the engagement knows whom its referrer's note will be about."""
    engagement_id = engagement_of(event.episode_id)
    ids = event.model_dump(include={"episode_id", "patient_id", "referral_id"})
    command = OpenEngagement(now=cause.now, actor=cause.actor, engagement_id=engagement_id, **ids)
    return [Target("engagement", engagement_id, command)]


def begin_engagement(event: EpisodeActivated, cause: Cause) -> list[Target]:
    """Treatment runs: from now on it is noticed when nothing is heard."""
    engagement_id = engagement_of(event.episode_id)
    ids = event.model_dump(include={"episode_id", "patient_id", "clinician_id"})
    said = {"now": cause.now, "actor": cause.actor, "happened_at": event.at}
    return [Target("engagement", engagement_id, BeginEngagement(**said, engagement_id=engagement_id, **ids))]


def note_module(event: ModuleCompleted, cause: Cause) -> list[Target]:
    """A module is done. Until the next one opens there may be nothing to do."""
    return _heard(event.episode_id, event.at, cause, event.next_module_at)


def note_aside(event: ModuleSetAside, cause: Cause) -> list[Target]:
    """A module is left out: by the person, or by a clinician, of whom only what opens next is heard."""
    if not _is_on_behalf(cause):
        return _heard(event.episode_id, event.at, cause, event.next_module_at)
    return _open_from(event.episode_id, event.next_module_at, cause) if event.next_module_at else []


def note_newer_version(event: EpisodeMigrated, cause: Cause) -> list[Target]:
    """They go on in a newer version of the programme."""
    return _heard(event.episode_id, event.at, cause)


def note_doing(event: ActivityEvent | PracticeLogged | AnswerRecorded | CheckInAnswered, cause: Cause) -> list[Target]:
    """Something was written down, or a question answered."""
    return _heard(event.episode_id, event.at, cause)


def note_module_open(event: ModuleUnlocked, cause: Cause) -> list[Target]:
    """A module can be done from now on."""
    return _open_from(event.episode_id, event.at, cause)


def note_questions(event: MeasuresRequested, cause: Cause) -> list[Target]:
    """Questionnaires can be answered from now on."""
    return _open_from(event.episode_id, event.at, cause)


def note_nothing_left(event: EpisodeReadyToFinish, cause: Cause) -> list[Target]:
    """All is done: a clinician is next."""
    return _to(event.episode_id, NoteNothingLeft(now=cause.now, actor=cause.actor))


def end_engagement(event: EpisodeFinished | EpisodeCancelled, cause: Cause) -> list[Target]:
    """Treatment has ended."""
    return _to(event.episode_id, EndEngagement(now=cause.now, actor=cause.actor))


def _heard(episode_id: str, at: datetime, cause: Cause, opens_at: datetime | None = None) -> list[Target]:
    said = {"now": cause.now, "actor": cause.actor, "happened_at": at, "opens_at": opens_at}
    return _to(episode_id, NoteActivity(**said, on_behalf=_is_on_behalf(cause)))


def _open_from(episode_id: str, at: datetime, cause: Cause) -> list[Target]:
    return _to(episode_id, NoteOpening(now=cause.now, actor=cause.actor, opens_at=at))


def _to(episode_id: str, command: Command) -> list[Target]:
    return [Target("engagement", engagement_of(episode_id), command)]


def _is_on_behalf(cause: Cause) -> bool:
    return not cause.envelope.actor.startswith("patient:")


ENGAGEMENT: dict[type[Event], Reaction] = {
    EpisodeOpened: open_engagement,
    EpisodeActivated: begin_engagement,
    ModuleUnlocked: note_module_open,
    ModuleCompleted: note_module,
    ModuleSetAside: note_aside,
    EpisodeMigrated: note_newer_version,
    EpisodeReadyToFinish: note_nothing_left,
    EpisodeFinished: end_engagement,
    EpisodeCancelled: end_engagement,
    ActivityBegun: note_doing,
    ActivitySaved: note_doing,
    ActivityFinished: note_doing,
    PracticeLogged: note_doing,
    AnswerRecorded: note_doing,
    CheckInAnswered: note_doing,
}
