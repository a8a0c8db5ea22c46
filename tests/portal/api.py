"""What no page asks for yet, asked of the referrals service itself."""

import itertools
from datetime import timedelta
from typing import Any

import httpx

from shared.runtime.auth import User, issue
from tests.portal.running import Running
from tests.portal.story import ANSWERS

OKAFOR, TANAKA = User("dr-okafor", "referrer"), User("psy-tanaka", "psychology")
_KEYS = itertools.count(1)
_ANSWERS = {
    measure: {name.rpartition("-")[2]: int(value) for name, value in ANSWERS.items() if name.startswith(f"{measure}-")}
    for measure in ("PEG", "PHQ-4")
}


def post(system: Running, who: User, path: str, body: dict[str, Any] | None = None) -> str:
    """Do one thing, on whatever version stands; the id."""
    token = issue(system.secret, who, system.clock.now(), timedelta(hours=1))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"api-{next(_KEYS)}", "If-Match": "*"}
    answer = httpx.post(f"{system.addresses['referrals']}{path}", json=body or {}, headers=headers, trust_env=False)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def referred(system: Running, patient: str, draft: dict[str, Any] | None = None, **submit: Any) -> str:
    """A referral that was sent; its id."""
    referral = post(system, OKAFOR, "/referrals", {"patient_id": patient, **(draft or {})})
    wanted = {"reason": "Back pain.", "goal": "To walk to the market.", "priority": "urgent", "answers": _ANSWERS}
    post(system, OKAFOR, f"/referrals/{referral}/submit", {**wanted, **submit})
    return referral
