"""A whole service around the toy tally, reached in memory: its real HTTP side, without network or Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.runtime.auth import User, issue
from shared.runtime.http import Caller, allow
from shared.runtime.service import Parts, Service
from shared.runtime.settings import Settings, load_clinic
from tests.parts.trust import trusting
from tests.runtime import toys
from tests.runtime.stores import open_by_words
from tests.runtime.world import MASTER, HandClock

SECRET = "a secret for the tests that is long enough"
CLINIC = load_clinic(Path(__file__).parents[2] / "deploy" / "clinic.yaml")


class TallyBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: int = Field(ge=-10)
    note: str | None = None
    slot: str | None = None


def own(user: User, state: toys.TallyState) -> bool:
    return user.role == "psychology" or user.id == state.patient_id


def toy_router() -> APIRouter:
    router = APIRouter()

    @router.post("/tallies")
    async def create(body: TallyBody, caller: Caller = allow("psychology", "patient")) -> Response:
        command = change_of(body, caller)
        return await caller.create("tally", "tally", lambda _: command)

    @router.post("/tallies/{id}/change")
    async def change(id: str, body: TallyBody, caller: Caller = allow("psychology", "patient")) -> Response:
        return await caller.change("tally", id, change_of(body, caller), may=own)

    @router.get("/tallies")
    async def tallies(
        patient: str, after: str | None = None, limit: int = 2, caller: Caller = allow("psychology", "patient")
    ) -> dict[str, Any]:
        page = await caller.page("tally", "line", f"{patient}|", after=after, limit=limit, may=own)
        total = await caller.count("tally", "line", f"{patient}|", 3)
        many = await caller.load_many("tally", [one.id for one in page.found], may=own)
        slots = [many[one.id].state.slot for one in page.found]
        return {"slots": slots, "notes": [one.state.note for one in page.found], "next": page.next, "total": total}

    @router.post("/kept/{id}")
    async def keep(id: str, body: TallyBody, caller: Caller = allow("psychology")) -> Response:
        return await caller.begin_or_change("tally", id, lambda _: change_of(body, caller))

    @router.get("/tallies/{id}")
    async def tally(id: str, caller: Caller = allow("psychology", "patient")) -> dict[str, Any]:
        found = await caller.load("tally", id, may=own)
        return {"id": found.id, "version": found.version, "total": found.state.total}

    @router.get("/bug")
    async def bug(caller: Caller = allow("psychology")) -> None:
        raise RuntimeError(f"a bug that knows {toys.NAME} and {SECRET}")

    return router


def change_of(body: TallyBody, caller: Caller) -> toys.Change:
    return toys.Change(now=caller.now, actor=caller.actor, **body.model_dump())


async def everyone_may(_caller: Caller, _patient: str) -> bool:
    return True


def parts(**more: Any) -> Parts:
    values: dict[str, Any] = {
        "name": "referrals",
        "aggregates": [toys.tally(toys.Build())],
        "reactions": {},
        "listens_to": ("interventions",),
        "router": toy_router(),
        "codes": {"below-zero": "A tally cannot go below zero.", "slot-taken": "Somebody else has this place."},
        "timeline": everyone_may,
    }
    return Parts(**(values | more))


def settings(**more: Any) -> Settings:
    values: dict[str, Any] = {
        "store": "sqlite:x",
        "vault": "sqlite:x",
        "kafka": "127.0.0.1:1",
        "master_key": MASTER,
        "token_secret": SECRET,
        "trusted": trusting(SECRET),
        "services": {},
        "clinic": CLINIC,
        "build": "build-1",
    }
    return Settings(**(values | more))


class ToyService:
    """`client` speaks to it; `as_` makes the headers of somebody who is signed in."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        store, vault_store = (open_by_words(["sqlite", str(folder / f"{name}.db")]) for name in ("store", "vault"))
        self.service = Service(parts(), settings(), store, vault_store, self.clock)
        self.app = self.service.app()
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://toy")

    def as_(self, role: str = "psychology", id: str | None = None, **headers: str) -> dict[str, str]:
        id = id or ("interventions" if role == "service" else "ana")
        token = issue(SECRET, User(id, role), self.clock.now(), timedelta(minutes=5))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {token}", **named}

    async def created(self, key: str = "key-0", **body: Any) -> str:
        headers = self.as_(idempotency_key=key)
        answer = await self.client.post("/tallies", json={"amount": 1, **body}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@asynccontextmanager
async def toy_service(folder: Path) -> AsyncIterator[ToyService]:
    """Its stores are open; its loops do not run, so a test says what happens when."""
    toy = ToyService(folder)
    await toy.service.store.engine.open([aggregate.schema for aggregate in toy.service.parts.aggregates])
    await toy.service._vault_store.engine.open([])
    yield toy
    await toy.client.aclose()
    await toy.service.store.engine.close()
    await toy.service._vault_store.engine.close()


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer is this problem, and well-formed."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:carepath:problem:{code}")
    assert body["title"].endswith(".") or status in (404, 405)
    assert "x-correlation-id" in answer.headers
    return body


async def change(toy: ToyService, id: str, body: Any = None, **headers: str) -> httpx.Response:
    given = toy.as_(**({"if_match": '"1"', "idempotency_key": "key-1"} | headers))
    given = {name: value for name, value in given.items() if value != "-"}
    return await toy.client.post(f"/tallies/{id}/change", json={"amount": 1} if body is None else body, headers=given)
