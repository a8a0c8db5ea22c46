"""The clinic, people, moments and shorthands that the tests of notifications share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notifications.aggregates import agenda
from services.notifications.domain import commands as c
from services.notifications.domain.evolve import evolve
from services.notifications.domain.sending import SETTLES_WITHIN
from services.notifications.domain.state import AgendaState
from shared.contracts import notifications as e
from shared.contracts.clinic_agenda import AgendaSettings
from shared.contracts.clinic_on_call import OnCall
from shared.contracts.commands import TimerDue
from shared.contracts.envelope import Envelope, Event
from shared.runtime.aggregate import Cause
from shared.runtime.settings import load_clinic

SHIPPED = load_clinic(Path("deploy/clinic.yaml"))
GATHERING = SHIPPED.model_copy(update={"on_call": OnCall()})
"""What can wait goes out together, as the clinic ships; but no rota, so that the hour of a test decides nothing."""
CLINIC = GATHERING.model_copy(update={"agenda": AgendaSettings()})
"""One in which each message goes out by itself."""
AGENDA = agenda(CLINIC)

MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
OPENING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROSA, LUIS, TANAKA = "patient-rosa", "caregiver-luis", "psy-tanaka"
SYSTEM = "system:notifications"

KNOWN = e.RecipientKnown(
    at=MORNING,
    recipient_id=ROSA,
    kind="patient",
    name="Rosa Delgado",
    email="rosa@example.org",
    language="es",
    time_zone="Europe/London",
)
LUIS_KNOWN = KNOWN.model_copy(
    update={"recipient_id": LUIS, "kind": "caregiver", "name": "Luis Delgado", "email": "luis@example.org"}
)
TANAKA_KNOWN = e.RecipientKnown(
    at=MORNING,
    recipient_id=TANAKA,
    kind="staff",
    name=None,
    email=None,
    language="en",
    time_zone="Europe/London",
)


def permission(scope: str, granted: bool = True, recipient: str = ROSA, at: datetime = MORNING) -> e.PermissionChanged:
    return e.PermissionChanged(at=at, recipient_id=recipient, about=ROSA, scope=scope, granted=granted)


EMAIL_ALLOWED = permission("email")
TOLD_ALLOWED = permission("caregiver")


def message(id: str = "message-1", **changes: Any) -> c.Planned:
    fields = {"message_id": id, "template": "module_open", "topic": "episode:1/module:a", "about": ROSA}
    return c.Planned(**{**fields, "needs": "email", **changes})


def fact(*plan: c.Planned, now: datetime = MORNING, **changes: Any) -> c.HandleFact:
    fields: dict[str, Any] = {"recipient_id": ROSA, "kind": "patient", "cause": "event-1", "fact_at": now}
    return c.HandleFact(now=now, actor=SYSTEM, plan=plan, **{**fields, **changes})


def planned(id: str = "message-1", at: datetime = MORNING, **changes: Any) -> e.MessagePlanned:
    fields: dict[str, Any] = {
        "recipient_id": ROSA,
        "template": "module_open",
        "topic": "episode:1/module:a",
        "parameters": {},
        "about": ROSA,
        "cause": "event-1",
        "critical": False,
        "needs": "email",
        "fact_at": at,
        "send_at": at,
    }
    return e.MessagePlanned(at=at, message_id=id, **{**fields, **changes})


def claimed(at: datetime = MORNING, attempt: int = 1, recipient: str = ROSA) -> e.MessageClaimed:
    return e.MessageClaimed(
        at=at, recipient_id=recipient, message_id="message-1", attempt=attempt, settle_by=at + SETTLES_WITHIN
    )


def dropped(reason: Any, at: datetime = MORNING, recipient: str = ROSA, id: str = "message-1") -> e.MessageDropped:
    return e.MessageDropped(at=at, recipient_id=recipient, message_id=id, reason=reason)


def due(name: str, now: datetime = MORNING) -> TimerDue:
    return TimerDue(now=now, actor="system:timer", name=name)


def state_after(*events: Event) -> AgendaState:
    state = AgendaState()
    for event in events:
        state = evolve(state, event)
    return state


def cause(event: Event, id: str = "event-1", now: datetime = MORNING) -> Cause:
    envelope = Envelope(
        id=id,
        source="carepath/referrals",
        type=event.TYPE,
        subject="subject-1",
        time=event.at,
        sequence=1,
        correlation="click-1",
        causation="request:1",
        actor="patient:1",
        data={},
    )
    return Cause(now=now, actor=SYSTEM, envelope=envelope)
