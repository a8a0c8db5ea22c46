"""The list of resources, as its readers and its editors get it."""

from collections.abc import Iterable
from datetime import date
from typing import get_args

from pydantic import BaseModel

from services.interventions.domain.resource.state import ResourceState, ResourceStatus
from shared.contracts.interventions.resource import ResourceReaders, ResourceTopic
from shared.contracts.referrals import Language
from shared.runtime.core import Found

TOPICS: tuple[ResourceTopic, ...] = get_args(ResourceTopic)


class ResourceRow(BaseModel):
    """An entry, as a reader sees it: without who looks after it."""

    id: str
    title: str
    text: str
    link: str | None
    phone: str | None
    language: Language


class TopicRows(BaseModel):
    """The entries of a topic, those in the reader's language first."""

    topic: ResourceTopic
    entries: list[ResourceRow]


class EditorRow(ResourceRow):
    """An entry, as its editors see it."""

    version: int
    topic: ResourceTopic
    for_whom: ResourceReaders
    owner_id: str
    ends_on: date
    status: ResourceStatus


def for_readers(found: Iterable[Found], readers: ResourceReaders, language: str) -> list[TopicRows]:
    """What is for them, by topic in the order of the contract; a topic without an entry is left out."""
    states: list[ResourceState] = [one.state for one in found if one.state.for_whom in (readers, "both")]
    states.sort(key=lambda one: (one.language != language, one.title.casefold(), one.resource_id))
    grouped = ((topic, [one for one in states if one.topic == topic]) for topic in TOPICS)
    return [TopicRows(topic=topic, entries=[_row(one) for one in some]) for topic, some in grouped if some]


def for_editors(found: Iterable[Found]) -> list[EditorRow]:
    """All but those taken off for good, what ends first on top."""
    rows = [_editor_row(one) for one in found if one.state.status != "retired"]
    return sorted(rows, key=lambda row: (row.ends_on, row.title.casefold(), row.id))


def _row(state: ResourceState) -> ResourceRow:
    return ResourceRow.model_validate({"id": state.resource_id, **_said(state, ResourceRow)})


def _editor_row(found: Found) -> EditorRow:
    said = _said(found.state, EditorRow)
    return EditorRow.model_validate({"id": found.id, "version": found.version, **said})


def _said(state: ResourceState, row: type[BaseModel]) -> dict[str, object]:
    return state.model_dump(include=set(row.model_fields))
