"""Who the recipient is, what may be told to whom, and what follows from that for messages that wait."""

from datetime import datetime

from services.notifications.domain import choosing, reaching, schedule
from services.notifications.domain.commands import ChangePermission, HandleFact, KnowCaregiver, LearnRecipient
from services.notifications.domain.evolve import evolve
from services.notifications.domain.settling import settle
from services.notifications.domain.state import AgendaState
from services.notifications.domain.ways import may_be_told, open_to
from shared.contracts.clinic import Clinic
from shared.contracts.envelope import Event
from shared.contracts.notifications import (
    CaregiverKnown,
    CaregiverMessageDue,
    MessageDropped,
    MessagePostponed,
    PermissionChanged,
    RecipientKnown,
)


def learn(clinic: Clinic, state: AgendaState, c: LearnRecipient) -> list[Event]:
    """Who the recipient is, and what a patient agreed to at registration."""
    known = RecipientKnown(
        at=c.now,
        recipient_id=c.recipient_id,
        kind=c.kind,
        name=c.name,
        email=c.email,
        language=c.language,
        time_zone=c.time_zone,
    )
    same = all(getattr(state, name) == getattr(known, name) for name in RecipientKnown.model_fields if name != "at")
    events: list[Event] = []
    if not same:
        elsewhere = state.model_copy(update={"kind": c.kind, "time_zone": c.time_zone, "recipient_id": c.recipient_id})
        events += [known, *reaching.opened(state, c.email, c.now)]
        events += choosing.moved(clinic, state, elsewhere, c.now)
    given = [(c.recipient_id, scope, True) for scope in c.scopes]
    if c.about is not None:
        given.append((c.about, "caregiver", c.granted))
    for about, scope, granted in given:
        if state.permits(about, scope) != granted:
            events += _permission_changed(clinic, state, c, about, scope, granted)
    return events


def change(clinic: Clinic, state: AgendaState, c: ChangePermission) -> list[Event]:
    """A consent was given or withdrawn, with what that does to what waits."""
    settled = [event for topic in c.settle for event in settle(state, c, topic, c.fact_at)]
    settled += _reads_otherwise(state, c)
    if state.permits(c.about, c.scope) == c.granted:
        return settled
    events = [*settled, *_permission_changed(clinic, state, c, c.about, c.scope, c.granted, c.since)]
    if c.granted and (c.about, c.scope) == (c.recipient_id, "caregiver"):
        events += _told_late(state, c, state.caregivers)
    return events


def _reads_otherwise(state: AgendaState, c: ChangePermission) -> list[Event]:
    if state.kind is None or c.language is None or c.language == state.language:
        return []
    known = state.model_dump(include={"kind", "name", "email", "time_zone"})
    return [RecipientKnown(at=c.now, recipient_id=c.recipient_id, language=c.language, **known)]


def _permission_changed(
    clinic: Clinic,
    state: AgendaState,
    c: ChangePermission | LearnRecipient,
    about: str,
    scope: str,
    granted: bool,
    since: datetime | None = None,
) -> list[Event]:
    changed = PermissionChanged(
        at=c.now, recipient_id=c.recipient_id, about=about, scope=scope, granted=granted, since=since
    )
    after = evolve(state, changed)
    stopped = [
        MessageDropped(at=c.now, recipient_id=c.recipient_id, message_id=id, reason="consent_withdrawn")
        for id, message in state.messages.items()
        if not granted
        and message.status == "queued"
        and (message.about, message.needs) == (about, scope)
        and not open_to(clinic, after, message)
    ]
    return [changed, *stopped, *_after_all(clinic, after, changed)]


def _after_all(clinic: Clinic, after: AgendaState, changed: PermissionChanged) -> list[Event]:
    """Events of different aggregates may pass each other: what was dropped for want of a permission that had been given
    by then goes out after all.
    """
    if changed.since is None:
        return []
    return [
        MessagePostponed(
            at=changed.at,
            recipient_id=changed.recipient_id,
            message_id=id,
            send_at=schedule.send_at(clinic, after, message, changed.at),
            reason="moved",
        )
        for id, message in after.messages.items()
        if (message.status, message.reason, message.attempts) == ("dropped", "consent_withdrawn", 0)
        and (message.about, message.needs) == (changed.about, changed.scope)
        and may_be_told(after, message)
    ]


def know_caregiver(state: AgendaState, c: KnowCaregiver) -> list[Event]:
    """Whom the patient trusts."""
    if (c.caregiver_id in state.caregivers) == c.linked:
        return []
    known = CaregiverKnown(at=c.now, recipient_id=c.recipient_id, caregiver_id=c.caregiver_id, linked=c.linked)
    late = _told_late(state, c, (c.caregiver_id,)) if c.linked and state.permits(c.recipient_id, "caregiver") else []
    return [known, *late]


def _told_late(state: AgendaState, c: ChangePermission | KnowCaregiver, caregivers: tuple[str, ...]) -> list[Event]:
    """Events of different aggregates may pass each other: what happened after link or consent is told all the same."""
    return [
        due(c, caregiver_id, note.template, note.topic, note.cause, note.scope, note.fact_at)
        for note in state.notes
        if note.fact_at >= c.fact_at
        for caregiver_id in caregivers
    ]


def due(
    c: ChangePermission | KnowCaregiver | HandleFact,
    caregiver_id: str,
    template: str,
    topic: str,
    cause: str,
    scope: str | None,
    fact_at: datetime,
) -> Event:
    """What the agenda of one caregiver hears from that of the patient."""
    return CaregiverMessageDue(
        at=c.now,
        recipient_id=c.recipient_id,
        caregiver_id=caregiver_id,
        template=template,
        topic=topic,
        cause=cause,
        scope=scope,
        fact_at=fact_at,
    )
