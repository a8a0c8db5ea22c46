"""All that this service listens to: facts that people are told of (by `policy.py`), contact data and consents.

One event makes at most one command for an agenda. Who is concerned follows from the event and the clinic's
configuration; caregivers are known to the patient's agenda alone, which passes on what the patient lets them know.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from services.notifications import policy
from services.notifications.agendas import agenda_id
from services.notifications.call_reactions import on_failed_call, operators
from services.notifications.caregiver_reactions import CAREGIVERS
from services.notifications.domain.commands import (
    MEETS_AT,
    CaregiverNote,
    ChangePermission,
    HandleFact,
    LearnRecipient,
    Planned,
)
from services.notifications.rewording_reactions import WORDINGS
from services.notifications.rule import A_LITTLE, NEEDS, Audience, Rule
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command
from shared.contracts.envelope import Event
from shared.contracts.notifications import CallFailed, RecipientKind
from shared.contracts.on_call import could_be_called, duties, safety_leads
from shared.contracts.referrals import (
    Appointment,
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    PatientRegistered,
)
from shared.runtime.aggregate import Cause, Reaction, Target, derived_id


def reactions(clinic: Clinic) -> dict[type[Event], Reaction]:
    """The table from event to commands."""
    told: dict[type[Event], Reaction] = {event: partial(_tell, clinic) for event in policy.HEARD}
    return {
        **told,
        CallFailed: partial(on_failed_call, clinic),
        PatientRegistered: _learn_patient,
        ConsentGiven: partial(_change_consent, True),
        ConsentWithdrawn: partial(_change_consent, False),
        **CAREGIVERS,
        **WORDINGS,
    }


@dataclass
class _Work:
    """What one event does to one recipient's agenda."""

    kind: RecipientKind
    settle: list[str] = field(default_factory=list)
    replace: list[str] = field(default_factory=list)
    plan: list[Planned] = field(default_factory=list)
    remind: list[Planned] = field(default_factory=list)
    notes: list[CaregiverNote] = field(default_factory=list)


def _tell(clinic: Clinic, event: Event, cause: Cause) -> Iterable[Target]:
    work: dict[str, _Work] = {}
    for topic in policy.SETTLES.get(type(event), ()):
        for audience in sorted(policy.audiences(topic)):
            for recipient in _everyone(clinic, event, audience):
                work.setdefault(recipient, _Work(_kind(audience))).settle.append(_filled(topic, event))
    for topic in policy.OVERTAKES.get(type(event), ()):
        for audience in sorted(policy.audiences(topic)):
            for recipient in _everyone(clinic, event, audience):
                work.setdefault(recipient, _Work(_kind(audience))).replace.append(_filled(topic, event))
    for rule in policy.rules_for(event):
        for recipient in _whose_turn(clinic, event, rule.to):
            mine = work.setdefault(recipient, _Work(_kind(rule.to)))
            if rule.replaces:
                mine.replace.append(_filled(rule.topic, event))
            if rule.to == "caregivers":
                topic = _filled(rule.topic, event)
                mine.notes.append(CaregiverNote(template=rule.template, topic=topic, scope=rule.scope))
            else:
                (mine.remind if rule.remind else mine.plan).append(_planned(rule, event, cause, recipient))
    return [_target(recipient, _fact(event, cause, recipient, mine)) for recipient, mine in work.items()]


def _fact(event: Event, cause: Cause, recipient: str, work: _Work) -> HandleFact:
    return HandleFact(
        now=cause.now,
        actor=cause.actor,
        recipient_id=recipient,
        kind=work.kind,
        cause=cause.envelope.id,
        fact_at=event.at,
        settle=tuple(dict.fromkeys(work.settle)),
        replace=tuple(work.replace),
        plan=tuple(work.plan),
        remind=tuple(work.remind),
        tell_caregivers=tuple(work.notes),
    )


def _kind(audience: Audience) -> RecipientKind:
    if audience == "caregiver":
        return "caregiver"
    return "patient" if audience in ("patient", "caregivers", "patient_performer", "members", "reserves") else "staff"


def _everyone(clinic: Clinic, event: Any, audience: Audience) -> tuple[str, ...]:
    """Whose agendas may hold messages for an audience; for caregivers it is the patient's that decides."""
    match audience:
        case "patient" | "caregivers" | "members":
            return _patients(event)
        case "reserves":
            return tuple(getattr(event, "reserve_ids", ()))
        case "referrer":
            return (event.referrer_id,)
        case "triage_team":
            return clinic.triage_team
        case "operators":
            return operators(clinic)
        case "risk_ladder":
            return could_be_called(clinic)
        case "asked":
            return (event.referrer_id,) if event.asked_of == "pain" else clinic.triage_team
        case "asker":
            return (event.asked_by,)
        case "patient_performer":
            return (event.patient_id,) if event.performer == "patient" else ()
        case "clinician_performer":
            return _named_clinician(event)
        case "coordinators":
            return clinic.coordinators
        case "organisers":
            return tuple(dict.fromkeys((*clinic.coordinators, *_facilitators(event))))
        case "supervisor":
            return (event.supervisor_id,)
        case "caregiver":
            return (event.caregiver_id,)
        case "facilitators":
            return _facilitators(event)
        case "safety_leads":
            return safety_leads(clinic)
        case "told":
            return tuple(event.tell if hasattr(event, "tell") else event.told)


