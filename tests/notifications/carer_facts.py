"""One example of every fact about caregivers for themselves that this service listens to."""

from datetime import timedelta
from typing import Any

from shared.contracts.envelope import Event
from shared.contracts.interventions import caregiver as c
from shared.contracts.referrals import YoungCarerNoted
from tests.notifications.people import LUIS, MORNING, ROSA

SOON = MORNING + timedelta(days=5)
CARER: dict[str, Any] = {"at": MORNING, "caregiver_id": LUIS}
SUPPORT: dict[str, Any] = {**CARER, "request_id": "carer-support-1"}
WORD: dict[str, Any] = {**CARER, "word_id": "carer-word-1"}
LINKED: dict[str, Any] = {**CARER, "patient_id": ROSA}

CARER_FACTS: tuple[Event, ...] = (
    YoungCarerNoted(**LINKED, young=True),
    c.CaregiverSupportAsked(**SUPPORT, kind="phone", answer_by=SOON),
    c.CaregiverSupportAsked(**SUPPORT, kind="phone", answer_by=SOON, urgent=True),
    c.CaregiverSupportWaits(**SUPPORT, urgent=False, level=0),
    c.CaregiverSupportWaits(**SUPPORT, urgent=True, level=1),
    c.CaregiverSupportTaken(**SUPPORT, taken_by="psy-tanaka"),
    c.CaregiverSupportAnswered(**SUPPORT, kind="phone", answered_by="psy-tanaka"),
    c.CaregiverSupportClosed(**SUPPORT, closed_by="psy-tanaka"),
    c.CaregiverWordSent(**WORD, about_id=ROSA, may_tell=False),
    c.CaregiverWordWorries(**WORD, level=0, read_by=SOON),
    c.CaregiverWordRead(**WORD, reader_id="psy-tanaka"),
    c.CaregiverWordReplied(**WORD, text="Thank you.", replied_by="psy-tanaka"),
    c.CaregiverCheckDue(**CARER),
    c.CaregiverCheckGiven(**CARER, number=2, offered=False),
)
