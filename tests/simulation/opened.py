"""What a patient has opened to somebody whom they trust, told anew from what is stored."""

from datetime import datetime, timedelta

from shared.contracts import referrals as r
from tests.simulation.clinic import CLOCKS_DIFFER
from tests.simulation.loop import START
from tests.simulation.record import said
from tests.simulation.town import Town


def opened_to(town: Town, patient_id: str, caregiver_id: str) -> set[str] | None:
    """The scopes; `None` for who takes no part or is not agreed to. Up to two hours after its day, where two clocks may
    disagree, a scope may still count as open.
    """
    consented, accepted = False, False
    scopes: dict[str, datetime] = {}
    for event in map(said, town.clinic.record.events.get(patient_id, ())):
        match event:
            case r.ConsentGiven() | r.ConsentWithdrawn() if event.scope is r.ConsentScope.CAREGIVER:
                consented = isinstance(event, r.ConsentGiven)
            case r.CaregiverUnlinked() | r.CaregiverLeft() if event.caregiver_id == caregiver_id:
                accepted, scopes = False, {}
            case r.CaregiverAccepted() if event.caregiver_id == caregiver_id:
                accepted = True
            case r.ScopeOpened() if event.caregiver_id == caregiver_id:
                scopes[event.scope] = event.until
            case r.ScopeClosed() if event.caregiver_id == caregiver_id:
                scopes.pop(event.scope, None)
    now = START + timedelta(seconds=town.clinic.loop.time())
    open_ones = {scope for scope, until in scopes.items() if until + CLOCKS_DIFFER > now}
    return open_ones if consented and accepted else None
