"""HTTP in: a request becomes a command or a question. Nothing is decided here."""

from services.referrals.api import (
    advice,
    care_plans,
    caregivers,
    carer_contacts,
    desk,
    figures,
    patients,
    places,
    referrals,
    steps,
    triage,
)
from services.referrals.api.patients import timeline
from services.referrals.api.router import router

__all__ = [
    "advice",
    "care_plans",
    "caregivers",
    "carer_contacts",
    "desk",
    "figures",
    "patients",
    "places",
    "referrals",
    "router",
    "steps",
    "timeline",
    "triage",
]
