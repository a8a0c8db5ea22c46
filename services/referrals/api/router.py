"""The one router of this service. Flat, so that the check of every route's roles at start sees every route."""

from fastapi import APIRouter

router = APIRouter()
