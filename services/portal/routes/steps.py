"""How one press of a button on the page of a referral becomes a step: `POST /referrals/{id}/<action>`, as there."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal.calls import Json, at
from services.portal.routes import referral
from services.portal.visit import Clinician, Visit

Body = Callable[[Visit], Json]
"""What the form of a step carries to the service."""


def serve(router: APIRouter, bodies: Mapping[str, Body]) -> None:
    """A route for each step, by its name there. The service knows who may."""
    for action, body in bodies.items():
        path = f"/referrals/{{referral_id}}/{action}"
        router.add_api_route(path, _step(action, body), methods=["POST"], name=action)


def nothing(visit: Visit) -> Json:
    """For a step that asks for nothing."""
    return {}


def texts(*names: str) -> Body:
    """Fields as they were typed."""
    return lambda visit: {name: visit.form.text(name) for name in names}


def reason(visit: Visit) -> Json:
    """The reason that was chosen. Without one the service says that one is needed."""
    return {"reason_code": visit.form.text("reason_code")}


def _step(action: str, body: Body) -> Callable[[str, Visit], Awaitable[Response]]:
    async def step(referral_id: str, visit: Clinician) -> Response:
        return await visit.submit(
            action,
            "referrals",
            at("referrals", referral_id, action),
            body(visit),
            then=f"/referrals/{referral_id}",
            done=f"referral-{action}",
            again=partial(referral.page, visit, referral_id),
        )

    return step
