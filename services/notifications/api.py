"""HTTP in: a person's inbox, and for staff what was planned and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.notifications import (
    access,
    api_choices,
    api_figures,
    api_reach,
    api_sign_in,
    api_webhooks,
    api_wordings,
    views,
)
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import ReadMessage
from services.notifications.domain.state import AgendaState
from services.notifications.openness import opened_to
from services.notifications.published import learn
from services.notifications.sender import reader_of
from services.notifications.texts import Texts
from services.notifications.views import Inbox, Plan, Trouble, TroubleRow
from shared.contracts.clinic import Clinic
from shared.contracts.referrals import Language
from shared.runtime.errors import NotFound
from shared.runtime.http import Caller, allow

OWNERS = ("patient", "caregiver", "referrer", "psychology", "operator")


def router(
    clinic: Clinic, texts: Texts, providers: api_reach.Providers = dict, webhook_secrets: tuple[str, ...] = ()
) -> APIRouter:
    """The routes, with this clinic's words."""
    routes = APIRouter(tags=["notifications"])

    @routes.get("/agendas/{recipient_id}/inbox")
    async def inbox(
        recipient_id: str,
        language: Language | None = None,
        most: Annotated[int | None, Query(ge=0, le=200_000)] = None,
        caller: Caller = allow(*OWNERS, "service"),
    ) -> Inbox:
        """What this person was told, newest first, or the newest `most` of it: with 0, only how many are unread. It is
        empty for somebody who was never told anything.
        """
        if not access.has_inbox(caller.user, recipient_id):
            raise NotFound(f"agenda of {recipient_id}")
        found = await caller.find("agenda", recipient_id=recipient_id)
        if not found:
            return views.inbox(clinic, texts, AgendaState(recipient_id=recipient_id), 0, language, caller.now)
        state, version = found[0].state, found[0].version
        opened = await opened_to(caller, recipient_id, views.shared_about(state))
        if most != 0:
            await learn(texts, caller.core, state.messages.values(), language or reader_of(clinic, state).language)
        return views.inbox(clinic, texts, state, version, language, caller.now, opened, most)

    @routes.post("/agendas/{recipient_id}/messages/{message_id}/read")
    async def read(recipient_id: str, message_id: str, caller: Caller = allow(*OWNERS)) -> Response:
        """The owner opened a message."""
        command = ReadMessage(now=caller.now, actor=caller.actor, message_id=message_id)
        return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)

    reached = (api_reach.router(clinic, providers), api_webhooks.router(clinic, webhook_secrets))
    chosen = (_plans(clinic), api_choices.router(clinic), api_sign_in.router(clinic))
    for more in (*chosen, *reached, api_wordings.router(clinic, texts), api_figures.router(clinic), _others):
        routes.include_router(more)
    return routes


def _plans(clinic: Clinic) -> APIRouter:
    routes = APIRouter(tags=["notifications"])

    @routes.get("/agendas/{recipient_id}")
    async def plan(
        recipient_id: str, language: Language = "en", caller: Caller = allow("psychology", "operator")
    ) -> Plan:
        """What was planned for this person, when, and what became of it; without its words."""
        found = await caller.load("agenda", agenda_id(recipient_id), may=access.sees_plan)
        return views.plan(clinic, found, language)

    return routes


_others = APIRouter(tags=["notifications"])


@_others.get("/caregivers/{caregiver_id}/address")
async def _address(caregiver_id: str, caller: Caller = allow("psychology")) -> views.Address:
    """Where a caregiver was last written to: all that is left of somebody whom no patient names any more."""
    state = (await caller.load("agenda", agenda_id(caregiver_id), may=access.writes_to)).state
    return views.Address(email=state.email, language=state.language)


@_others.get("/messages")
async def _messages(
    trouble: Annotated[Trouble, Query(alias="list")], caller: Caller = allow("psychology", "operator")
) -> list[TroubleRow]:
    """E-mails that need a look by a person."""
    found = await caller.find("agenda", **{trouble: "yes"})
    return views.troubles([one.state for one in found if access.sees_plan(caller.user, one.state)], trouble)
