"""Routes of session notes. Whoever does not treat the person is told that there is nothing here."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.interventions import access
from services.interventions.api.serving import Body
from services.interventions.session_notes import SessionNote, write, written_by
from shared.runtime.http import Caller, allow

router = APIRouter(tags=["session notes"])

LONGEST = 20_000


class NoteBody(Body):
    """What its author wants to remember."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class NoteRow(BaseModel):
    """One of the caller's own."""

    id: str
    at: AwareDatetime
    text: str | None


@router.get("/episodes/{episode_id}/notes")
async def read_notes(episode_id: str, caller: Caller = allow("psychology")) -> list[NoteRow]:
    """What the caller wrote, the newest first."""
    await caller.load("episode", episode_id, may=access.keeps_notes)
    notes = await written_by(caller.core, caller.user.id, episode_id)
    return [NoteRow(id=one.id, at=one.at, text=one.text) for one in notes]


@router.post("/episodes/{episode_id}/notes")
async def write_note(episode_id: str, body: NoteBody, caller: Caller = allow("psychology")) -> Response:
    """Write one. It stays as it is written; who sees it otherwise later writes another."""
    found = await caller.load("episode", episode_id, may=access.keeps_notes)
    note = SessionNote(
        id=caller.derived_id("session-note"),
        author_id=caller.user.id,
        patient_id=found.state.patient_id,
        episode_id=episode_id,
        at=caller.now,
        text=body.text,
    )
    await write(caller.core, note)
    return JSONResponse({"id": note.id}, 201)
