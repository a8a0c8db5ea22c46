"""Every page, by who reads it."""

from services.portal.routes import (
    advice,
    care_plan,
    health,
    home,
    inbox,
    operator,
    patient,
    psychology,
    questions,
    reading,
    record,
    referral,
    referrer,
    signin,
)

routers = (
    home.router,
    signin.router,
    health.router,
    referrer.router,
    record.router,
    referral.router,
    advice.router,
    psychology.router,
    care_plan.router,
    patient.router,
    questions.router,
    reading.router,
    inbox.router,
    operator.router,
)

__all__ = ["routers"]
