"""What people may want of a referral, with all that it takes to say so, as chance has it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, get_args

from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.state import ReferralState
from shared.contracts import referrals as e
from shared.contracts.commands import Command
from shared.runtime.aggregate import derived_id
from tests.referrals.people import CLINIC

PATHWAYS = [one.id for one in CLINIC.pathways]
PLACES = [one.id for one in CLINIC.places if one.starts != "with_a_group"]

Fields = Callable[[Random, ReferralState, datetime], dict[str, Any]]


def wish(action: Action, actor: str, rng: Random, state: ReferralState, now: datetime) -> Command:
    """A command that is complete, and mostly sensible."""
    fields = {"reason_code": rng.choice(get_args(action.reasons))} if action.reasons else {}
    return action.command(now=now, actor=actor, **fields, **FIELDS.get(action.command, _nothing)(rng, state, now))


def answers(rng: Random) -> c.Answers:
    """Complete ones."""
    return {
        "PEG": {item: rng.randint(0, 10) for item in (1, 2, 3)},
        "PHQ-4": {item: rng.randint(0, 3) for item in (1, 2, 3, 4)},
    }


def _nothing(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    return {}


def _submit(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    wishes = e.Preferences(
        format=rng.choice([None, *get_args(e.Format)]), mode=rng.choice([None, *get_args(e.Mode)]), language="en"
    )
    request = {"reason": "Pain.", "goal": "Walk.", "priority": rng.choice([*e.Priority]), "answers": answers(rng)}
    return {**request, "refer_consented": True, "preferences": wishes}


def _accept(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    decided = {"rationale": "Fits.", "step": rng.randint(1, 4), "departure": rng.choice(["Seen in person.", None])}
    return {**decided, "priority": rng.choice([None, *e.Priority]), "new_to_mental_health": rng.random() < 0.3}


def _redirect(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    onward = [*(one for one in PATHWAYS if one != state.pathway), "primary-care"]
    continued_as = derived_id("referral", state.referral_id, "redirected")
    return {"to": rng.choice(onward), "rationale": "They can help more.", "continued_as": continued_as}


def _attach(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    kind = rng.choice(["letter", "note", "measure"])
    told = {"attachment_id": f"attachment-{len(state.attachments)}", "kind": kind, "text": "As promised."}
    return {**told, "answers": {"PEG": answers(rng)["PEG"]} if kind == "measure" else {}}


def _schedule(rng: Random, state: ReferralState, now: datetime) -> dict[str, Any]:
    at = now + timedelta(hours=rng.randint(1, 400))
    return {"at": at, "mode": rng.choice(get_args(e.Mode)), "clinician_id": "psy-tanaka"}


FIELDS: dict[type[Command], Fields] = {
    c.SubmitReferral: _submit,
    c.AttachToReferral: _attach,
    c.AskForInformation: lambda *_: {"question": "Since when?"},
    c.ProvideInformation: lambda *_: {"answer": "For nine years."},
    c.ChangePriority: lambda rng, *_: {"priority": rng.choice([*e.Priority]), "rationale": "Seen again."},
    c.AcceptReferral: _accept,
    c.ReturnReferral: lambda *_: {"rationale": "Please try pacing first."},
    c.DeclineReferral: lambda *_: {"rationale": "We are full."},
    c.RedirectReferral: _redirect,
    c.AgreeReferral: lambda rng, *_: {"place_id": rng.choice([None, None, *PLACES])},
    c.RecordUndecided: lambda rng, _, now: {
        "ask_again_at": rng.choice([None, now + timedelta(days=rng.randint(1, 60))]),
        "contact": rng.choice(get_args(e.ContactWay)),
    },
    c.RecordNotNow: lambda rng, _, now: {"reoffer_at": now + timedelta(days=rng.randint(1, 120))},
    n.Rescreen: lambda rng, *_: {"answers": answers(rng)},
    n.ScheduleAppointment: _schedule,
    n.TurnDownCancellation: lambda *_: {"rationale": "They wish to go on."},
    n.SendFindings: lambda *_: {"findings": "Grief, and pain that it makes worse."},
    n.ReopenReferral: lambda *_: {"rationale": "Asked again."},
    n.EnterInError: lambda *_: {"note": "Wrong person."},
}
