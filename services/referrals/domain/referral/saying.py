"""What every event of a referral says of it, and when the steps that it sets off are due."""

from datetime import datetime, timedelta
from typing import Any

from services.referrals.domain.referral.state import ReferralState
from shared.contracts.clinic import Clinic
from shared.contracts.commands import Command
from shared.contracts.referrals import Priority


def ids(state: ReferralState, command: Command) -> dict[str, Any]:
    """The moment and the ids that each event carries."""
    return {
        "at": command.now,
        "referral_id": state.referral_id,
        "patient_id": state.patient_id,
        "referrer_id": state.referrer_id,
        "place_id": state.place_id,
    }


def user_id(command: Command) -> str:
    """`psychology:ana` is `ana`: events name people by their own id."""
    return command.actor.partition(":")[2] or command.actor


def triage_due(clinic: Clinic, priority: Priority, now: datetime) -> datetime:
    """When triage must have decided."""
    return now + timedelta(days=clinic.clocks.triage_days[priority])
