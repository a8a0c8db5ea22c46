"""How what is said of caregivers changes a patient's record."""

from typing import Any

from services.referrals.domain.patient.state import Caregiver, OpenedScope, PatientState
from shared.contracts import referrals as e

_LINKED = ("caregiver_id", "name", "email", "relationship", "language", "time_zone")


def link(state: PatientState, event: e.CaregiverLinked) -> PatientState:
    """Somebody is named, or named anew with other contact data. What they said and what is open to them stands."""
    fields = {name: getattr(event, name) for name in _LINKED}
    if all(known.caregiver_id != event.caregiver_id for known in state.caregivers):
        return state.model_copy(update={"caregivers": (*state.caregivers, Caregiver(**fields))})
    return _with(state, event.caregiver_id, fields)


def evolve_caregiver(state: PatientState, event: e.CaregiverEvent) -> PatientState:
    """The record after `event`. What is said of somebody who is not named any more changes nothing."""
    known = next((one for one in state.caregivers if one.caregiver_id == event.caregiver_id), None)
    return state if known is None else _with(state, event.caregiver_id, _change(known, event))


def _change(known: Caregiver, event: e.CaregiverEvent) -> dict[str, Any]:
    match event:
        case e.CaregiverInvited():
            return {"status": "invited", "answer_by": event.answer_by, "young": event.young or known.young}
        case e.CaregiverAccepted():
            return {"status": "accepted", "language": event.language, "by_email": event.email}
        case e.CaregiverDeclined():
            return {"status": "declined", "by_email": False}
        case e.CaregiverInvitationLapsed():
            return {"status": "lapsed"}
        case e.CaregiverLeft():
            return {"status": "left", "by_email": False, "scopes": ()}
        case e.CaregiverPreferencesChanged():
            return {"language": event.language, "by_email": event.email}
        case e.YoungCarerNoted():
            return {"young": event.young}
        case e.ScopeOpened():
            others = tuple(one for one in known.scopes if one.scope != event.scope)
            return {"scopes": (*others, OpenedScope(scope=event.scope, until=event.until))}
        case e.ScopeClosed():
            return {"scopes": tuple(one for one in known.scopes if one.scope != event.scope)}
        case _:
            return {}


def _with(state: PatientState, caregiver_id: str, change: dict[str, Any]) -> PatientState:
    changed = tuple(
        known.model_copy(update=change) if known.caregiver_id == caregiver_id else known for known in state.caregivers
    )
    return state.model_copy(update={"caregivers": changed})
