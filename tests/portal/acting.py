"""What somebody does through a service itself, where a story is not about their pages."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from shared.runtime.auth import User, issue
from tests.portal.running import Running

TANAKA = User("psy-tanaka", "psychology")
LINDQVIST = User("dr-lindqvist", "referrer")


def act(system: Running, user: User, path: str, **body: Any) -> Any:
    """Do it in the referrals service, and wait until all have heard of it."""
    headers = {**_signed(system, user), "Idempotency-Key": uuid4().hex, "If-Match": "*"}
    answer = httpx.post(f"{system.addresses['referrals']}{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    system.settle()
    return answer.json()


def read(system: Running, user: User, path: str) -> Any:
    """What the user reads there."""
    answer = httpx.get(f"{system.addresses['referrals']}{path}", headers=_signed(system, user))
    assert answer.is_success, answer.text
    return answer.json()


def accept(system: Running, referral: str) -> None:
    """Psychology says yes."""
    said = {"rationale": "Pain and low mood hold each other up.", "departure": "Begin lightly."}
    act(system, TANAKA, f"/referrals/{referral}/accept", **said)


def place(system: Running, id: str, seats: int) -> None:
    """Psychology says how many seats a place has."""
    act(system, TANAKA, f"/places/{id}/seats", seats=seats)


def _signed(system: Running, user: User) -> dict[str, str]:
    token = issue(system.secret, user, system.clock.now(), timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}
