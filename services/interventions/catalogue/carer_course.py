"""The course of those whom patients trust, as versioned data. It says nothing about anybody's treatment."""

from collections.abc import Iterator

from pydantic import Field

from services.interventions.catalogue.text import Part, Slug, Text
from shared.runtime.faults import Fault


class CarerPage(Part):
    """One page. A skill has why (its text), how to try it together, and how the caregiver can coach."""

    id: Slug
    title: Text
    text: Text
    together: Text | None = None
    coach: Text | None = None


class CarerPart(Part):
    """A part of the course. One for young carers is shown to them alone."""

    id: Slug
    title: Text
    minutes: int = Field(ge=1, le=60)
    young: bool = False
    pages: tuple[CarerPage, ...] = Field(min_length=1)


class CarerCourse(Part):
    """The whole course. Parts can be read in any order."""

    version: int = Field(ge=1)
    parts: tuple[CarerPart, ...] = Field(min_length=1)

    def shown(self, young: bool) -> tuple[CarerPart, ...]:
        """The parts for this reader. Young carers have a short course in their own words."""
        return tuple(one for one in self.parts if one.young == young)

    def part(self, part_id: str) -> CarerPart | None:
        """The part of that id."""
        return next((one for one in self.parts if one.id == part_id), None)


def check_carer_course(course: CarerCourse, file: str, number: int) -> Iterator[Fault]:
    """What is wrong with it beyond its shape."""
    if course.version != number:
        yield Fault(file, None, "version", "the version does not fit the file", f"Name it version {number}")
    lists = [("parts", [one.id for one in course.parts])]
    lists += [(f"parts, {one.id}", [page.id for page in one.pages]) for one in course.parts]
    for where, ids in lists:
        for id in sorted({one for one in ids if ids.count(one) > 1}):
            yield Fault(file, None, where, f"{id} is there twice", "Give each a name of its own")
    for page in (page for one in course.parts for page in one.pages):
        if (page.together is None) != (page.coach is None):
            remedy = "A skill has both “together” and “coach”; another page has neither"
            yield Fault(file, None, page.id, "half of a skill is missing", remedy)
