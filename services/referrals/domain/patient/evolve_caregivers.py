"""How what is said of caregivers changes a patient's record."""

from typing import Any

from services.referrals.domain.patient.state import Caregiver, OpenedScope, PatientState
from shared.contracts import referrals as e

_LINKED = ("caregiver_id", "name", "email", "relationship", "language", "time_zone")


def link(state: PatientState, event: e.CaregiverLinked) -> PatientState:
    """Somebody is named, or named anew with other contact data. What they said and what is open to them stands."""
    fields = {name: getattr(event, name) for name in _LINKED}
    if any(known.caregiver_id == event.caregiver_id for known in state.caregivers):
        return _with(state, event.caregiver_id, fields)
    before, chosen = dict(state.young_before), dict(state.languages_before)
    own = {"young": event.caregiver_id in before, "young_said_by": before.pop(event.caregiver_id, None)}
    own["language_is_own"] = chosen.pop(event.caregiver_id, None) is not None
    new = Caregiver.model_validate({**fields, **own})
    named = {"caregivers": (*state.caregivers, new), "young_before": before, "languages_before": chosen}
    return state.model_copy(update=named)


def unlink(state: PatientState, event: e.CaregiverUnlinked) -> PatientState:
    """They are not named any more. That they are young, and the language they chose, is kept."""
    left = tuple(known for known in state.caregivers if known.caregiver_id != event.caregiver_id)
    gone = [known for known in state.caregivers if known.caregiver_id == event.caregiver_id]
    young = state.young_before | {known.caregiver_id: known.young_said_by for known in gone if known.young}
    chosen = state.languages_before | {known.caregiver_id: known.language for known in gone if known.language_is_own}
    return state.model_copy(update={"caregivers": left, "young_before": young, "languages_before": chosen})


def evolve_caregiver(state: PatientState, event: e.CaregiverEvent) -> PatientState:
    """The record after `event`. What is said of somebody who is not named any more changes nothing."""
    known = next((one for one in state.caregivers if one.caregiver_id == event.caregiver_id), None)
    return state if known is None else _with(state, event.caregiver_id, _change(known, event))


def _change(known: Caregiver, event: e.CaregiverEvent) -> dict[str, Any]:
    match event:
        case e.CaregiverInvited():
            young = _young(event.young_said_by) if event.young and not known.young else {}
            return {"status": "invited", "answer_by": event.answer_by, **young}
        case e.CaregiverAccepted():
            wished = {"language": event.language, "language_is_own": True, "by_email": event.email}
            return {"status": "accepted", **wished}
        case e.CaregiverDeclined():
            return {"status": "declined", "by_email": False}
        case e.CaregiverInvitationLapsed():
            return {"status": "lapsed"}
        case e.CaregiverLeft():
            return {"status": "left", "by_email": False, "scopes": ()}
        case e.CaregiverPreferencesChanged():
            return {"language": event.language, "language_is_own": True, "by_email": event.email}
        case e.YoungCarerNoted():
            return _young(event.said_by) if event.young else {"young": False, "young_said_by": None}
        case e.ScopeOpened():
            others = tuple(one for one in known.scopes if one.scope != event.scope)
            return {"scopes": (*others, OpenedScope(scope=event.scope, until=event.until))}
        case e.ScopeClosed():
            return {"scopes": tuple(one for one in known.scopes if one.scope != event.scope)}
        case _:
            return {}


def _young(said_by: e.YoungSaidBy | None) -> dict[str, Any]:
    return {"young": True, "young_said_by": said_by}


def _with(state: PatientState, caregiver_id: str, change: dict[str, Any]) -> PatientState:
    changed = tuple(
        known.model_copy(update=change) if known.caregiver_id == caregiver_id else known for known in state.caregivers
    )
    return state.model_copy(update={"caregivers": changed})
