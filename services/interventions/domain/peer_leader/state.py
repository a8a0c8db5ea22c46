"""What is remembered of a peer leader."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from services.interventions.domain.part import Part
from shared.contracts.interventions.peer_leader import LedCircle
from shared.contracts.personal import Personal

LeaderStatus = Literal["trained", "stood_down"]


class Supervision(Part):
    """One talk with their supervisor."""

    at: AwareDatetime
    minutes: int
    held_by: str
    note: Personal[str] = None


class PeerLeaderState(Part):
    """`since` is when they were last trained or supervised; `due_told_at` when their supervisor was last reminded."""

    status: LeaderStatus | None = None
    leader_id: str = ""
    patient_id: str = ""
    trained_on: date | None = None
    supervisor_id: str = ""
    since: AwareDatetime | None = None
    due_told_at: AwareDatetime | None = None
    circles: tuple[LedCircle, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
