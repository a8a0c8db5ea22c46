"""HTTP in: request to command, and views out. Nothing is decided here."""

from services.interventions.api.router import build_router

__all__ = ["build_router"]
