"""HTTP in: where somebody is signed in. The portal says what begins, asks what still stands, and people end it."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.notifications import access
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import EndSession, SignOutEverywhere, UseSession
from services.notifications.domain.signed_in import SessionStanding, open_sessions, standing_of_session
from services.notifications.domain.state import AgendaState
from shared.contracts.envelope import Identifier
from shared.contracts.sessions import Browser, Device, Door, Why
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

OWNERS = ("patient", "caregiver", "referrer", "psychology", "operator")

routes = APIRouter(tags=["notifications"])


class Used(BaseModel):
    """A session as the portal signed it."""

    model_config = ConfigDict(extra="forbid")

    begun_at: AwareDatetime
    until: AwareDatetime
    browser: Browser
    device: Device
    door: Door
    is_new: bool = False


class Ended(BaseModel):
    """Why it is over."""

    model_config = ConfigDict(extra="forbid")

    why: Why


class StandingView(BaseModel):
    """Whether it can be used, and when it last was."""

    standing: SessionStanding
    used_at: datetime | None


class SessionRow(BaseModel):
    """One place where somebody is signed in."""

    id: str
    begun_at: datetime
    used_at: datetime
    browser: Browser
    device: Device


@routes.get("/agendas/{recipient_id}/sessions")
async def list_sessions(recipient_id: str, caller: Caller = allow(*OWNERS)) -> list[SessionRow]:
    """Where this person is signed in now; what was used last comes first."""
    state = await _state(recipient_id, caller)
    return [
        SessionRow(id=id, begun_at=one.begun_at, used_at=one.used_at, browser=one.browser, device=one.device)
        for id, one in open_sessions(state, caller.now)
    ]


@routes.get("/agendas/{recipient_id}/sessions/{session_id}")
async def standing(
    recipient_id: str, session_id: str, begun_at: AwareDatetime, caller: Caller = allow("service")
) -> StandingView:
    """Whether a session still stands. One of which nothing is known may have begun while this service was away."""
    state = await _state(recipient_id, caller)
    known = state.sessions.get(session_id)
    return StandingView(
        standing=standing_of_session(state, session_id, begun_at), used_at=known.used_at if known else None
    )


@routes.post("/agendas/{recipient_id}/sessions/{session_id}/use")
async def use(
    recipient_id: Identifier, session_id: Identifier, body: Used, caller: Caller = allow("service")
) -> Response:
    """A session begins, or goes on."""
    command = UseSession(
        now=caller.now, actor=caller.actor, recipient_id=recipient_id, session_id=session_id, **dict(body)
    )
    return await caller.begin_or_change("agenda", agenda_id(recipient_id), lambda _: command)


@routes.post("/agendas/{recipient_id}/sessions/{session_id}/end")
async def end(
    recipient_id: str, session_id: Identifier, body: Ended, caller: Caller = allow(*OWNERS, "service")
) -> Response:
    """Sign out there."""
    command = EndSession(now=caller.now, actor=caller.actor, session_id=session_id, why=body.why)
    return await caller.change("agenda", agenda_id(recipient_id), command, may=access.keeps_sessions)


@routes.post("/agendas/{recipient_id}/sign-out")
async def sign_out_everywhere(recipient_id: str, caller: Caller = allow(*OWNERS)) -> Response:
    """Be signed in nowhere any more."""
    command = SignOutEverywhere(now=caller.now, actor=caller.actor)
    return await caller.change("agenda", agenda_id(recipient_id), command, may=access.keeps_sessions)


async def _state(recipient_id: str, caller: Caller) -> AgendaState:
    """Somebody of whom nothing is known yet is signed in nowhere that is known."""
    if not access.keeps_sessions(caller.user, AgendaState(recipient_id=recipient_id)):
        raise NotFound(f"agenda of {recipient_id}")
    try:
        found: AgendaState = (await caller.core.load("agenda", agenda_id(recipient_id))).state
    except NotFound:
        return AgendaState(recipient_id=recipient_id)
    return found
