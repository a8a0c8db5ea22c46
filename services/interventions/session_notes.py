"""A psychologist's notes on sessions: apart from the record, and for nobody but who wrote them.

A note is no event and has none: what is never said to other services cannot reach a topic, a ledger, a letter, an
export or a figure (docs/decisions/0005). Its words are sealed twice: for the patient, so that erasing the patient
erases them, and for author and patient together, so that nothing that opens what is a patient's opens these.
"""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel

from shared.contracts.personal import Personal
from shared.runtime.core import Core
from shared.runtime.store.port import Document, Schema, Stale

KIND = "session_note"
SCHEMA = Schema(KIND, queried=("whose",))


class SessionNote(BaseModel):
    """One note. `text` is nothing once the patient was erased."""

    id: str
    author_id: str
    patient_id: str
    episode_id: str
    at: AwareDatetime
    text: Personal[str] = None


class _Words(BaseModel):
    text: Personal[str] = None


async def write(core: Core, note: SessionNote) -> None:
    """Keep it. The same id again changes nothing. Raises `Unavailable`, and `Rejected` where the patient was erased."""
    inner = await core.vault.seal(_Words(text=note.text), note.patient_id, f"{note.id}.words")
    outer = note.model_copy(update={"text": inner["text"]["sealed"]})
    sealed = await core.vault.seal(outer, _pair(note.author_id, note.patient_id), note.id)
    whose = _whose(note.author_id, note.episode_id)
    try:
        await core.store.documents.save(Document(id=note.id, kind=KIND, rev=1, state=sealed, keys={"whose": whose}))
    except Stale:
        return


async def written_by(core: Core, author_id: str, episode_id: str) -> list[SessionNote]:
    """What this author wrote about this treatment, the newest first. Nobody else's are looked at."""
    found = await core.store.documents.find(KIND, {"whose": _whose(author_id, episode_id)})
    outer = await core.vault.open_many([(one.state, one.id) for one in found])
    inner = await core.vault.open_many(
        [({"text": {"sealed": state["text"]}}, f"{state['id']}.words") for state in outer]
    )
    notes = [
        SessionNote.model_validate({**state, "text": words["text"]}) for state, words in zip(outer, inner, strict=True)
    ]
    return sorted(notes, key=_at, reverse=True)


def _pair(author_id: str, patient_id: str) -> str:
    """Under which the key of an author for one patient lies in the vault."""
    return f"note:{author_id}:{patient_id}"


def _whose(author_id: str, episode_id: str) -> str:
    return f"{author_id}|{episode_id}"


def _at(note: SessionNote) -> datetime:
    return note.at
