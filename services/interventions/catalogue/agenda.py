"""What the meetings of a circle follow, and the rules that everybody in a circle or a group agrees to: versioned."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from services.interventions.catalogue.text import Part, Slug, Text
from shared.runtime.faults import Fault


class Point(Part):
    """One part of a meeting. `minutes` are a help for whoever leads, no rule."""

    minutes: int = Field(ge=1, le=120)
    text: Text


class Topic(Part):
    """What one meeting is about. It begins with a round and ends with a goal that people share."""

    id: Slug
    title: Text
    points: tuple[Point, ...] = Field(min_length=4, max_length=5)


class Agenda(Part):
    """The topics of a circle, in an order that people may change."""

    id: Slug
    version: int = Field(ge=1)
    title: Text
    topics: tuple[Topic, ...] = Field(min_length=6, max_length=8)

    def topic(self, topic_id: str) -> Topic | None:
        """The topic of that id."""
        return next((one for one in self.topics if one.id == topic_id), None)


class HouseRules(Part):
    """What people in a circle, or in a group, promise each other. A change is a new version, whose words are kept.

    In a circle a new version asks only those who join from then on, in a group everybody, before they meet again.
    """

    version: int = Field(ge=1)
    rules: tuple[Text, ...] = Field(min_length=1)


def check_agenda(agenda: Agenda, file: str, folder: str, number: int) -> Iterator[Fault]:
    """What is wrong with it beyond its shape."""
    if (agenda.id, agenda.version) != (folder, number):
        yield Fault(file, None, "", "id and version do not fit folder and file", f"Name it {folder}, version {number}")
    ids = [topic.id for topic in agenda.topics]
    for id in sorted({one for one in ids if ids.count(one) > 1}):
        yield Fault(file, None, "topics", f"the topic {id} is there twice", "Give each topic a name of its own")


def check_rules(rules: HouseRules, file: str, number: int) -> Iterator[Fault]:
    """What is wrong with them beyond their shape: consent names the version, so it must be that of the words."""
    if rules.version != number:
        yield Fault(file, None, "version", "it does not fit the name of the file", f"Write version: {number}")


def newest_rules(rules: Sequence[HouseRules]) -> HouseRules:
    """The rules that whoever joins now agrees to. Raises `LookupError` where there are none."""
    if not rules:
        raise LookupError("the catalogue has no such rules; put circle-rules/v1.yaml and group-rules/v1.yaml back")
    return max(rules, key=lambda one: one.version)
