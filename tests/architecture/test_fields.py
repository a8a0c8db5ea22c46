"""No field that a route does not name gets in or out."""

from pathlib import Path

from tests.architecture.access_routes import bodies, calls
from tests.architecture.access_world import actor, ask
from tests.architecture.caregiver_world import World

PASSED_OVER = {"Preferences", "Written", "Absence"}
FREE = {
    "GET /asyncapi.json",
    "GET /health/live",
    "GET /health/ready",
    "GET /heads",
    "GET /ledger",
    "GET /ledger/{subject}",
    "GET /timeline/{patient_id}",
    "GET /operations/held",
    "GET /operations/held/{source}",
    "GET /operations/lag",
    "GET /operations/late",
    "GET /operations/rejected",
    "GET /memberships/{membership_id}/calendar",
}
"""Made by the runtime field by field, sealed as it is stored, or no JSON."""


def test_no_body_takes_a_field_that_is_not_named(tmp_path: Path) -> None:
    """Nobody writes what a route does not offer, such as whose something is (mass assignment). Values that events carry
    as well pass over what they do not know, and keep nothing of it.
    """
    taken = {(str(way), str(schema.get("title"))) for way, schema in bodies(tmp_path) if _takes_more(schema)}
    assert {title for _, title in taken} == PASSED_OVER
    assert not [schema["title"] for _, schema in bodies(tmp_path) if schema.get("additionalProperties") is True]


def test_every_answer_has_named_fields_alone(tmp_path: Path) -> None:
    """What a route does not name in its answer is never returned, whatever the state holds."""
    free = {str(call.way).partition(" ")[2] for call in calls(tmp_path) if call.way.method == "GET" and not call.named}
    assert free == FREE


def _takes_more(schema: dict[str, object]) -> bool:
    return schema.get("additionalProperties", True) is not False


def test_an_unnamed_field_is_refused_and_changes_nothing(world: World, tmp_path: Path) -> None:
    [call] = [one for one in calls(tmp_path) if str(one.way) == "referrals POST /patients/{patient_id}/consents"]
    with actor(world, "self", "caregiver-x") as who:
        honest = ask(world, call, who, world.ids)
        assert honest.status_code == 412
        sent = {"scope": "email", "granted": True, "registered_by": "dr-lindqvist", "patient_id": world.met}
        headers = {**honest.request.headers, "If-Match": "*"}
        headers.pop("content-length", None)
        answer = world.client.post(str(honest.request.url), json=sent, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
