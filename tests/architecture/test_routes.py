"""Every service can be built, and none of its routes is open to whoever comes."""

from collections.abc import Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from shared.runtime import routes
from shared.runtime.auth import ROLES
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings, load_clinic
from tests.architecture.system import SERVICES, parts

every_service = pytest.mark.parametrize("service", SERVICES)
OF_THE_FRAMEWORK = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}


def _app(service: str, folder: Path) -> FastAPI:
    """A new app, never started."""
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), "s" * 40, {}, load_clinic(Path("deploy/clinic.yaml")))
    built = Service(parts()[service], settings, open_store(place, service), open_store(place, "vault"))
    return built.app()


@every_service
async def test_a_service_builds_and_describes_itself(service: str, tmp_path: Path) -> None:
    described = _app(service, tmp_path).openapi()
    assert described["info"]["title"] == f"Carepath {service}"


@every_service
async def test_every_route_names_roles_that_exist_unless_it_is_public(service: str, tmp_path: Path) -> None:
    public = {route.path for route in routes.public.routes} | OF_THE_FRAMEWORK  # type: ignore[attr-defined]
    for route in iter_route_contexts(_app(service, tmp_path).routes):
        if route.path not in public:
            [roles] = _roles(route)
            assert roles, f"{route.path} is open to nobody"
            assert set(roles) <= set(ROLES), f"{route.path} names a role that does not exist"


@every_service
async def test_no_route_is_hidden_by_another(service: str, tmp_path: Path) -> None:
    seen: set[tuple[str, str]] = set()
    for route in iter_route_contexts(_app(service, tmp_path).routes):
        for method in getattr(route, "methods", None) or ():
            assert (method, route.path) not in seen, f"{method} {route.path} is there twice"
            seen.add((method, str(route.path)))


@every_service
async def test_nothing_that_a_request_runs_is_handed_to_a_thread(service: str, tmp_path: Path) -> None:
    """What is not a coroutine runs in a thread: slower for each request, and no run of the simulation is the same."""
    for route in iter_route_contexts(_app(service, tmp_path).routes):
        in_threads = [one.call for one in _called(route) if not iscoroutinefunction(one.call)]
        assert in_threads == [], f"{route.path} runs {in_threads} in a thread"


def _called(route: Any) -> Iterator[Any]:
    waiting = [dependant] if (dependant := getattr(route, "dependant", None)) else []
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        yield one


def _roles(route: Any) -> list[tuple[str, ...]]:
    dependant = getattr(route, "dependant", None)
    found = dependant.dependencies if dependant else ()
    return [dependency.call.roles for dependency in found if hasattr(dependency.call, "roles")]
