"""A person's record: who they are, what they agreed to, whom they trust. Nothing is consented to by default."""

from collections.abc import Mapping

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
from shared.contracts.commands import Command, Rejected
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


OF_REFERRER = "referrer_patients"
_LAST = 10**14
"""Milliseconds far beyond any date."""


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
            return _withdraw(state, command)
        case _:
            events = caregivers.decide(clinic, state, command)
            if events is None:
                raise TypeError(f"a patient does not know {type(command).__name__}")
            return events


def evolve(state: PatientState, event: Event) -> PatientState:
    """The record after `event`."""
    match event:
        case PatientRegistered():
            known = {name: getattr(event, name) for name in PatientRegistered.model_fields if name != "at"}
            return state.model_copy(update={**known, "registered_at": event.at})
        case ConsentGiven():
            return state.model_copy(update={"consents": (*_without(state, event.scope), event.scope)})
        case ConsentWithdrawn():
            return state.model_copy(update={"consents": _without(state, event.scope)})
        case CaregiverLinked():
            return link(state, event)
        case CaregiverUnlinked():
            return unlink(state, event)
        case CaregiverEvent():
            return evolve_caregiver(state, event)
        case _:
            return state


def keys(state: PatientState) -> Mapping[str, str | None]:
    """What patients are looked up by. A caregiver's place may change when another one leaves."""
    places = {f"caregiver_{place}": known for place, known in enumerate(caregiver_ids(state), start=1)}
    empty: dict[str, str | None] = dict.fromkeys(CAREGIVER_KEYS)
    return {"registered_by": state.registered_by, OF_REFERRER: _place(state), **empty, **places}


def _place(state: PatientState) -> str | None:
    """In the list of whoever registered them the newest come first: an order by name would have to tell the names."""
    if state.registered_by is None:
        return None
    at = int(state.registered_at.timestamp() * 1000) if state.registered_at else 0
    return f"{state.registered_by}|{_LAST - at:015d}|{state.patient_id}"


def person(state: PatientState) -> str | None:
    """Whose key the record is kept under."""
    return state.patient_id or None


def caregiver_ids(state: PatientState) -> tuple[str, ...]:
    """Everybody whom the patient names, whether or not they may be told anything."""
    return tuple(known.caregiver_id for known in state.caregivers)


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
    if command.scope in state.consents:
        return []
    given = ConsentGiven(
        at=command.now,
        patient_id=state.patient_id,
        scope=command.scope,
        caregiver_ids=_concerned(state, command.scope),
    )
    asked = caregivers.invitations(clinic, state, command) if command.scope is ConsentScope.CAREGIVER else []
    return [given, *asked]


def _withdraw(state: PatientState, command: WithdrawConsent) -> list[Event]:
    """Nobody is told anything any more: what was opened is closed for good, and opened anew one by one."""
    withdrawn = ConsentWithdrawn(
        at=command.now,
        patient_id=state.patient_id,
        scope=command.scope,
        caregiver_ids=_concerned(state, command.scope),
    )
    if command.scope is not ConsentScope.CAREGIVER:
        return [withdrawn]
    shut = [one for known in state.caregivers for one in caregivers.closed(state, known, command, "consent_withdrawn")]
    return [*shut, withdrawn]


def _concerned(state: PatientState, scope: ConsentScope) -> tuple[str, ...]:
    return caregiver_ids(state) if scope is ConsentScope.CAREGIVER else ()


def _without(state: PatientState, scope: ConsentScope) -> tuple[ConsentScope, ...]:
    return tuple(given for given in state.consents if given is not scope)
