"""Every page, by who reads it."""

from services.portal.routes import (
    care_plan,
    health,
    home,
    inbox,
    operator,
    patient,
    psychology,
    questions,
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
    psychology.router,
    care_plan.router,
    patient.router,
    questions.router,
    inbox.router,
    operator.router,
)

__all__ = ["routers"]
