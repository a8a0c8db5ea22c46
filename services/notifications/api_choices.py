"""HTTP in: what a person chooses about e-mails, stopping one that waits, and why one did or did not come."""

from typing import Any, get_args

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications import access, views, why
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import ChoosePreferences, StopMessage, Unsubscribe
from services.notifications.domain.state import AgendaState
from services.notifications.domain.ways import way_of
from services.notifications.openness import opened_to
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_agenda import Hours
from shared.contracts.commands import Rejected
from shared.contracts.preferences import Category, MostEmails
from shared.contracts.referrals import Language
from shared.runtime.http import Caller, allow

_PAGE = 500


class Choice(BaseModel):
    """What is wished from now on; `None` leaves it to the clinic."""

    model_config = ConfigDict(extra="forbid")

    inbox_only: tuple[Category, ...] = ()
    weekly_emails: MostEmails | None = None
    hours: Hours | None = None


class Preferences(Choice):
    """What stands. `categories` are those of which this person is told at all; `clinic_*` what holds where they chose
    nothing.
    """

    recipient_id: str
    version: int
    categories: list[Category]
    clinic_weekly_emails: int | None
    clinic_hours: Hours


class Unwanted(BaseModel):
    """Of what no more e-mails are wanted."""

    model_config = ConfigDict(extra="forbid")

    categories: tuple[Category, ...] = Field(min_length=1)


def router(clinic: Clinic) -> APIRouter:
    """The routes, with what this clinic set."""
    routes = APIRouter(tags=["notifications"])

    @routes.get("/agendas/{recipient_id}/preferences")
    async def preferences(recipient_id: str, caller: Caller = allow(*access.CHOOSERS)) -> Preferences:
        """What reaches this person by e-mail, as they chose."""
        found = await caller.load("agenda", agenda_id(recipient_id), may=access.reads)
        return _preferences(clinic, found.state, found.version)

    @routes.post("/agendas/{recipient_id}/preferences")
    async def choose(recipient_id: str, body: Choice, caller: Caller = allow(*access.CHOOSERS)) -> Response:
        """Choose all of it anew; what waits follows at once."""
        command = ChoosePreferences(now=caller.now, actor=caller.actor, **dict(body))
        return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)

    routes.add_api_route("/agendas/{recipient_id}/unsubscribe", _unsubscribe, methods=["POST"])
    routes.add_api_route("/agendas/{recipient_id}/messages/{message_id}/stop", _stop, methods=["POST"])

    @routes.get("/agendas/{recipient_id}/messages/{message_id}/why")
    async def explain(
        recipient_id: str,
        message_id: str,
        language: Language = "en",
        caller: Caller = allow(*access.CHOOSERS, "referrer", "psychology", "operator"),
    ) -> list[why.Step]:
        """What was decided about one message, oldest first, in plain words. No words of the message itself."""
        return await _why(clinic, recipient_id, message_id, language, caller)

    return routes


async def _unsubscribe(recipient_id: str, body: Unwanted, caller: Caller = allow(*access.CHOOSERS)) -> Response:
    """No more e-mails of these kinds, as the link in one of them says; all else stays as it was chosen."""
    command = Unsubscribe(now=caller.now, actor=caller.actor, categories=body.categories)
    return await caller.change("agenda", agenda_id(recipient_id), command, may=access.reads)


async def _stop(recipient_id: str, message_id: str, caller: Caller = allow(*access.CHOOSERS, "psychology")) -> Response:
    """An e-mail that waits is not sent; the message stays in the inbox."""
    command = StopMessage(now=caller.now, actor=caller.actor, message_id=message_id)
    return await caller.change("agenda", agenda_id(recipient_id), command, may=access.stops)


async def _why(
    clinic: Clinic,
    recipient_id: str,
    message_id: str,
    language: Language,
    caller: Caller,
) -> list[why.Step]:
    found = await caller.load("agenda", agenda_id(recipient_id), may=access.asks_why)
    state: AgendaState = found.state
    about_others = await opened_to(caller, recipient_id, views.shared_about(state))
    if caller.user.id == recipient_id and not views.may_be_read(state, message_id, about_others):
        raise Rejected("message-unknown")
    meant = way_of(clinic, state, state.messages[message_id]) if message_id in state.messages else None
    return why.steps(await _history(caller, agenda_id(recipient_id)), message_id, language, meant or "email")


async def _history(caller: Caller, subject: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while page := await caller.core.store.ledger.history(subject, len(found), _PAGE):
        found += page
    return found


def _preferences(clinic: Clinic, state: AgendaState, version: int) -> Preferences:
    told: list[Category] = [one for one in get_args(Category) if (one == "carers") == (state.kind == "caregiver")]
    return Preferences(
        recipient_id=state.recipient_id,
        version=version,
        inbox_only=state.inbox_only,
        weekly_emails=state.weekly_emails,
        hours=state.hours,
        categories=told,
        clinic_weekly_emails=clinic.agenda.weekly_emails,
        clinic_hours=clinic.hours,
    )
