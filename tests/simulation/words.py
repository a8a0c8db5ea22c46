"""The clinic's own words: each version bears a note of its own, by which can be told where it is read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.notifications.channels.port import Email, ShortMessage
from shared.contracts.clinic import Clinic
from shared.contracts.notifications import MessagePlanned
from shared.contracts.wordings import MessageReworded, WordingChanged, WordingPublished, WordingRestored
from shared.runtime.store.port import Json
from tests.simulation.record import Record, said

_NOTE = re.compile(r"\b(?:Note|Nota) (\d+)\.")
_PART = re.compile(r"^\[(email|inbox|because|short)\]$", re.MULTILINE)
_SEEN_BEFORE = 400.0
"""A plan may have been made with what held when the process looked, before it stood still or had to decide anew."""


def note(number: int, language: str) -> str:
    """The sentence that nobody else writes."""
    return f"{'Note' if language == 'en' else 'Nota'} {number}."


def notes_in(text: str) -> set[str]:
    """The numbers of all that stand in a text."""
    return set(_NOTE.findall(text))


class Words:
    """What each version says, as it was published."""

    def __init__(self, record: Record, clinic: Clinic) -> None:
        self._record = record
        self._languages = {member.id: member.language for member in clinic.staff}

    def check(
        self,
        name: str,
        message: Email | ShortMessage,
        carried: Sequence[MessagePlanned],
        before: Sequence[Json],
        language: str,
    ) -> None:
        """An e-mail or text message shows the versions that its messages name, and no other."""
        language = self._languages.get(carried[0].recipient_id, language)
        named = {one.message_id: one.wording.get(language, 0) for one in carried}
        for entry in before:
            if entry["type"] == MessageReworded.TYPE and entry["data"]["message_id"] in named:
                event: Any = said(entry)
                if event.language == language:
                    named[event.message_id] = event.wording
        expected: set[str] = set()
        if isinstance(message, Email) or len(carried) == 1:
            part = "email" if isinstance(message, Email) else "short"
            for one in carried:
                expected |= notes_in(self._part(one.template, language, named[one.message_id], part))
        if (shown := notes_in(message.text)) != expected:
            self._record.blame(f"{name} says notes {sorted(shown)} in place of {sorted(expected)}")
        self._record.happened["said in the clinic's own words"] += bool(expected)

    def check_inbox(self, template: str, id: str, language: str, text: str) -> None:
        """The inbox shows one of the versions that the message has named."""
        history = self._record.events[self._record.agenda_of[id]]
        planned = [one for one in map(said, history) if isinstance(one, MessagePlanned) and one.message_id == id]
        versions = {one.wording.get(language, 0) for one in planned}
        for one in map(said, history):
            if isinstance(one, MessageReworded) and (one.message_id, one.language) == (id, language):
                versions.add(one.wording)
        known = {frozenset(notes_in(self._part(template, language, one, "inbox"))) for one in versions}
        if frozenset(notes_in(text)) not in known:
            self._record.blame(
                f"{template} shows notes {sorted(notes_in(text))} in the inbox, of no version of its own"
            )

    def _part(self, template: str, language: str, version: int, part: str) -> str:
        for _, event in self._record.of_type(WordingPublished):
            if (event.template, event.language, event.version) == (template, language, version):
                pieces = _PART.split(event.text)
                return dict(zip(pieces[1::2], pieces[2::2], strict=True)).get(part, "")
        return ""


def check_wordings(record: Record) -> None:
    """What is planned names the version that held; what was planned before a change keeps its own, unless whoever made
    the change wished otherwise for what waits.
    """
    changes = _changes(record)
    if not changes:
        return
    concerned = {template for template, _ in changes}
    for entry, planned in record.of_type(MessagePlanned):
        if planned.template in concerned:
            _check_planned(record, entry, planned, changes)
    for entry, event in record.of_type(MessageReworded):
        _check_reworded(record, entry, event)


_Changes = Mapping[tuple[str, str], list[tuple[float, int]]]
"""By template and language, since when which version has held."""


def _changes(record: Record) -> _Changes:
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for kind in (WordingPublished, WordingRestored):
        for entry, event in record.of_type(kind):
            version = getattr(event, "version", 0)
            found.setdefault((event.template, event.language), [(0.0, 0)]).append(
                (record.stored_at[entry["id"]], version)
            )
    return {key: sorted(held) for key, held in found.items()}


def _check_planned(record: Record, entry: Json, planned: MessagePlanned, changes: _Changes) -> None:
    at = record.stored_at[entry["id"]]
    for (template, language), held in changes.items():
        if template == planned.template:
            version = planned.wording.get(language, 0)
            if version not in set(_held(held, at - _SEEN_BEFORE, at)):
                record.blame(
                    f"{template} to {planned.recipient_id} was planned in version {version}, which did not hold"
                )


def _held(held: list[tuple[float, int]], first: float, last: float) -> Iterable[int]:
    for number, (since, version) in enumerate(held):
        until = held[number + 1][0] if number + 1 < len(held) else float("inf")
        if since <= last and first <= until:
            yield version


def _check_reworded(record: Record, entry: Json, event: MessageReworded) -> None:
    name = f"a message to {event.recipient_id}"
    cause = record.by_id.get(entry["causation"])
    change = said(cause) if cause else None
    if not isinstance(change, WordingChanged):
        record.blame(f"{name} was reworded, and nobody changed the words")
        return
    version = getattr(change, "version", 0)
    if not change.reword or event.recipient_id not in change.recipient_ids or event.wording != version:
        record.blame(f"{name} was reworded to version {event.wording}, though what waits was to keep its words")
    history = record.events[entry["subject"]]
    planned = next(
        one for one in map(said, history) if isinstance(one, MessagePlanned) and one.message_id == event.message_id
    )
    if planned.template != change.template or planned.at > change.at:
        record.blame(f"{name} was reworded, and was planned after the change")
