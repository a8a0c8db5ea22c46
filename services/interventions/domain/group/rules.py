"""What a group's decisions rest on besides its state."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.interventions.domain.plan import Plans
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_together import Groups


@dataclass(frozen=True)
class GroupRules:
    """The clinic's settings, the programmes, and who can lead a group."""

    settings: Groups
    plans: Plans
    psychologists: frozenset[str]

    @property
    def zone(self) -> ZoneInfo:
        """Where a day begins and ends."""
        return self.plans.zone

    @classmethod
    def of(cls, clinic: Clinic, plans: Plans) -> "GroupRules":
        """Those of one clinic."""
        people = frozenset(member.id for member in clinic.staff if member.role == "psychology")
        return cls(clinic.together.groups, plans, people)
