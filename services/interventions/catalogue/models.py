"""What a programme is made of. Every text stands in all languages side by side, so that none can be forgotten."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from shared.contracts.interventions import Occasion
from shared.contracts.referrals import Language


def _unwrap(text: str) -> str:
    """One line per paragraph and per list item, a blank line between blocks.

    Files are wrapped for people who edit them; pages must not show where an editor broke a line.
    """
    blocks: list[str] = []
    for raw in text.split("\n\n"):
        lines: list[str] = []
        for line in (part.strip() for part in raw.splitlines()):
            if lines and not line.startswith("- "):
                lines[-1] = f"{lines[-1]} {line}".strip()
            elif line:
                lines.append(line)
        # A paragraph directly above a list is a block of its own.
        if len(lines) > 1 and not lines[0].startswith("- "):
            blocks.append(lines.pop(0))
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_unwrap)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


def served_language(language: str) -> Language:
    """The language that a reader of `language` gets. Pages need it for their `lang` attribute."""
    return "es" if language == "es" else "en"


class Part(BaseModel):
    """A part of the catalogue: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """The same words in every language. Blocks are separated by a blank line; lines of a list begin with "- "."""

    en: Prose
    es: Prose

    def in_(self, language: str) -> str:
        """The whole text in one language, English when there is none in `language`: never half and half."""
        return self.es if served_language(language) == "es" else self.en


class Page(Part):
    """One screen to read."""

    heading: Text
    body: Text


class Activity(Part):
    """What the person does in the session. `rating` is asked before the steps and again after them."""

    title: Text
    rating: Text
    steps: tuple[Text, ...] = Field(min_length=1)


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
    """One session. `review` looks back on the week before; the first module has none."""

    id: Slug
    title: Text
    aim: Text
    minutes: StrictInt = Field(ge=1, le=120)
    review: Text | None = None
    pages: tuple[Page, ...] = Field(min_length=1)
    example: Text
    activity: Activity
    practices: tuple[Practice, ...] = Field(min_length=1)
    obstacles: tuple[Obstacle, ...] = Field(min_length=1)
    goal_prompt: Text
    check: Check


class Source(Part):
    """Where a fact about the structure comes from."""

    used_for: Prose
    citation: Prose


class Place(Part):
    """A module's place in the order, and the least number of days after the module before it was completed."""

    id: Slug
    min_days_after_previous: StrictInt = Field(ge=0)


class MeasurePlan(Part):
    """Which questionnaires are asked at which occasion. `middle` comes after the module `middle_after`."""

    start: tuple[Prose, ...]
    middle: tuple[Prose, ...]
    middle_after: Slug
    end: tuple[Prose, ...]

    @property
    def by_occasion(self) -> dict[Occasion, tuple[str, ...]]:
        """The same as a table, in the order of the programme."""
        return {"start": self.start, "middle": self.middle, "end": self.end}


class Outline(Part):
    """What `programme.yaml` holds: the programme without the words of its modules."""

    id: Slug
    version: StrictInt = Field(ge=1)
    title: Text
    summary: Text
    step: StrictInt = Field(ge=1, le=4)
    sources: tuple[Source, ...] = Field(min_length=1)
    licence: Prose
    clinical_review: Prose
    order: tuple[Place, ...] = Field(min_length=1)
    measures: MeasurePlan


class Programme(Outline):
    """One version of a programme. An enrolment keeps the version that it began with. `modules` follow `order`."""

    modules: tuple[Module, ...]

    def module(self, module_id: str) -> Module:
        """The module of that id."""
        return self.modules[self.position(module_id) - 1]

    def position(self, module_id: str) -> int:
        """Where the module stands, from 1, as in "3 of 8"."""
        for place, module in enumerate(self.modules, start=1):
            if module.id == module_id:
                return place
        raise LookupError(f"version {self.version} of programme {self.id} has no module {module_id}")


class Catalogue(Part):
    """Every version of every programme, by id and then by version."""

    programmes: tuple[Programme, ...]

    def programme(self, programme_id: str, version: int | None = None) -> Programme:
        """That version, or the newest when none is named."""
        found = [one for one in self.programmes if one.id == programme_id and version in (None, one.version)]
        if not found:
            wanted = f"programme {programme_id}" + (f", version {version}" if version else "")
            raise LookupError(f"the catalogue has no {wanted}; put its folder back")
        return max(found, key=lambda one: one.version)
