"""A module: what a person reads, tries and practises in about a week, in one or more short sessions."""

from typing import Literal

from pydantic import Field, StrictInt

from services.interventions.catalogue.text import Part, Prose, Slug, Text
from services.interventions.domain.schedule import Schedule


class Page(Part):
    """One screen to read."""

    heading: Text
    body: Text


class Step(Text):
    """One step of an activity. `seconds` is how long it lasts, for steps that a timer leads through; none elsewhere."""

    seconds: StrictInt | None = Field(default=None, ge=5, le=1800)


class WorksheetRef(Part):
    """The version of a worksheet that an activity uses. A running enrolment keeps it."""

    id: Slug
    version: StrictInt = Field(ge=1)


class Activity(Part):
    """What the person does. `rating` is a question from 0 to 10, asked before the steps and again after them.

    `schedule` says when it is to be done, where that is not simply from when its module opens. `worksheet` is what they
    fill in. `audio` names recordings that a clinic may put in; the steps are their text.
    """

    id: Slug
    title: Text
    schedule: Schedule | None = None
    rating: Text | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    worksheet: WorksheetRef | None = None
    audio: Slug | None = None


class Session(Part):
    """One sitting: pages to read, a story, things to do. `minutes` is how long it takes, as a guess."""

    id: Slug
    title: Text
    minutes: StrictInt = Field(ge=1, le=120)
    pages: tuple[Page, ...] = ()
    example: Text | None = None
    activities: tuple[Activity, ...] = ()


class Practice(Part):
    """Practice at home with its dose. `dose_source` says where the figure comes from, or that it is a local setting."""

    id: Slug
    text: Text
    times: StrictInt = Field(ge=1)
    per: Literal["day", "week"]
    dose_source: Prose


class Obstacle(Part):
    """Something that often gets in the way, in the person's words, and an idea for it."""

    obstacle: Text
    idea: Text


class Check(Part):
    """A question to think about, and its answer to compare with. Nothing is scored."""

    question: Text
    answer: Text


class Module(Part):
    """`review` looks back on the week before; the first module has none."""

    id: Slug
    title: Text
    aim: Text
    review: Text | None = None
    sessions: tuple[Session, ...] = Field(min_length=1)
    practices: tuple[Practice, ...] = Field(min_length=1)
    obstacles: tuple[Obstacle, ...] = Field(min_length=1)
    goal_prompt: Text
    check: Check

    @property
    def minutes(self) -> int:
        """How long all its sessions take, as a guess."""
        return sum(session.minutes for session in self.sessions)

    @property
    def pages(self) -> tuple[Page, ...]:
        """All that there is to read, in order."""
        return tuple(page for session in self.sessions for page in session.pages)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """All that there is to do, in order."""
        return tuple(activity for session in self.sessions for activity in session.activities)
