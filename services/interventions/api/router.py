"""All routes of this service."""

from fastapi import APIRouter, Depends

from services.interventions.api import activities, alerts, episodes, feedback, measures
from services.interventions.api.serving import serving
from services.interventions.content import Content


def build_router(content: Content) -> APIRouter:
    """The routes, given this clinic and its programmes."""
    router = APIRouter(dependencies=[Depends(serving(content))])
    for part in (episodes.router, activities.router, measures.router, alerts.router, feedback.router):
        router.include_router(part)
    return router
