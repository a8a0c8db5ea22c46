"""Who can come, in every role and relationship, and what each of them is answered by every route."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from shared.runtime.auth import User, issue
from tests.architecture.access_routes import Call
from tests.architecture.caregiver_world import OTHER_TEAM, World, standing
from tests.portal.acting import LINDQVIST, TANAKA
from tests.portal.api import OKAFOR

CAREGIVERS = {
    "caregiver-open": "everything open",
    "caregiver-closed": "nothing open",
    "caregiver-left": "left",
    "caregiver-of-another": "another's",
    "caregiver-expired": "all ended yesterday",
}
"""The last one moves the clock by a day."""
SERVICES = ("portal", "referrals", "interventions", "notifications")
STAFF = ("registrar", "referrer", "team", "other-team", "operator")
ACTORS = ("self", "patient", *STAFF, *CAREGIVERS, *SERVICES, "nobody")
_OLD = '"999999"'
"""Whoever may do it is told that it has changed meanwhile, and changes nothing."""


@dataclass(frozen=True)
class Actor:
    """Somebody, and whose things are asked for where a path says whose."""

    name: str
    user: User | None
    caregiver_id: str


@contextmanager
def actor(world: World, name: str, caregiver: str) -> Iterator[Actor]:
    """That one, as long as they are needed. `caregiver` is whose things others than caregivers ask for."""
    if name in CAREGIVERS:
        with world.trusting(world.treated, standing(CAREGIVERS[name])) as luis:
            yield Actor(name, luis, luis.id)
        return
    people = {
        "self": User(world.treated, "patient"),
        "patient": User(world.met, "patient"),
        "registrar": OKAFOR,
        "referrer": LINDQVIST,
        "team": TANAKA,
        "other-team": User(OTHER_TEAM, "psychology"),
        "operator": User("op-byrne", "operator"),
        **{service: User(service, "service") for service in SERVICES},
    }
    yield Actor(name, people.get(name), caregiver)


def ask(world: World, call: Call, who: Actor, ids: Mapping[str, str], seen: str = _OLD, **more: Any) -> httpx.Response:
    """The real call, with `more` in its body."""
    known = {**ids, "caregiver_id": who.caregiver_id, "recipient_id": world.treated, "patient_id": world.treated}
    known |= {"about_id": world.treated, "subject": known["referral_id"]}
    path, query, body = call.sent(known, world.system.clock.now())
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": seen}
    if who.user:
        secret = world.system.secrets.of(who.user.id if who.user.role == "service" else "portal")
        token = issue(secret, who.user, world.system.clock.now(), timedelta(minutes=5))
        headers["Authorization"] = f"Bearer {token}"
    body = {**body, **more} if more else body
    address = f"{world.system.addresses[call.way.application]}{path}"
    return world.client.request(call.way.method, address, params=query, json=body, headers=headers)
