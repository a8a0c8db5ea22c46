"""What this service hears of those whom patients trust: who they are, what is open to them, what they wish.

What is open is asked again at the moment of sending (`sender.py`): an event may be on its way still.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from services.notifications import topics
from services.notifications.agendas import agenda_id
from services.notifications.domain.commands import (
    ChangePermission,
    HandleFact,
    KnowCaregiver,
    LearnRecipient,
    Planned,
)
from services.notifications.domain.state import BY_EMAIL, CAREGIVER, shared_as
from shared.contracts.commands import Command
from shared.contracts.envelope import Event
from shared.contracts.notifications import CaregiverMessageDue
from shared.contracts.referrals import (
    CaregiverAccepted,
    CaregiverEvent,
    CaregiverLeft,
    CaregiverLinked,
    CaregiverPreferencesChanged,
    CaregiverUnlinked,
    Language,
    ScopeClosed,
    ScopeOpened,
)
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def _tell_caregiver(event: CaregiverMessageDue, cause: Cause) -> Iterable[Target]:
    planned = Planned(
        message_id=derived_id("message", event.cause, event.template, event.caregiver_id),
        template=event.template,
        topic=event.topic,
        about=event.recipient_id,
        needs=shared_as(event.scope),
    )
    command = HandleFact(
        now=cause.now,
        actor=cause.actor,
        recipient_id=event.caregiver_id,
        kind="caregiver",
        cause=event.cause,
        fact_at=event.fact_at or event.at,
        plan=(planned,),
    )
    return [_target(event.caregiver_id, command)]


def _learn_caregiver(event: CaregiverLinked, cause: Cause) -> Iterable[Target]:
    learn = LearnRecipient(
        now=cause.now,
        actor=cause.actor,
        recipient_id=event.caregiver_id,
        kind="caregiver",
        name=event.name,
        email=event.email,
        language=event.language,
        time_zone=event.time_zone,
        about=event.patient_id,
        granted=event.consented,
    )
    return [_target(event.caregiver_id, learn), _link(event, True, cause)]


def _forget_caregiver(event: CaregiverUnlinked, cause: Cause) -> Iterable[Target]:
    return [_permission(event, CAREGIVER, False, cause, settle=True), _link(event, False, cause)]


def _change_scope(granted: bool, event: ScopeOpened | ScopeClosed, cause: Cause) -> Iterable[Target]:
    """What was opened may be told from then on; what was closed is not told any more, also if it waits already."""
    return [_permission(event, shared_as(event.scope), granted, cause, since=event.at if granted else None)]


def _wish_for_email(
    event: CaregiverAccepted | CaregiverPreferencesChanged | CaregiverLeft, cause: Cause
) -> Iterable[Target]:
    """Whether they are told by e-mail, and in which language, is theirs to say."""
    wished, language = bool(getattr(event, "email", False)), getattr(event, "language", None)
    settle = isinstance(event, CaregiverAccepted)
    return [_permission(event, BY_EMAIL, wished, cause, settle=settle, language=language)]


def _permission(
    event: CaregiverEvent | CaregiverUnlinked,
    scope: str,
    granted: bool,
    cause: Cause,
    *,
    since: datetime | None = None,
    settle: bool = False,
    language: Language | None = None,
) -> Target:
    """With `settle` the invitation, if it still waits, has become pointless."""
    invitation = topics.CAREGIVER_INVITATION.format(patient_id=event.patient_id)
    command = ChangePermission(
        now=cause.now,
        actor=cause.actor,
        recipient_id=event.caregiver_id,
        about=event.patient_id,
        scope=scope,
        granted=granted,
        fact_at=event.at,
        since=since,
        settle=(invitation,) if settle else (),
        language=language,
    )
    return _target(event.caregiver_id, command)


def _link(event: CaregiverLinked | CaregiverUnlinked, linked: bool, cause: Cause) -> Target:
    command = KnowCaregiver(
        now=cause.now,
        actor=cause.actor,
        recipient_id=event.patient_id,
        caregiver_id=event.caregiver_id,
        linked=linked,
        fact_at=event.at,
    )
    return _target(event.patient_id, command)


def _target(recipient: str, command: Command) -> Target:
    return Target(aggregate="agenda", id=agenda_id(recipient), command=command)


CAREGIVERS: dict[type[Event], Reaction] = {
    CaregiverLinked: _learn_caregiver,
    CaregiverUnlinked: _forget_caregiver,
    ScopeOpened: partial(_change_scope, True),
    ScopeClosed: partial(_change_scope, False),
    CaregiverAccepted: _wish_for_email,
    CaregiverPreferencesChanged: _wish_for_email,
    CaregiverLeft: _wish_for_email,
    CaregiverMessageDue: _tell_caregiver,
}
