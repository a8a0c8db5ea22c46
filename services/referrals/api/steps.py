"""Every step of a referral: one route for each action of the state machine, `POST /referrals/{id}/<action>`."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Response

from services.referrals import access
from services.referrals.api import bodies
from services.referrals.api.patients import of_referral, refer_consented
from services.referrals.api.router import router
from services.referrals.domain.referral import commands as c
from services.referrals.domain.referral import later as n
from services.referrals.domain.referral.action import Action
from services.referrals.domain.referral.standings import OPEN
from services.referrals.domain.referral.table_later import ACTION_OF
from shared.contracts.commands import Command
from shared.runtime.aggregate import derived_id
from shared.runtime.http import Caller, allow

STEPS: dict[type[Command], type[bodies.Body]] = {
    c.SubmitReferral: bodies.SubmitBody,
    c.DiscardDraft: bodies.NothingBody,
    c.AttachToReferral: bodies.AttachBody,
    c.LinkClinician: bodies.NothingBody,
    c.TakeOnTriage: bodies.NothingBody,
    c.AskForInformation: bodies.AskBody,
    c.ProvideInformation: bodies.AnswerBody,
    c.ChangePriority: bodies.PriorityBody,
    c.AcceptReferral: bodies.AcceptBody,
    c.ReturnReferral: bodies.RationaleBody,
    c.DeclineReferral: bodies.DeclineBody,
    c.RedirectReferral: bodies.RedirectBody,
    c.AgreeReferral: bodies.AgreeBody,
    c.RecordUndecided: bodies.UndecidedBody,
    c.RecordNotNow: bodies.NotNowBody,
    c.HoldWarmHandoff: bodies.NoteBody,
    c.WithdrawReferral: bodies.WithdrawBody,
    n.TakeOffer: bodies.NothingBody,
    n.DeclineOffer: bodies.DeclineOfferBody,
    n.PauseClock: bodies.PauseBody,
    n.ResumeClock: bodies.NothingBody,
    n.Rescreen: bodies.RescreenBody,
    n.ScheduleAppointment: bodies.ScheduleBody,
    n.CancelAppointment: bodies.CancelAppointmentBody,
    n.RecordMissed: bodies.MissedBody,
    n.RecordAttended: bodies.NothingBody,
    n.NoteProgress: bodies.ProgressBody,
    n.RequestCancellation: bodies.CancellationBody,
    n.ConfirmCancellation: bodies.NothingBody,
    n.TurnDownCancellation: bodies.RationaleBody,
    n.SendFindings: bodies.FindingsBody,
    n.AcknowledgeOutcome: bodies.NothingBody,
    n.ReopenReferral: bodies.RationaleBody,
    n.EnterInError: bodies.ErrorBody,
}
"""What the request of each step carries."""


async def _consented(caller: Caller, referral_id: str) -> dict[str, Any]:
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    return {"refer_consented": await refer_consented(caller, found.state.patient_id)}


async def _is_new(caller: Caller, referral_id: str) -> dict[str, Any]:
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    patient = await of_referral(caller, found.state.patient_id)
    return {"new_to_mental_health": patient.new_to_mental_health}


async def _continued(caller: Caller, referral_id: str) -> dict[str, Any]:
    found = await caller.load("referral", referral_id, may=access.sees_referral)
    others = await caller.find("referral", patient_id=found.state.patient_id)
    taken = tuple(one.state.pathway for one in others if one.state.status in OPEN)
    return {"continued_as": derived_id("referral", referral_id, "redirected"), "taken": taken}


async def _attached(caller: Caller, referral_id: str) -> dict[str, Any]:
    return {"attachment_id": caller.derived_id("attachment")}


_BESIDE: dict[type[Command], Callable[[Caller, str], Awaitable[dict[str, Any]]]] = {
    c.SubmitReferral: _consented,
    c.AcceptReferral: _is_new,
    c.RedirectReferral: _continued,
    c.AttachToReferral: _attached,
}
"""What a command needs to know that no request carries."""


def path(action: Action) -> str:
    """Where a step is asked for, below the referral."""
    return action.name.replace("_", "-")


def _serve(action: Action, model: type[bodies.Body]) -> None:
    roles = [role for role in action.who if role != "system"]

    async def step(referral_id: str, body: bodies.Body | None, caller: Caller = allow(*roles)) -> Response:
        beside = _BESIDE.get(action.command)
        more = await beside(caller, referral_id) if beside else {}
        command = action.command(now=caller.now, actor=caller.actor, **dict(body or model()), **more)
        return await caller.change("referral", referral_id, command, may=access.sees_referral)

    asks = any(field.is_required() for field in model.model_fields.values())
    step.__annotations__["body"] = model if asks else model | None
    step.__doc__ = action.command.__doc__
    if not asks:
        step.__defaults__ = (None, *(step.__defaults__ or ()))
    router.add_api_route(f"/referrals/{{referral_id}}/{path(action)}", step, methods=["POST"], name=action.name)


for _command, _model in STEPS.items():
    _serve(ACTION_OF[_command], _model)
