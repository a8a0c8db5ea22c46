"""Walks the referral's state machine: the shortest way to every status, found by trying every action of the table."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.state import ReferralState
from services.referrals.domain.referral.table_later import ACTIONS
from services.referrals.domain.referral.timers import LAPSES
from shared.contracts import referrals as e
from shared.contracts.commands import Command, Rejected, TimerDue
from tests.referrals.people import (
    ANSWERS,
    LUIS_ACTOR,
    NOW,
    OKAFOR,
    REACTION,
    REFERRAL,
    REQUEST,
    ROSA,
    SUMMARY,
    TANAKA,
    draft,
)

ACTORS = {
    "referrer": OKAFOR,
    "psychology": TANAKA,
    "patient": ROSA,
    "caregiver": LUIS_ACTOR,
    "system": REACTION,
}
STEP = timedelta(hours=1)

Fields = Callable[[ReferralState, datetime], dict[str, Any]]

FIELDS: dict[type[Command], Fields] = {
    c.DraftReferral: lambda *_: draft().model_dump(exclude={"now", "actor"}),
    c.SubmitReferral: lambda *_: {
        "reason": "Pain.",
        "goal": "Walk.",
        "priority": "routine",
        "answers": ANSWERS,
        "refer_consented": True,
    },
    c.ContinueReferral: lambda *_: {
        "referral_id": "referral-1",
        "patient_id": "patient-rosa",
        "referrer_id": "dr-okafor",
        "based_on": "referral-0",
        "request": REQUEST,
        "rationale": "Trauma comes first.",
    },
    c.AttachToReferral: lambda state, _: {
        "attachment_id": f"attachment-{len(state.attachments)}",
        "kind": "note",
        "text": "Sleeps badly.",
    },
    c.AskForInformation: lambda *_: {"question": "Why?"},
    c.ProvideInformation: lambda *_: {"answer": "So."},
    c.ChangePriority: lambda *_: {"priority": "very_urgent", "rationale": "Worse."},
    c.AcceptReferral: lambda *_: {"rationale": "Fits.", "step": 1, "departure": "Seen in person."},
    c.ReturnReferral: lambda *_: {"rationale": "Pacing first."},
    c.DeclineReferral: lambda *_: {"rationale": "Full.", "reason_code": "no_capacity"},
    c.RedirectReferral: lambda *_: {
        "to": "primary-care",
        "rationale": "Sleep first.",
        "continued_as": "referral-2",
    },
    c.RecordUndecided: lambda *_: {"reason_code": "other"},
    c.RecordNotNow: lambda _, now: {"reason_code": "other", "reoffer_at": now + timedelta(days=60)},
    c.AgreeReferral: lambda *_: {"place_id": "place-video-sessions"},
    n.ReceiveOffer: lambda state, now: {
        "place_id": state.place_id or "place-video-sessions",
        "offer_until": now + timedelta(days=7),
        "wait": max(state.wait, 1),
    },
    n.DeclineOffer: lambda *_: {"reason_code": "too_soon"},
    n.PauseClock: lambda *_: {"reason_code": "medical_reason"},
    n.Rescreen: lambda *_: {"answers": ANSWERS},
    n.ScheduleAppointment: lambda _, now: {
        "at": now + timedelta(minutes=30),
        "mode": "video",
        "clinician_id": "psy-tanaka",
    },
    n.CancelAppointment: lambda *_: {"reason_code": "patient_asked"},
    n.RecordMissed: lambda *_: {"reason_code": "ill"},
    n.BeginInGroup: lambda *_: {"group_id": "group-1"},
    n.NoteMissedGroup: lambda *_: {"group_id": "group-1", "reason_code": "forgot"},
    n.RequestCancellation: lambda *_: {"reason_code": "moved_away"},
    n.TurnDownCancellation: lambda *_: {"rationale": "They wish to go on."},
    n.ReceiveOutcome: lambda *_: {"summary": SUMMARY},
    n.SendFindings: lambda *_: {"findings": "Grief, and pain that it makes worse."},
    n.ReopenReferral: lambda *_: {"rationale": "Asked again."},
    n.EnterInError: lambda *_: {"note": "Wrong person."},
}


def command(action: Action, actor: str, state: ReferralState, now: datetime) -> Command:
    """A complete one."""
    fields = FIELDS.get(action.command, lambda *_: {})
    return action.command(now=now, actor=actor, **fields(state, now))


def after(events: tuple[e.ReferralEvent, ...]) -> ReferralState:
    """The referral after these."""
    state = REFERRAL.state()
    for event in events:
        state = REFERRAL.evolve(state, event)
    return state


def then(state: ReferralState) -> datetime:
    """A little later, when a meeting that was planned is over."""
    return (state.status_since or NOW) + STEP


def histories() -> dict[str, tuple[e.ReferralEvent, ...]]:
    """For every status the shortest run of events that leads there, by actions and by timers that move a referral."""
    found: dict[str, tuple[e.ReferralEvent, ...]] = {"none": ()}
    waiting = ["none"]
    while waiting:
        here = found[waiting.pop(0)]
        for more in _next(here):
            status = str(after((*here, *more)).status)
            if status not in found:
                found[status] = (*here, *more)
                waiting.append(status)
    return found


def _next(here: tuple[e.ReferralEvent, ...]) -> list[tuple[e.ReferralEvent, ...]]:
    state, runs = after(here), []
    for action in ACTIONS:
        try:
            runs.append(REFERRAL.decide(state, command(action, ACTORS[action.who[0]], state, then(state))))
        except Rejected:
            continue
    for lapse in LAPSES:
        due = REFERRAL.timers(state).get(lapse.name)
        if due is not None:
            runs.append(REFERRAL.decide(state, TimerDue(now=due, actor="system:timer", name=lapse.name)))
    return [tuple(run) for run in runs if run]
