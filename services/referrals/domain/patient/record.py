"""A person's record: who they are, what they agreed to, whom they trust. Nothing is consented to by default."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.referrals.domain.patient import caregivers
from services.referrals.domain.patient.caregivers import MOST_CAREGIVERS
from services.referrals.domain.patient.commands import (
    GiveConsent,
    RegisterPatient,
    WithdrawConsent,
)
from services.referrals.domain.patient.evolve_caregivers import evolve_caregiver, link, unlink
from services.referrals.domain.patient.state import PatientState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command, Rejected, TimerDue
from shared.contracts.envelope import Event
from shared.contracts.referrals import (
    CAREGIVER_EVENTS,
    CaregiverEvent,
    CaregiverLinked,
    CaregiverUnlinked,
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    PatientRegistered,
)

EVENTS: tuple[type[Event], ...] = (
    PatientRegistered,
    ConsentGiven,
    ConsentWithdrawn,
    CaregiverLinked,
    CaregiverUnlinked,
    *CAREGIVER_EVENTS,
)


def decide(clinic: Clinic, state: PatientState, command: Command) -> list[Event]:
    """What a command makes happen to a person's record; saying again what already stands makes nothing happen."""
    if isinstance(command, RegisterPatient):
        return _register(state, command)
    if not state.patient_id:
        raise Rejected("not-registered")
    match command:
        case GiveConsent():
            return _give(clinic, state, command)
        case WithdrawConsent():
            if command.scope not in state.consents:
                return []
            return _withdraw(state, command, command.scope)
        case TimerDue() if command.name.startswith(CONSENT):
            return _end(state, command)
        case _:
            events = caregivers.decide(clinic, state, command)
            if events is None:
                raise TypeError(f"a patient does not know {type(command).__name__}")
            return events


def evolve(state: PatientState, event: Event) -> PatientState:
    """The record after `event`."""
    match event:
        case PatientRegistered():
            return state.model_copy(
                update={name: getattr(event, name) for name in PatientRegistered.model_fields if name != "at"}
            )
        case ConsentGiven():
            ends = {} if event.until is None else {event.scope: event.until}
            given = {"consents": (*_without(state, event.scope), event.scope)}
            return state.model_copy(update={**given, "consents_until": {**_ends_without(state, event.scope), **ends}})
        case ConsentWithdrawn():
            left = {"consents": _without(state, event.scope), "consents_until": _ends_without(state, event.scope)}
            return state.model_copy(update=left)
        case CaregiverLinked():
            return link(state, event)
        case CaregiverUnlinked():
            return unlink(state, event)
        case CaregiverEvent():
            return evolve_caregiver(state, event)
        case _:
            return state


def timers(state: PatientState) -> dict[str, datetime]:
    """Consents end, and so do invitations and what was opened, by themselves."""
    ends = {f"{CONSENT}{scope.value}": until for scope, until in state.consents_until.items()}
    return {**caregivers.timers(state), **ends}


def keys(state: PatientState) -> Mapping[str, str | None]:
    """What patients are looked up by. A caregiver's place may change when another one leaves."""
    places = {f"caregiver_{place}": known for place, known in enumerate(caregiver_ids(state), start=1)}
    empty: dict[str, str | None] = dict.fromkeys(CAREGIVER_KEYS)
    return {"registered_by": state.registered_by, **empty, **places}


def person(state: PatientState) -> str | None:
    """Whose key the record is kept under."""
    return state.patient_id or None


def caregiver_ids(state: PatientState) -> tuple[str, ...]:
    """Everybody whom the patient names, whether or not they may be told anything."""
    return tuple(known.caregiver_id for known in state.caregivers)


CONSENT = "consent:"
LONGEST_CONSENT = timedelta(days=5 * 365)
CAREGIVER_KEYS = tuple(f"caregiver_{place}" for place in range(1, MOST_CAREGIVERS + 1))


def _register(state: PatientState, command: RegisterPatient) -> list[Event]:
    if state.patient_id:
        raise Rejected("already-exists")
    if command.birth_date > command.now.date():
        raise Rejected("birth-date-invalid")
    consents = [
        ConsentGiven(at=command.now, patient_id=command.patient_id, scope=scope)
        for scope in dict.fromkeys(command.consents)
    ]
    registered = PatientRegistered(
        consents=tuple(consent.scope for consent in consents),
        at=command.now,
        patient_id=command.patient_id,
        name=command.name,
        email=command.email,
        birth_date=command.birth_date,
        phone=command.phone,
        language=command.language,
        time_zone=command.time_zone,
        new_to_mental_health=command.new_to_mental_health,
        registered_by=command.actor.partition(":")[2],
    )
    return [registered, *consents]


def _give(clinic: Clinic, state: PatientState, command: GiveConsent) -> list[Event]:
    until = _until(clinic, command.until, command.now)
    known = command.scope in state.consents
    if known and state.consents_until.get(command.scope) == until:
        return []
    given = ConsentGiven(
        at=command.now,
        patient_id=state.patient_id,
        scope=command.scope,
        caregiver_ids=_concerned(state, command.scope),
        until=until,
    )
    if known or command.scope is not ConsentScope.CAREGIVER:
        return [given]
    return [given, *caregivers.invitations(clinic, state, command)]


def _until(clinic: Clinic, last: date | None, now: datetime) -> datetime | None:
    """The moment at which the last day is over by the clinic's clock."""
    if last is None:
        return None
    zone = ZoneInfo(clinic.time_zone)
    today = now.astimezone(zone).date()
    if not today <= last <= today + LONGEST_CONSENT:
        raise Rejected("consent-until-invalid")
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _end(state: PatientState, command: TimerDue) -> list[Event]:
    due = timers(state).get(command.name)
    if due is None or due > command.now:
        return []
    return _withdraw(state, command, ConsentScope(command.name.removeprefix(CONSENT)))


def _withdraw(state: PatientState, command: Command, scope: ConsentScope) -> list[Event]:
    """Nobody is told anything any more: what was opened is closed for good, and opened anew one by one."""
    withdrawn = ConsentWithdrawn(
        at=command.now,
        patient_id=state.patient_id,
        scope=scope,
        caregiver_ids=_concerned(state, scope),
    )
    if scope is not ConsentScope.CAREGIVER:
        return [withdrawn]
    shut = [one for known in state.caregivers for one in caregivers.closed(state, known, command, "consent_withdrawn")]
    return [*shut, withdrawn]


def _concerned(state: PatientState, scope: ConsentScope) -> tuple[str, ...]:
    return caregiver_ids(state) if scope is ConsentScope.CAREGIVER else ()


def _ends_without(state: PatientState, scope: ConsentScope) -> dict[ConsentScope, datetime]:
    return {one: until for one, until in state.consents_until.items() if one is not scope}


def _without(state: PatientState, scope: ConsentScope) -> tuple[ConsentScope, ...]:
    return tuple(given for given in state.consents if given is not scope)
