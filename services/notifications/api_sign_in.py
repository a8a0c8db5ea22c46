"""HTTP in: signing in by a link in an e-mail. The portal asks, for whoever stands at its door."""

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask

from services.notifications import access
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import AskToSignIn, UseSignInLink
from services.notifications.domain.signing_in import Standing, standing_of
from services.notifications.reached import reached_at
from services.notifications.texts import greeting_name
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Identifier
from shared.runtime.aggregate import derived_id
from shared.runtime.errors import Conflict, NotFound, Unavailable
from shared.runtime.http import Caller, Forbidden, allow
from shared.runtime.writing import Origin

log = structlog.get_logger()

_ACCEPTED = 202


class Address(BaseModel):
    """What somebody wrote at the door."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(min_length=1, max_length=254)


class Link(BaseModel):
    """The message by which somebody wants to be let in."""

    model_config = ConfigDict(extra="forbid")

    message_id: Identifier


class LinkView(BaseModel):
    """Whom it lets in, by their first name, and whether it still does."""

    name: str | None
    standing: Standing


def router(clinic: Clinic) -> APIRouter:
    """The routes, with what this clinic set."""
    routes = APIRouter(tags=["notifications"])

    @routes.post("/sign-in-links")
    async def ask(body: Address, caller: Caller = allow("service")) -> Response:
        """A link to everybody with this address. The answer goes out before anybody is looked for, so that neither it
        nor the time that it takes tells whether somebody is there.
        """
        if not access.asks_for_link(caller.user):
            raise Forbidden
        sending = BackgroundTask(_send, clinic, body.email, caller.derived_id("asked"), caller)
        return JSONResponse({}, _ACCEPTED, background=sending)

    routes.add_api_route("/agendas/{recipient_id}/sign-in", _look, methods=["GET"])
    routes.add_api_route("/agendas/{recipient_id}/sign-in", _use, methods=["POST"])
    return routes


async def _send(clinic: Clinic, email: str, asked: str, caller: Caller) -> None:
    try:
        for recipient_id, state in await reached_at(clinic, "email", email, caller):
            if access.signs_in(caller.user, state):
                message_id = derived_id("message", asked, recipient_id)
                command = AskToSignIn(now=caller.now, actor=caller.actor, message_id=message_id)
                await caller.core.execute(
                    "agenda", agenda_id(recipient_id), command, Origin(caller.correlation, f"request:{asked}")
                )
    except (Conflict, NotFound, Unavailable) as fault:
        # Whoever asked is told by nobody; they ask again.
        log.warning("notifications.sign_in_link_lost", fault=type(fault).__name__)


async def _look(recipient_id: str, message_id: str, caller: Caller = allow("service")) -> LinkView:
    """What a link would do. Looking changes nothing."""
    found = await caller.load("agenda", agenda_id(recipient_id), may=access.signs_in)
    standing = standing_of(found.state, message_id, caller.now)
    return LinkView(name=greeting_name(found.state.name), standing=standing)


async def _use(recipient_id: str, body: Link, caller: Caller = allow("service")) -> Response:
    """Somebody holds the link. Whom this answers with success may be let in; it does so once."""
    command = UseSignInLink(now=caller.now, actor=caller.actor, message_id=body.message_id)
    return await caller.change("agenda", agenda_id(recipient_id), command, may=access.signs_in)