def _patients(event: Any) -> tuple[str, ...]:
    """All whom the event names, or the one. What one person's own event settles is theirs alone."""
    return tuple(dict.fromkeys(event.patient_ids)) if hasattr(event, "patient_ids") else (event.patient_id,)


def _facilitators(event: Any) -> tuple[str, ...]:
    """Those who lead; of a change, who comes and who leaves. What is owed for one session stands in one topic."""
    if hasattr(event, "facilitators"):
        return tuple(event.facilitators)
    return (event.comes, event.leaves) if hasattr(event, "comes") else ()


def _named_clinician(event: Any) -> tuple[str, ...]:
    """Nobody is told what they have planned for themselves."""
    is_clinician = event.performer in ("pain", "psychology") and event.performer_id is not None
    return (event.performer_id,) if is_clinician and event.performer_id != getattr(event, "planned_by", None) else ()


def _whose_turn(clinic: Clinic, event: Any, audience: Audience) -> tuple[str, ...]:
    """Whom a message goes to now: of those on call one person."""
    if audience == "risk_ladder":
        return (_called(clinic, event),)
    people = _everyone(clinic, event, audience)
    if audience == "supervisor" and getattr(event, "circles", None):
        return tuple(one for one in people if one not in clinic.coordinators)
    if audience == "members":
        return tuple(one for one in people if one not in getattr(event, "reserve_ids", ()))
    if audience == "facilitators":
        return tuple(one for one in people if one != getattr(event, "decided_by", None))
    return people


def _called(clinic: Clinic, event: Any) -> str:
    """Whom the event names as called. Of one that names nobody, who is on duty, and above the last rung the last."""
    named: str | None = getattr(event, "called", None)
    if named is not None:
        return named
    ladder = duties(clinic, event.at)
    return ladder[min(getattr(event, "level", 0), len(ladder) - 1)]


def _planned(rule: Rule, event: Any, cause: Cause, recipient: str) -> Planned:
    return Planned(
        message_id=derived_id("message", cause.envelope.id, rule.template, recipient),
        template=rule.template,
        topic=_filled(rule.topic, event),
        parameters=_parameters(rule, event),
        about=recipient if rule.to in ("members", "reserves") else _concerned(event),
        critical=rule.critical,
        needs=rule.needs or NEEDS.get(rule.to),
        wait=A_LITTLE if rule.waits else timedelta(0),
        pointless_after=_moment(getattr(event, rule.remind)) if rule.remind else None,
    )


def _parameters(rule: Rule, event: Event) -> dict[str, str | int]:
    shown = {name: _shown(getattr(event, name)) for name in rule.shows}
    return {**shown, MEETS_AT: _shown(getattr(event, rule.remind))} if rule.remind else shown


def _concerned(event: Any) -> str | None:
    patient: str | None = getattr(event, "patient_id", None) or getattr(event, "about", None)
    return patient


def _filled(topic: str, event: Event) -> str:
    return topic.format_map({name: getattr(event, name) for name in type(event).model_fields})


def _shown(value: Any) -> str | int:
    """A field as a text can use it: of several things it says how many, of an appointment when it is."""
    if isinstance(value, tuple):
        return len(value)
    value = _moment(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _moment(value: Any) -> Any:
    return value.at if isinstance(value, Appointment) else value


def _learn_patient(event: PatientRegistered, cause: Cause) -> Iterable[Target]:
    command = LearnRecipient(
        now=cause.now,
        actor=cause.actor,
        recipient_id=event.patient_id,
        kind="patient",
        name=event.name,
        email=event.email,
        language=event.language,
        time_zone=event.time_zone,
        scopes=tuple(scope.value for scope in event.consents),
    )
    return [_target(event.patient_id, command)]


def _change_consent(granted: bool, event: ConsentGiven | ConsentWithdrawn, cause: Cause) -> Iterable[Target]:
    shut_out = event.caregiver_ids if event.scope is ConsentScope.CAREGIVER else ()
    return [
        _permission(recipient, event, event.scope, granted, cause)
        for recipient in dict.fromkeys((event.patient_id, *shut_out))
    ]


def _permission(
    recipient: str,
    event: ConsentGiven | ConsentWithdrawn,
    scope: ConsentScope,
    granted: bool,
    cause: Cause,
) -> Target:
    command = ChangePermission(
        now=cause.now,
        actor=cause.actor,
        recipient_id=recipient,
        about=event.patient_id,
        scope=scope.value,
        granted=granted,
        fact_at=event.at,
    )
    return _target(recipient, command)


def _target(recipient: str, command: Command) -> Target:
    return Target(aggregate="agenda", id=agenda_id(recipient), command=command)
