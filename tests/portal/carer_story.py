"""A caregiver for tests of their pages: named by somebody, asked, and there."""

from deploy.visitor import Visitor
from shared.runtime.auth import User
from tests.portal.acting import act, read
from tests.portal.api import OKAFOR
from tests.portal.running import Running
from tests.portal.story import REFERRER, register, visitor


def named(system: Running, name: str = "Luis Delgado", *, young: bool = False) -> tuple[str, str]:
    """Somebody whom a new patient names: the patient, and the caregiver."""
    patient = register(visitor(system, REFERRER))
    email = f"{name.split()[0].lower()}-{patient[-6:]}@people.example"
    body = {"name": name, "email": email, "relationship": "partner", "language": "en"}
    act(system, OKAFOR, f"/patients/{patient}/caregivers", **body)
    [known] = [one for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"] if one["email"] == email]
    who = str(known["caregiver_id"])
    if young:
        act(system, OKAFOR, f"/patients/{patient}/caregivers/{who}/young", young=True)
    return patient, who


def accepts(system: Running, patient: str, who: str, *, email: bool = False) -> None:
    """They say yes."""
    path = f"/patients/{patient}/caregivers/{who}/answer"
    act(system, User(who, "caregiver"), path, accept=True, language="en", email=email)


def joins(
    system: Running, name: str = "Luis Delgado", *, young: bool = False, language: str = "en"
) -> tuple[Visitor, str, str]:
    """Somebody who takes part: their browser, the patient, and who they are."""
    patient, who = named(system, name, young=young)
    accepts(system, patient, who)
    return visitor(system, f"caregiver:{who}", language), patient, who
