"""What is remembered of how a caregiver is."""

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions.caregiver import CheckAnswer, SafeAnswer
from shared.contracts.personal import Personal


class GivenCheck(Part):
    """One time that they answered."""

    number: int
    at: AwareDatetime
    answers: Personal[dict[str, CheckAnswer]] = None
    safe: Personal[SafeAnswer] = None
    offered: bool
    phone: Personal[str] = None


class CaregiverCheckState(Part):
    """All their checks, the oldest first."""

    caregiver_id: str = ""
    young: bool = False
    since: AwareDatetime | None = None
    asked_again: bool = False
    given: tuple[GivenCheck, ...] = ()
