"""HTTP in: a request becomes a command or a question. Nothing is decided here."""

from services.referrals.api import patients, places, referrals
from services.referrals.api.patients import timeline
from services.referrals.api.router import router

__all__ = ["patients", "places", "referrals", "router", "timeline"]
