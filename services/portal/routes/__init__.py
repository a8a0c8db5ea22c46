"""Every page, by who reads it."""

from services.portal.routes import (
    advice,
    appointments,
    asking,
    care_plan,
    caregiver,
    choice,
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
    refer,
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
    refer.router,
    record.router,
    # Before the page of a referral, which answers for every other step.
    triage.router,
    appointments.router,
    referral.router,
    advice.router,
    psychology.router,
    care_plan.router,
    places.router,
    rules.router,
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
