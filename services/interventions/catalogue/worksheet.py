"""A worksheet: what a person writes down in an activity, such as a thought record or a plan for a flare-up."""

from pydantic import Field, StrictInt

from services.interventions.catalogue.text import Part, Slug, Text
from services.interventions.domain.sheet import FieldKind


class Option(Part):
    """One answer of a choice."""

    id: Slug
    text: Text


class WorksheetField(Part):
    """One thing to fill in. Nothing has to be: it is the person's own. `hint` helps when nothing comes to mind.

    `low` and `high` say what 0 and 10 of a rating mean; `options` belong to a choice, `most` to a list.
    """

    id: Slug
    kind: FieldKind
    label: Text
    hint: Text | None = None
    low: Text | None = None
    high: Text | None = None
    options: tuple[Option, ...] = ()
    most: StrictInt = Field(default=10, ge=1, le=20)


class Worksheet(Part):
    """One version of a worksheet. One that `repeats` is filled in anew each time; others are a plan to come back to."""

    id: Slug
    version: StrictInt = Field(ge=1)
    title: Text
    about: Text
    repeats: bool = False
    fields: tuple[WorksheetField, ...] = Field(min_length=1)
