"""All routes of this service."""

from fastapi import APIRouter, Depends

from services.interventions.api import (
    activities,
    alerts,
    carer_work,
    carers,
    caseload,
    catalogue,
    circle_members,
    circle_posts,
    circles,
    desk,
    engagement,
    episodes,
    feedback,
    figures,
    groups,
    measures,
    memberships,
    peer_leaders,
    resources,
    review,
    shared,
)
from services.interventions.api.serving import serving
from services.interventions.content import Content


def build_router(content: Content) -> APIRouter:
    """The routes, given this clinic and its programmes."""
    router = APIRouter(dependencies=[Depends(serving(content))])
    parts = (
        episodes,
        review,
        activities,
        measures,
        alerts,
        engagement,
        caseload,
        desk,
        feedback,
        figures,
        resources,
        catalogue,
    )
    together = (groups, memberships, circles, circle_members, circle_posts, peer_leaders)
    trusted = (carers, carer_work, shared)
    for part in (one.router for one in (*parts, *together, *trusted)):
        router.include_router(part)
    return router
