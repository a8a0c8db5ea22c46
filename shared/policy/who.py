"""In which standings somebody is by who they are alone, and by whose a thing is."""

from shared.runtime.auth import User
from shared.runtime.keys import SIGNERS

_BY_ROLE = {
    "psychology": frozenset({"psychology"}),
    "referrer": frozenset({"clinicians"}),
    "patient": frozenset({"patients"}),
    "caregiver": frozenset({"caregivers"}),
    "operator": frozenset({"operator"}),
}


def of_role(user: User) -> frozenset[str]:
    """By who they are."""
    if user.role == "service":
        return frozenset({user.id}) & frozenset(SIGNERS)
    return _BY_ROLE.get(user.role, frozenset())


def of_patient(user: User, patient_id: str | None) -> frozenset[str]:
    """To what is about one patient. Whether psychology is of the treating team was looked at before (`http.py`)."""
    stands = set(of_role(user))
    if user.role == "psychology":
        stands.add("team")
    if user.role == "patient" and patient_id and user.id == patient_id:
        stands.add("self")
    return frozenset(stands)


def of_owner(user: User, owner_id: str | None) -> frozenset[str]:
    """To what is one person's own."""
    is_theirs = bool(owner_id) and user.id == owner_id and user.role in _BY_ROLE
    return of_role(user) | ({"owner"} if is_theirs else frozenset())
