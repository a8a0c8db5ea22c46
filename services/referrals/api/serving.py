"""How a route gets at the clinic's configuration."""

from typing import Annotated

from fastapi import Depends, Request

from shared.contracts.clinic import Clinic


async def _clinic(request: Request) -> Clinic:
    clinic: Clinic = request.app.state.service.settings.clinic
    return clinic


Configured = Annotated[Clinic, Depends(_clinic)]
