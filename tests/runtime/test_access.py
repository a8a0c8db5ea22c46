"""Who is signed in, in which role, and what that role may see; a route that does not say so does not start."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.runtime import auth
from shared.runtime.auth import NotSignedIn, User
from shared.runtime.http import Caller, allow
from shared.runtime.keys import SIGNERS, public_key, signing_key, trusted_of
from shared.runtime.service import Service
from tests.parts.trust import trusting
from tests.runtime.stores import open_by_words
from tests.runtime.toy_service import SECRET, ToyService, parts, problem, settings
from tests.runtime.world import START

OTHER = "another secret that is also long enough"


def _token(claims: dict[str, Any], secret: str = SECRET, **head: Any) -> str:
    header = {"alg": "Ed25519", "kid": "portal", **head}
    return jwt.encode(header, claims, signing_key(secret), algorithms=["Ed25519"])


def _by_the_public_key(claims: dict[str, Any]) -> str:
    """As a forger does who hopes that what checks a signature is taken for a shared secret."""
    header = {"alg": "HS256", "kid": "portal"}
    return jwt.encode(header, claims, OctKey.import_key(public_key(SECRET)))


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."


_NOTIFICATIONS = {"sub": "notifications", "role": "service"}


def bad_tokens(now: int) -> dict[str, str]:
    good = {"sub": "ana", "role": "psychology", "aud": "carepath", "iat": now, "exp": now + 300}
    return {
        "nothing": "",
        "no token": "Bearer",
        "another scheme": "Basic YTpi",
        "not a token": "Bearer x.y.z",
        "not text": "Bearer é.é.é",
        "dots": "Bearer ...",
        "another secret": f"Bearer {_token(good, OTHER)}",
        "the public key for a secret": f"Bearer {_by_the_public_key(good)}",
        "an unknown signer": f"Bearer {_token(good, kid='somebody')}",
        "no signer": f"Bearer {_token(good, kid='')}",
        "a person for whom a service vouches": f"Bearer {_token(good, kid='interventions')}",
        "a service for which the portal vouches": f"Bearer {_token(good | _NOTIFICATIONS)}",
        "a service for which another vouches": f"Bearer {_token(good | _NOTIFICATIONS, kid='interventions')}",
        "no signature": f"Bearer {_unsigned(good)}",
        "a number for a subject": f"Bearer {_token(good | {'sub': 7})}",
        "expired": f"Bearer {_token(good | {'exp': now - 61})}",
        "no end": f"Bearer {_token({k: v for k, v in good.items() if k != 'exp'})}",
        "another audience": f"Bearer {_token(good | {'aud': 'other'})}",
        "no audience": f"Bearer {_token({k: v for k, v in good.items() if k != 'aud'})}",
        "no subject": f"Bearer {_token({k: v for k, v in good.items() if k != 'sub'})}",
        "an empty subject": f"Bearer {_token(good | {'sub': ''})}",
        "no role": f"Bearer {_token({k: v for k, v in good.items() if k != 'role'})}",
        "an unknown role": f"Bearer {_token(good | {'role': 'root'})}",
        "several roles": f"Bearer {_token(good | {'role': ['psychology', 'operator']})}",
        "teams that are none": f"Bearer {_token(good | {'teams': 'all'})}",
        "teams of no names": f"Bearer {_token(good | {'teams': [7]})}",
        "an end that is no time": f"Bearer {_token(good | {'exp': 'never'})}",
    }


@pytest.mark.parametrize("what", bad_tokens(0))
async def test_without_a_valid_token_nobody_is_signed_in(toy: ToyService, what: str) -> None:
    value = bad_tokens(int(toy.clock.now().timestamp()))[what]
    answer = await toy.client.get("/tallies/tally-1", headers=[(b"authorization", value.encode())])
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_ends_when_it_says(toy: ToyService) -> None:
    headers = toy.as_()
    toy.clock.move(minutes=7)
    problem(await toy.client.get("/tallies/tally-1", headers=headers), 401, "not-signed-in")


def test_a_token_is_made_for_known_roles_only(toy_events: None) -> None:

    with pytest.raises(ValueError, match="root is not a role"):
        auth.issue(SECRET, User("x", "root"), START, timedelta(minutes=1))
    with pytest.raises(NotSignedIn):
        auth.read(trusting(SECRET), "", START)


def test_what_one_process_has_speaks_for_that_process_alone() -> None:
    """Whoever gets at the secret of one can be nobody else; the portal's alone says who a person is."""
    secrets = {name: f"the secret of {name}" for name in SIGNERS}
    trusted, minute = trusted_of(secrets), timedelta(minutes=1)
    assert (
        auth.read(trusted, auth.issue(secrets["portal"], User("ana", "psychology"), START, minute), START).id == "ana"
    )
    for stolen, secret in secrets.items():
        for name in SIGNERS:
            token = auth.service_token(secret, name, lambda: START)()
            if name == stolen:
                assert auth.read(trusted, token, START) == User(name, "service")
            else:
                with pytest.raises(NotSignedIn):
                    auth.read(trusted, token, START)
        if stolen != "portal":
            with pytest.raises(NotSignedIn):
                auth.read(trusted, auth.issue(secret, User("ana", "psychology"), START, minute), START)


