"""What is true of a referral after an event. Total: an event that says nothing of a referral changes nothing."""

from typing import Any

from services.referrals.domain.referral import clock
from services.referrals.domain.referral.learning import learned
from services.referrals.domain.referral.standings import STANDINGS
from services.referrals.domain.referral.state import ReferralState, Status
from services.referrals.domain.referral.table import MOVES
from shared.contracts import referrals as e
from shared.contracts.envelope import Event

_LEAVES_ITS_PLACE = (
    e.PatientUndecided,
    e.PatientNotNow,
    e.WorseWhileWaiting,
    e.ReferralWithdrawn,
    e.ReferralCancelled,
    e.ReferralDeclined,
    e.ReferralLapsed,
    e.ReferralRedirected,
    e.EnteredInError,
    e.OutcomeReceived,
    e.FindingsSent,
)
_PAUSES: dict[type[Event], str] = {e.PatientUndecided: "patient_undecided", e.PatientNotNow: "patient_not_now"}
_RESUMES = (e.ReferralAgreed, e.ReferralReoffered, e.ClockResumed, e.WorseWhileWaiting)


def evolve(state: ReferralState, event: Event) -> ReferralState:
    """The referral after `event`."""
    if not isinstance(event, e.ReferralEvent):
        return state
    told = {**learned(state, event), **_clock(state, event)}
    status = _status(event)
    if status is not None:
        told |= {"status": status, "status_since": event.at, "reminders": 0, "reminded_at": None}
        told["closed_at"] = event.at if STANDINGS[status].final else None
    if isinstance(event, _LEAVES_ITS_PLACE) or _begins_in_a_group(event) or _stops_waiting(state, event):
        told |= {"place_id": None, "offer_until": None, "rescreen_open": False}
    return state.model_copy(update=told)


def _begins_in_a_group(event: e.ReferralEvent) -> bool:
    """A group has seats of its own."""
    return isinstance(event, e.TreatmentStarted) and event.group_id is not None


def _stops_waiting(state: ReferralState, event: e.ReferralEvent) -> bool:
    """Nobody goes on after it was asked to cancel, so no seat is kept for them; who has one keeps it until the end."""
    return isinstance(event, e.CancellationRequested) and state.status in (Status.WAITLISTED, Status.OFFERED)


def _status(event: e.ReferralEvent) -> Status | None:
    if isinstance(event, e.ReferralAgreed):
        return Status.IN_TREATMENT if event.starts_now else None
    if isinstance(event, e.CancellationTurnedDown):
        return Status(event.back_to)
    return MOVES.get(type(event))


def _clock(state: ReferralState, event: e.ReferralEvent) -> dict[str, Any]:
    match event:
        case e.ReferralSubmitted():
            return {"clock_started_at": event.at}
        case e.ReferralContinued():
            return {"clock_started_at": event.request.clock_started_at, "pauses": event.request.pauses}
        case e.PatientUndecided() | e.PatientNotNow():
            return {"pauses": clock.paused(state, event.at, _PAUSES[type(event)])}
        case e.ClockPaused():
            return {"pauses": clock.paused(state, event.at, event.reason_code)}
        case e.ReferralReopened():
            return _reopened(state, event)
        case e.ReferralAgreed() if event.starts_now:
            return {"pauses": clock.resumed(state, event.at), "clock_stopped_at": event.at}
        case _ if isinstance(event, _RESUMES):
            return {"pauses": clock.resumed(state, event.at)}
    status = _status(event)
    stops = status is Status.IN_TREATMENT or (status is not None and STANDINGS[status].final)
    if stops and state.clock_started_at and state.clock_stopped_at is None:
        return {"pauses": clock.resumed(state, event.at), "clock_stopped_at": event.at}
    return {}


def _reopened(state: ReferralState, event: e.ReferralReopened) -> dict[str, Any]:
    """The time for which it was closed counts as a pause."""
    if state.clock_stopped_at is None:
        return {}
    stopped = state.model_copy(update={"pauses": clock.paused(state, state.clock_stopped_at, "closed")})
    return {"pauses": clock.resumed(stopped, event.at), "clock_stopped_at": None}
