"""Something of every kind that a path can name, of the treated patient or of nobody in particular."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.runtime.auth import User
from tests.architecture.access_routes import calls
from tests.architecture.access_world import Actor, actor, ask
from tests.architecture.caregiver_world import World
from tests.portal.acting import TANAKA

_MADE: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("advice_id", "referrals POST /advice", "registrar", {"question": "How can I speak of it?"}),
    ("resource_id", "interventions POST /resources", "team", {"owner_id": TANAKA.id}),
    (
        "group_id",
        "interventions POST /groups",
        "team",
        {"programme_id": "cbt-pain", "facilitators": [TANAKA.id, "psy-moreno"], "mode": "video", "where": "by video"},
    ),
    ("request_id", "interventions POST /caregivers/{caregiver_id}/support", "caregiver", {}),
    ("word_id", "interventions POST /caregivers/{caregiver_id}/words", "caregiver", {}),
    ("membership_id", "interventions POST /groups/{group_id}/invitations", "team", {}),
    ("leader_id", "interventions POST /peer-leaders", "team", {"supervisor_id": TANAKA.id}),
)
"""What each is made by, by whom, and what that says beside what is needed."""
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
    for name, way, who, said in _MADE:
        call = routes[way]
        if who == "caregiver":
            answer = ask(world, call, Actor(who, luis, luis.id), ids, seen="*", **said)
        else:
            with actor(world, who, luis.id) as somebody:
                answer = ask(world, call, somebody, ids, seen="*", **said)
        if answer.is_success:
            ids[name] = str(answer.json()["id"])
    world.system.settle()
    return ids
