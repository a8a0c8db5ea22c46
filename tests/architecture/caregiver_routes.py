"""Every route of the four applications, as they are built, and the table of what a caregiver reaches by each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.portal.routes import routers
from shared.runtime.service import Service, open_store
from shared.runtime.settings import Settings, load_clinic
from tests.architecture.system import SERVICES, parts

TABLE = Path(__file__).parent / "caregiver_reach.txt"
SCOPES = ("news", "appointments", "progress", "plan", "scores")
REACHES = ("never", "own", "open")
OF_THE_FRAMEWORK = ("/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc")


@dataclass(frozen=True, order=True)
class Way:
    """One method of one path of one application."""

    application: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.application} {self.method} {self.path}"


def ways(folder: Path) -> list[Way]:
    """All there are. `folder` is where the apps would keep data; none is started."""
    return sorted({way for name, app in _apps(folder) for way in _of(name, app)})


def table() -> list[tuple[Way, str]]:
    """The entries as written, doubles and all. Raises `ValueError` for a line that is none."""
    found = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts_of_line = line.split()
        if len(parts_of_line) != 4 or not _is_reach(parts_of_line[3]):
            raise ValueError(f"{TABLE.name}:{number}: application, method, path, and a reach as its head explains")
        found.append((Way(*parts_of_line[:3]), parts_of_line[3]))
    return found


def reached(reach: str) -> list[Way]:
    """The ways with that entry."""
    return [way for way, said in table() if said == reach]


def scoped() -> dict[Way, frozenset[str]]:
    """The ways that show something only while a scope is open, and which."""
    return {way: _scopes(said) for way, said in table() if said not in REACHES}


def _is_reach(said: str) -> bool:
    return said in REACHES or (bool(_scopes(said)) and _scopes(said) <= set(SCOPES))


def _scopes(said: str) -> frozenset[str]:
    before, _, scopes = said.partition("scope:")
    return frozenset(scopes.split(",")) if scopes and not before else frozenset()


def _apps(folder: Path) -> Iterator[tuple[str, FastAPI]]:
    place = f"sqlite:{folder}"
    settings = Settings(place, place, "127.0.0.1:9", bytes(32), "s" * 40, {}, load_clinic(Path("deploy/clinic.yaml")))
    for name in SERVICES:
        yield name, Service(parts()[name], settings, open_store(place, name), open_store(place, "vault")).app()
    portal = FastAPI(openapi_url=None)
    for router in routers:
        portal.include_router(router)
    yield "portal", portal


def _of(application: str, app: FastAPI) -> Iterator[Way]:
    for route in iter_route_contexts(app.routes):
        methods: Any = getattr(route, "methods", None) or ()
        for method in set(methods) - {"HEAD"}:
            if route.path not in OF_THE_FRAMEWORK:
                yield Way(application, str(method), str(route.path))
