"""Something of every kind that a path can name, of the treated patient or of nobody in particular."""

from collections.abc import Mapping
from pathlib import Path

from shared.runtime.auth import User
from tests.architecture.access_routes import Call, calls
from tests.architecture.access_world import Actor, actor, ask
from tests.architecture.caregiver_world import World

_MADE = (
    ("advice_id", "referrals POST /advice", "registrar"),
    ("resource_id", "interventions POST /resources", "team"),
    ("group_id", "interventions POST /groups", "team"),
    ("request_id", "interventions POST /caregivers/{caregiver_id}/support", "caregiver"),
    ("word_id", "interventions POST /caregivers/{caregiver_id}/words", "caregiver"),
    ("membership_id", "interventions POST /groups/{group_id}/invitations", "team"),
    ("leader_id", "interventions POST /peer-leaders", "team"),
)
_FIXED = {
    "place_id": "place-video-sessions",
    "part": "flare-ups",
    "page": "in-a-flare",
    "number": "1",
    "place": "1",
    "measure": "PEG",
    "template": "referral_submitted",
    "language": "en",
    "channel": "email",
    "module_id": "module-1",
}


def things(world: World, luis: User) -> Mapping[str, str]:
    """Ids by the names that paths give them."""
    ids = {**_FIXED, **world.ids}
    routes = {str(call.way): call for call in calls(Path(world.system.mail.parent / "described"))}
    for name, way, who in _MADE:
        if made := _made(world, routes.get(way), who, luis, ids):
            ids[name] = made
    world.system.settle()
    return ids


def _made(world: World, call: Call | None, who: str, luis: User, ids: Mapping[str, str]) -> str | None:
    if call is None:
        return None
    if who == "caregiver":
        answer = ask(world, call, Actor(who, luis, luis.id), ids, seen="*")
    else:
        with actor(world, who, luis.id) as somebody:
            answer = ask(world, call, somebody, ids, seen="*")
    print(call.way, answer.status_code, answer.text[:300])
    return str(answer.json()["id"]) if answer.is_success else None
