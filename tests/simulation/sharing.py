"""Who comes to groups and circles, and on behalf of caregivers; what each does is in a file of its own."""

from random import Random

from services.portal.calls import Calls
from shared.contracts.envelope import Event
from shared.contracts.interventions import InvitedToGroup
from shared.contracts.interventions.circle_member import CircleInvited
from shared.runtime.auth import User
from tests.simulation.carers import answer_carers, care, carer_of
from tests.simulation.circle_members import take_part_in_a_circle
from tests.simulation.circles import run_circles
from tests.simulation.group_members import take_part_in_a_group
from tests.simulation.groups import lead_groups
from tests.simulation.resources import look_after_resources
from tests.simulation.seat import Seat
from tests.simulation.town import TEAM, Town
from tests.simulation.treatment import change_caregivers


async def be_together(town: Town, calls: Calls, who: str, rng: Random) -> None:
    """One visit."""
    patient = Seat(town, calls, User(rng.choice(_concerned(town, who)), "patient"), rng)
    team = Seat(town, calls, User(rng.choice(TEAM), "psychology"), rng)
    match who:
        case "group_leader":
            await lead_groups(team)
        case "group_member":
            await take_part_in_a_group(patient)
        case "circle_coordinator":
            await run_circles(team)
        case "circle_member":
            await take_part_in_a_circle(patient)
        case "carer_team":
            await answer_carers(team)
        case "resource_owner":
            await look_after_resources(team)
        case "carer":
            found = carer_of(calls, patient)
            if found is not None:
                await care(*found)
        case "trusting_patient":
            await change_caregivers(patient)


def _concerned(town: Town, who: str) -> list[str]:
    """Whoever was invited comes more often than whoever was not."""
    kinds: dict[str, type[Event]] = {"group_member": InvitedToGroup, "circle_member": CircleInvited}
    kind = kinds.get(who)
    invited = {event.patient_id for _, event in town.clinic.record.of_type(kind)} if kind else set()
    known = [resident.patient_id for resident in town.patients]
    return [one for one in known if one in invited] or known
