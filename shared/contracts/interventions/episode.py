"""What is said of an episode: one course of treatment."""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from shared.contracts.envelope import Event, Identifier
from shared.contracts.interventions.values import AsideReason, Occasion
from shared.contracts.personal import Personal
from shared.contracts.referrals import OutcomeSummary, Reading


class EpisodeEvent(Event):
    """What every event of an episode carries."""

    episode_id: Identifier
    patient_id: Identifier


class EpisodeOpened(EpisodeEvent):
    """Planned: triage accepted, the patient has not answered yet. The programme's version is pinned from here on."""

    TYPE: ClassVar[str] = "carepath.episode.opened.v1"

    referral_id: Identifier
    programme_id: str
    programme_version: int = Field(ge=1)
    step: int = Field(ge=1, le=4)


class EpisodeActivated(EpisodeEvent):
    """The patient agreed: treatment runs, and the first module and questionnaires are open. `clinician_id` is who held
    the first meeting, where there was one.
    """

    TYPE: ClassVar[str] = "carepath.episode.activated.v1"

    clinician_id: Identifier | None = None


class ModuleUnlocked(EpisodeEvent):
    """A module may be done now. `overridden_by` names the clinician who opened it early, with a reason. `by_group` says
    that their group went through it.
    """

    TYPE: ClassVar[str] = "carepath.episode.module_unlocked.v1"

    module_id: str
    overridden_by: str | None = None
    reason: Personal[str] = None
    by_group: bool = False


class EpisodePaced(EpisodeEvent):
    """Modules open as the group `group_id` meets; `None`: by themselves again."""

    TYPE: ClassVar[str] = "carepath.episode.paced.v1"

    group_id: Identifier | None = None


class GroupSessionNoted(EpisodeEvent):
    """Their group met. What it went through is open for them, and done if they were there."""

    TYPE: ClassVar[str] = "carepath.episode.group_session_noted.v1"

    number: int = Field(ge=1)
    module_ids: tuple[str, ...]
    attended: bool


class ModuleCompleted(EpisodeEvent):
    """The patient finished a module. `next_module_at` is when the next one opens by itself, if there is one."""

    TYPE: ClassVar[str] = "carepath.episode.module_completed.v1"

    module_id: str
    done: int = Field(ge=1)
    total: int = Field(ge=1)
    next_module_id: str | None = None
    next_module_at: AwareDatetime | None = None


class ModuleSetAside(EpisodeEvent):
    """A module was left undone; what comes after it opens all the same (in FHIR terms, its task has failed).
    `next_module_at` is when the next one opens by itself, if there is one.
    """

    TYPE: ClassVar[str] = "carepath.episode.module_set_aside.v1"

    module_id: str
    reason_code: AsideReason
    next_module_id: str | None = None
    next_module_at: AwareDatetime | None = None


class EpisodeMigrated(EpisodeEvent):
    """The treatment goes on in a newer version of its programme. `dropped` are the modules that it has no longer."""

    TYPE: ClassVar[str] = "carepath.episode.migrated.v1"

    programme_version: int = Field(ge=1)
    dropped: tuple[str, ...] = ()


class MeasuresRequested(EpisodeEvent):
    """A set of questionnaires is due: at the start, middle and end. `programme_id` is there once the treatment has gone
    on in another programme: each has a middle and an end of its own.
    """

    TYPE: ClassVar[str] = "carepath.episode.measures_requested.v1"

    referral_id: Identifier | None = None
    occasion: Occasion
    measures: tuple[str, ...]
    programme_id: str | None = None


class MeasureRecorded(EpisodeEvent):
    """The episode took note of a completed questionnaire. `programme_id` is there from the second programme on."""

    TYPE: ClassVar[str] = "carepath.episode.measure_recorded.v1"

    occasion: Occasion
    reading: Reading
    programme_id: str | None = None


class CheckInAsked(EpisodeEvent):
    """A few questions are due between the fixed points: after a module, or `follow-up-3` months after the end. They can
    be answered until `closes_at`.
    """

    TYPE: ClassVar[str] = "carepath.episode.check_in_asked.v1"

    moment: str = Field(max_length=64)
    measures: tuple[str, ...]
    closes_at: AwareDatetime


class CheckInRecorded(EpisodeEvent):
    """The episode took note of a questionnaire of a check-in."""

    TYPE: ClassVar[str] = "carepath.episode.check_in_recorded.v1"

    moment: str = Field(max_length=64)
    reading: Reading


class EpisodeReadyToFinish(EpisodeEvent):
    """Every module and every last questionnaire is done; a clinician now finishes it with a recommendation."""

    TYPE: ClassVar[str] = "carepath.episode.ready_to_finish.v1"


class EpisodeFinished(EpisodeEvent):
    """Treatment ended; the summary is what the referrer will read."""

    TYPE: ClassVar[str] = "carepath.episode.finished.v1"

    referral_id: Identifier
    summary: OutcomeSummary


class EpisodeCancelled(EpisodeEvent):
    """The referral was withdrawn before there was an outcome."""

    TYPE: ClassVar[str] = "carepath.episode.cancelled.v1"
