"""What screens read of patients. Plain functions of a state."""

from collections.abc import Sequence
from datetime import date

from pydantic import AwareDatetime, BaseModel

from services.referrals.domain.patient.state import Caregiver, PatientState
from shared.contracts.referrals import ConsentScope, Language


class PatientRow(BaseModel):
    """One line of a list of patients."""

    id: str
    version: int
    name: str | None
    birth_date: date | None


class PatientView(PatientRow):
    """All of one patient's record."""

    registered_by: str | None
    email: str | None
    phone: str | None
    language: Language
    time_zone: str
    new_to_mental_health: bool
    consents: tuple[ConsentScope, ...]
    consents_until: dict[ConsentScope, AwareDatetime]
    caregivers: tuple[Caregiver, ...]


def patient_row(id: str, version: int, state: PatientState) -> PatientRow:
    """A patient in one line."""
    return PatientRow(id=id, version=version, name=state.name, birth_date=state.birth_date)


def patient_view(id: str, version: int, state: PatientState) -> PatientView:
    """A patient in full."""
    same = {name: getattr(state, name) for name in PatientView.model_fields if name in PatientState.model_fields}
    return PatientView.model_validate({**same, "id": id, "version": version})


def by_name(rows: Sequence[PatientRow]) -> list[PatientRow]:
    """In the order of names; whoever was erased comes last."""
    return sorted(rows, key=lambda row: (row.name is None, (row.name or "").casefold(), row.id))
