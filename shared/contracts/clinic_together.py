"""What a clinic decides about groups, circles and the people around a patient."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.clinic_crisis import Crisis
from shared.contracts.envelope import Identifier


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Groups(_Part):
    """Sizes: 8 to 14 in a room and 8 to 12 online is what the peer-led Chronic Pain Self-Management Program works with
    (docs/pathway.md). No published figure was found for any of the days and hours: the clinical lead must set them.
    """

    minimum: int = Field(default=8, ge=2)
    most_in_person: int = Field(default=14, ge=2)
    most_by_video: int = Field(default=12, ge=2)
    reserves: int = Field(default=6, ge=0)
    answer_days: int = Field(default=7, ge=1)
    """How long an invitation can be answered, but not beyond the next session."""
    decide_days: int = Field(default=3, ge=1)
    """How long before the first session it is decided whether there are enough people."""
    postpone_days: int = Field(default=14, ge=1)
    most_postponements: int = Field(default=1, ge=0)
    """How often too few people put a group off by themselves. What a person postpones does not count."""
    join_until_session: int = Field(default=2, ge=1)
    """The last session that somebody can begin with."""
    attendance_hours: int = Field(default=24, ge=1)
    """How long after a session it is noticed that nobody said who was there."""
    unfinished_days: int = Field(default=7, ge=1)
    """How long after the last session it is asked, and asked again, why the group has not finished."""
    rules_ask_days: int = Field(default=2, ge=1)
    """How long before a session those are asked who agreed to other rules than those of now."""
    missed_to_call: int = Field(default=2, ge=1)
    """After how many missed sessions in a row somebody is called."""

    @model_validator(mode="after")
    def _fit(self) -> "Groups":
        if self.minimum > min(self.most_in_person, self.most_by_video):
            raise ValueError("groups.minimum is more than the most people that a group takes; lower it")
        return self


class Circles(_Part):
    """Peer support after a programme. No published figure was found for any of these; the clinical lead sets them."""

    check_first: bool = True
    """Whether a message waits until somebody has checked it. Otherwise it is shown at once, and checked after."""
    quiet_days: int = Field(default=21, ge=1)
    """After how many days without a word or a meeting the coordinator is told."""
    supervision_days: int = Field(default=28, ge=1)
    """How often a peer leader speaks with their supervisor."""
    nudge_days: int = Field(default=7, ge=1)
    """How often somebody can send the same person a kind word."""
    most_people: int = Field(default=14, ge=2)
    leaderless_days: int = Field(default=7, ge=1)
    """How often the coordinator is told again that nobody leads a circle."""
    check_hours: int = Field(default=24, ge=1)
    """How long a message waits to be checked before the coordinator is told, and told again."""
    missed_to_contact: int = Field(default=2, ge=1)
    """After how many missed meetings in a row somebody is to be contacted."""


class Caregivers(_Part):
    """The people whom patients trust. No published figure was found for any of these."""

    invitation_days: int = Field(default=14, ge=1)
    share_days: int = Field(default=180, ge=1)
    """For how long something is shared where the patient names no day, and at the most."""
    young_see_scores: bool = False
    """Whether questionnaires may be opened to a child or a young person. A clinical lead decides."""
    check_days: int = Field(default=28, ge=1)
    """How long after the last one somebody is asked again how they are themselves."""
    check_answers_to_offer: int = Field(default=2, ge=1, le=5)
    """How many answers "often" or "always" offer support at once. A child or a young person needs one."""
    young_help: Crisis | None = None
    """Whom a child or a young person can call, beside everybody's crisis lines: shown on all their own pages."""
    support_days: int = Field(default=5, ge=1)
    """How long the team has to answer somebody who asked for support."""


class Together(_Part):
    """The three of them, and who coordinates."""

    coordinators: tuple[Identifier, ...] = ()
    """Staff who form groups and look after circles and caregivers; the triage team where nobody is named."""
    groups: Groups = Groups()
    circles: Circles = Circles()
    resource_warning_days: int = Field(default=14, ge=1)
    """How long before its last day the owner of a resource is reminded. No source was found for it."""
    caregivers: Caregivers = Caregivers()
