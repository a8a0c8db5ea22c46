"""All routes of this service."""

from fastapi import APIRouter, Depends

from services.interventions.api import activities, alerts, engagement, episodes, feedback, measures, resources, review
from services.interventions.api.serving import serving
from services.interventions.content import Content


def build_router(content: Content) -> APIRouter:
    """The routes, given this clinic and its programmes."""
    router = APIRouter(dependencies=[Depends(serving(content))])
    parts = (episodes, review, activities, measures, alerts, engagement, feedback, resources)
    for part in (one.router for one in parts):
        router.include_router(part)
    return router
