"""The people of one run: who lives there, who was registered, and what the system promised them."""

from dataclasses import dataclass, field

from shared.contracts.referrals import ConsentGiven, ConsentScope, ConsentWithdrawn
from shared.runtime.aggregate import derived_id
from tests.simulation.clinic import Clinic
from tests.simulation.record import said

REFERRERS = ("dr-okafor", "dr-lindqvist")
TEAM = ("psy-moreno", "psy-tanaka", "lead-haddad")
_MARKERS = ("Quackenbush", "Featherstone", "Ximenes", "Zywiec", "Okonjo", "Brzezinski")
NUMBERS = "+4477009"
"""How the telephone number of everybody begins."""
_ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/Madrid", "UTC")


@dataclass
class Resident:
    """Somebody in pain. `marker` is in nobody else's data; `patient_id` is empty until a referrer registers them."""

    number: int
    marker: str
    referrer: str
    zone: str
    language: str
    patient_id: str = ""
    caregivers: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"{self.marker.lower()}@people.example"


@dataclass(frozen=True)
class Promise:
    """What a person was told to be done: `version` of `id` exists, and the request is remembered."""

    service: str
    id: str
    version: int
    key: str


class Town:
    """`promises` are held against the stores at the end."""

    def __init__(self, clinic: Clinic, patients: int) -> None:
        self.clinic = clinic
        self.promises: list[Promise] = []
        self.residents = [
            Resident(
                number,
                _MARKERS[number % len(_MARKERS)],
                REFERRERS[number % 2],
                clinic.rng.choice(_ZONES),
                clinic.rng.choice(("en", "es")),
            )
            for number in range(patients)
        ]

    @property
    def patients(self) -> list[Resident]:
        return [resident for resident in self.residents if resident.patient_id]

    def register(self, resident: Resident, patient_id: str) -> None:
        resident.patient_id = patient_id
        self.clinic.record.markers[patient_id] = resident.marker

    def add_caregiver(self, resident: Resident, email: str) -> None:
        caregiver_id = derived_id("caregiver", resident.patient_id, email)
        if caregiver_id not in resident.caregivers:
            resident.caregivers.append(caregiver_id)
            # They bear the name of whom they care for.
            self.clinic.record.markers[caregiver_id] = resident.marker

    def consents(self, patient_id: str, scope: ConsentScope) -> bool:
        """Whether this consent stands, by what is stored now."""
        stands = False
        for entry in self.clinic.record.events.get(patient_id, []):
            event = said(entry)
            if isinstance(event, ConsentGiven | ConsentWithdrawn) and event.scope is scope:
                stands = isinstance(event, ConsentGiven)
        return stands
