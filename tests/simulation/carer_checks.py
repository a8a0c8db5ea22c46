"""What must be true of what caregivers say for themselves: whoever is not safe is called, and nobody waits unheard."""

from datetime import datetime, timedelta

from shared.contracts import notifications as n
from shared.contracts.interventions import caregiver as c
from shared.runtime.aggregate import derived_id
from tests.simulation.clinic import Clinic
from tests.simulation.plan_checks import LATE
from tests.simulation.record import said


def check_carers(clinic: Clinic, now: datetime) -> None:
    """Blame whatever is not so."""
    record = clinic.record
    told = {event.cause for _, event in record.of_type(n.MessagePlanned)}
    for _, event in record.of_type(c.CaregiverNotSafe):
        if derived_id("carer-support", event.caregiver_id, "check", str(event.number)) not in record.events:
            record.blame(f"{event.caregiver_id} is not safe, and nobody was called")
    for kind in (c.CaregiverSupportAsked, c.CaregiverSupportWaits, c.CaregiverWordSent, c.CaregiverWordWorries):
        for entry, event in record.of_type(kind):
            worries = kind is c.CaregiverWordSent and event.worrying
            if not worries and entry["id"] not in told:
                record.blame(f"{event.caregiver_id} said something ({kind.TYPE}), and nobody was told")
    for name, history in record.events.items():
        if name.startswith("carer-support-"):
            _check_request(clinic, name, [said(entry) for entry in history], now)
    record.happened["a bad answer offered support"] += sum(
        one.offered for _, one in record.of_type(c.CaregiverCheckGiven)
    )


def _check_request(clinic: Clinic, name: str, events: list[object], now: datetime) -> None:
    """A request that nobody answers comes to somebody's mind again."""
    due: datetime | None = None
    again = timedelta(days=clinic.settings.clinic.together.caregivers.support_days, hours=1)
    for event in events:
        match event:
            case c.CaregiverSupportAsked():
                due = event.answer_by
            case c.CaregiverSupportWaits():
                due = event.at + again
            case c.CaregiverSupportAnswered() | c.CaregiverSupportClosed():
                due = None
    if due is not None and now > due + timedelta(hours=1) + LATE:
        clinic.record.blame(f"{name} was to be answered by {due}, and nobody was told")
