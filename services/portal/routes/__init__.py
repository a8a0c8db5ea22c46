"""Every page, by who reads it."""

from services.portal.routes import (
    advice,
    asking,
    care_plan,
    caregiver,
    choice,
    health,
    home,
    inbox,
    operator,
    patient,
    psychology,
    questions,
    reading,
    record,
    refer,
    referral,
    referrer,
    signin,
)

routers = (
    home.router,
    signin.router,
    health.router,
    referrer.router,
    refer.router,
    record.router,
    referral.router,
    advice.router,
    psychology.router,
    care_plan.router,
    patient.router,
    choice.router,
    asking.router,
    caregiver.router,
    questions.router,
    reading.router,
    inbox.router,
    operator.router,
)

__all__ = ["routers"]
