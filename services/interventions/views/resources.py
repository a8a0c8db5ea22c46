"""The list of resources, as its readers and its editors get it."""

from collections.abc import Iterable
from datetime import date
from typing import get_args

from pydantic import BaseModel

from services.interventions.domain.resource.decide import is_owner, warns_on
from services.interventions.domain.resource.state import ResourceState, ResourceStatus
from shared.contracts.clinic import Clinic
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
    """An entry, as its editors see it. `soon`: somebody should look at it before its last day, which is near."""

    version: int
    topic: ResourceTopic
    for_whom: ResourceReaders
    owner_id: str
    ends_on: date
    status: ResourceStatus
    soon: bool
    owner_left: bool


def for_readers(found: Iterable[Found], readers: ResourceReaders, language: str, today: date) -> list[TopicRows]:
    """What is for them, by topic in the order of the contract; a topic without an entry is left out.

    An entry whose last day is over is left out also where its timer has not rung yet.
    """
    states: list[ResourceState] = [
        one.state for one in found if one.state.for_whom in (readers, "both") and one.state.ends_on >= today
    ]
    states.sort(key=lambda one: (one.language != language, one.title.casefold(), one.resource_id))
    grouped = ((topic, [one for one in states if one.topic == topic]) for topic in TOPICS)
    return [TopicRows(topic=topic, entries=[_row(one) for one in some]) for topic, some in grouped if some]


def for_editors(clinic: Clinic, found: Iterable[Found], today: date) -> list[EditorRow]:
    """All but those taken off for good, what ends first on top."""
    rows = [for_editor(clinic, one, today) for one in found if one.state.status != "retired"]
    return sorted(rows, key=lambda row: (row.ends_on, row.title.casefold(), row.id))


def for_editor(clinic: Clinic, found: Found, today: date) -> EditorRow:
    """One of them."""
    state: ResourceState = found.state
    soon = state.status == "live" and state.ends_on is not None and warns_on(clinic, state.ends_on) <= today
    said = {**_said(state, EditorRow), "soon": soon, "owner_left": not is_owner(clinic, state.owner_id)}
    return EditorRow.model_validate({"id": found.id, "version": found.version, **said})


def _row(state: ResourceState) -> ResourceRow:
    return ResourceRow.model_validate({"id": state.resource_id, **_said(state, ResourceRow)})


def _said(state: ResourceState, row: type[BaseModel]) -> dict[str, object]:
    return state.model_dump(include=set(row.model_fields))