def test_a_token_says_of_which_teams_somebody_is() -> None:
    ana = User("ana", "psychology", ("north", "south"))
    assert auth.read(auth.own(SECRET), auth.issue(SECRET, ana, START, timedelta(minutes=1)), START) == ana


async def test_a_role_that_is_not_named_is_forbidden(toy: ToyService) -> None:
    problem(await toy.client.get("/bug", headers=toy.as_("operator")), 403, "forbidden")
    problem(await toy.client.get("/ledger", headers=toy.as_("psychology")), 403, "forbidden")


async def test_what_is_not_yours_reads_as_what_is_not_there(toy: ToyService) -> None:
    id = await toy.created()
    headers = toy.as_("patient", "pat-2", if_match="*", idempotency_key="k")
    hidden = await toy.client.get(f"/tallies/{id}", headers=headers)
    absent = await toy.client.get("/tallies/tally-none", headers=headers)
    assert problem(hidden, 404, "not-found") == problem(absent, 404, "not-found")
    problem(await toy.client.post(f"/tallies/{id}/change", json={"amount": 1}, headers=headers), 404, "not-found")
    assert (await toy.client.get(f"/tallies/{id}", headers=toy.as_("patient", "pat-1"))).status_code == 200


def unguarded() -> APIRouter:
    router = APIRouter()

    @router.get("/open")
    async def open_route() -> str:
        return "open"

    return router


def nested() -> APIRouter:
    router = APIRouter()
    router.include_router(unguarded(), prefix="/inner")
    return router


def plain() -> APIRouter:
    router = APIRouter()

    async def handler(_: Any) -> Any:
        raise AssertionError

    router.add_route("/plain", handler)
    return router


@pytest.mark.parametrize("router", [unguarded, nested, plain])
def test_attack_4_a_service_with_a_route_that_names_no_role_does_not_start(tmp_path: Path, router: Any) -> None:
    store = open_by_words(["sqlite", str(tmp_path / "s.db")])
    service = Service(parts(router=router()), settings(), store, store)
    with pytest.raises(RuntimeError, match="does not say who may use it"):
        service.app()


def test_a_route_inside_another_router_may_name_its_roles(tmp_path: Path) -> None:
    inner, outer = APIRouter(), APIRouter()

    @inner.get("/x")
    async def x(caller: Caller = allow("operator")) -> str:
        return caller.actor

    outer.include_router(inner, prefix="/inner")
    store = open_by_words(["sqlite", str(tmp_path / "s.db")])
    assert Service(parts(router=outer), settings(), store, store).app()


def test_a_role_that_does_not_exist_cannot_be_allowed() -> None:
    with pytest.raises(ValueError, match="no such role: psycology"):
        allow("psycology")
