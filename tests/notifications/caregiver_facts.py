"""One example of every fact about those whom a patient trusts, beside who they are."""

from datetime import timedelta
from typing import Any

from shared.contracts import referrals as r
from shared.contracts.envelope import Event
from tests.notifications.people import LUIS, MORNING, ROSA

WHO: dict[str, Any] = {"at": MORNING, "patient_id": ROSA, "caregiver_id": LUIS}

CAREGIVER_FACTS: tuple[Event, ...] = (
    r.CaregiverInvited(**WHO, answer_by=MORNING + timedelta(days=14)),
    r.CaregiverDeclined(**WHO),
    r.CaregiverInvitationLapsed(**WHO),
    r.CaregiverAccepted(**WHO, language="es", email=True),
    r.CaregiverPreferencesChanged(**WHO, language="es", email=False),
    r.ScopeOpened(**WHO, scope="news", until=MORNING + timedelta(days=90)),
    r.ScopeClosed(**WHO, scope="news", reason="closed"),
    r.CaregiverLeft(**WHO),
)
