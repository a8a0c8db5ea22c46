"""Who is on call, and sees in the end to each person in danger: the system itself would call the next one for ever."""

from tests.simulation.carers import answer_carers
from tests.simulation.clinic import Clinic
from tests.simulation.seat import Seat
from tests.simulation.treatment import answer_alerts


def is_somebody_called(clinic: Clinic) -> bool:
    """Whether an alert, a caregiver's worrying words or an urgent request of theirs climb the ladder right now."""
    return _alerts(clinic) or _carers(clinic)


async def answer_the_call(seat: Seat) -> None:
    """One visit of whoever was called."""
    if _alerts(seat.town.clinic):
        await answer_alerts(seat)
    if _carers(seat.town.clinic):
        await answer_carers(seat)


def _alerts(clinic: Clinic) -> bool:
    alerts = clinic.disks["interventions"].of("risk_alert").values()
    return any(alert.keys.get("status") in ("open", "acknowledged") for alert in alerts)


def _carers(clinic: Clinic) -> bool:
    disk = clinic.disks["interventions"]
    if any(word.due_at is not None for word in disk.of("caregiver_word").values()):
        return True
    return any(
        one.due_at is not None and one.state.get("urgent") and one.state.get("status") == "open"
        for one in disk.of("caregiver_support").values()
    )
