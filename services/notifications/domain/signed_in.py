"""Where a person is signed in, and how that ends. The portal asks here whether a session still stands."""

from datetime import datetime, timedelta
from typing import Any, Literal

from services.notifications.domain.commands import EndSession, SignOutEverywhere, UseSession
from services.notifications.domain.state import AgendaState, Session
from shared.contracts.commands import Rejected
from shared.contracts.envelope import Event
from shared.contracts.sessions import SessionBegun, SessionEnded, SessionUsed, SignedOutEverywhere

SessionStanding = Literal["open", "ended", "unknown"]

USED_EVERY = timedelta(minutes=30)
"""How exactly it is known when a session was last used: a technical limit, since each time is an event."""
SESSIONS_KEPT = 50


def use(state: AgendaState, c: UseSession) -> list[Event]:
    """A session begins, or goes on. Raises `Rejected` once it has ended."""
    is_heard_of = c.session_id in state.sessions or not c.is_new
    if (is_heard_of and standing_of_session(state, c.session_id, c.begun_at) == "ended") or c.until <= c.now:
        raise Rejected("session-ended")
    who: dict[str, Any] = {"at": c.now, "recipient_id": c.recipient_id, "session_id": c.session_id}
    known = state.sessions.get(c.session_id)
    if known is None:
        more = {name: getattr(c, name) for name in ("begun_at", "until", "browser", "device", "door")}
        return [SessionBegun(**who, **more)]
    return [SessionUsed(**who)] if c.now - known.used_at >= USED_EVERY else []


def end(state: AgendaState, c: EndSession) -> list[Event]:
    """One session. What has ended already, or is not known, needs nothing."""
    known = state.sessions.get(c.session_id)
    if known is None or known.ended_at is not None:
        return []
    return [SessionEnded(at=c.now, recipient_id=state.recipient_id, session_id=c.session_id, why=c.why)]


def end_all(state: AgendaState, c: SignOutEverywhere) -> list[Event]:
    """All of them, and those that began up to now and are not known here yet."""
    return [SignedOutEverywhere(at=c.now, recipient_id=state.recipient_id)]


def standing_of_session(state: AgendaState, id: str, begun_at: datetime) -> SessionStanding:
    """What is not known may have begun while this service was away."""
    known = state.sessions.get(id)
    if known is not None:
        return "open" if known.ended_at is None else "ended"
    is_past = state.signed_out_at is not None and begun_at <= state.signed_out_at
    return "ended" if is_past else "unknown"


def open_sessions(state: AgendaState, now: datetime) -> list[tuple[str, Session]]:
    """Those that can be used; the one that was used last comes first."""
    found = [(id, one) for id, one in state.sessions.items() if one.ended_at is None and one.until > now]
    return sorted(found, key=lambda pair: pair[1].used_at, reverse=True)


def change_of_sessions(
    state: AgendaState, event: SessionBegun | SessionUsed | SessionEnded | SignedOutEverywhere
) -> dict[str, Any]:
    """What is new in the state."""
    match event:
        case SignedOutEverywhere():
            over = {"ended_at": event.at}
            ended = {id: one if one.ended_at else one.model_copy(update=over) for id, one in state.sessions.items()}
            return {"sessions": ended, "signed_out_at": _later(state.signed_out_at, event.at)}
        case SessionBegun():
            return _with_begun(state, event)
    known = state.sessions.get(event.session_id)
    if known is None:
        return {}
    change = {"used_at": event.at} if isinstance(event, SessionUsed) else {"ended_at": event.at}
    return {"sessions": {**state.sessions, event.session_id: known.model_copy(update=change)}}


def _with_begun(state: AgendaState, event: SessionBegun) -> dict[str, Any]:
    begun = Session(
        begun_at=event.begun_at,
        until=event.until,
        used_at=event.at,
        browser=event.browser,
        device=event.device,
        door=event.door,
    )
    sessions = {id: one for id, one in state.sessions.items() if one.until > event.at} | {event.session_id: begun}
    oldest_first = sorted(sessions, key=lambda id: sessions[id].begun_at)
    too_many = [sessions.pop(id) for id in oldest_first[: max(0, len(sessions) - SESSIONS_KEPT)]]
    signed_out_at = state.signed_out_at
    for one in too_many:
        # What is forgotten must not count as one of which nothing was heard yet.
        signed_out_at = _later(signed_out_at, one.begun_at)
    return {"sessions": sessions, "signed_out_at": signed_out_at}


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)
