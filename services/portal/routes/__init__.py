"""Every page, by who reads it."""

from services.portal.routes import (
    advice,
    appointments,
    health,
    home,
    inbox,
    operator,
    patient,
    places,
    psychology,
    questions,
    reading,
    record,
    referral,
    referrer,
    rules,
    signin,
    triage,
)

routers = (
    home.router,
    signin.router,
    health.router,
    referrer.router,
    record.router,
    # Before the page of a referral, which answers for every other step.
    triage.router,
    appointments.router,
    referral.router,
    advice.router,
    psychology.router,
    places.router,
    rules.router,
    patient.router,
    questions.router,
    reading.router,
    inbox.router,
    operator.router,
)

__all__ = ["routers"]
