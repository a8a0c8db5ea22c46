"""A record of the audit: its fields, and how each is bound to the one before it. Ids and codes only, never words.

The fields mean what they mean in FHIR's AuditEvent and IHE's Basic Audit Log Patterns; docs/architecture.md says which.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.runtime.audit.trail import Trail, is_person

Json = dict[str, Any]

OPENED = "open"
"""The action of the first record of a chain, which names the heads of the chains before it."""
NOTHING_BEFORE = ""

_OF_A_PERSON = ("patient_id", "recipient_id", "caregiver_id")
_DENIED = (401, 403, 404)
_WRONG = 400
_CREATED = 201


def canonical(record: Json) -> bytes:
    """The same bytes for the same record: keys in order, no spaces, UTF-8."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def chained(record: Json, previous: str) -> Json:
    """The record with the hash of the one before it, and its own over both."""
    bound = {**record, "previous": previous}
    return {**bound, "hash": hash_of(bound)}


def hash_of(record: Json) -> str:
    """SHA-256, in hex, over all of the record but its own hash."""
    return hashlib.sha256(canonical({key: value for key, value in record.items() if key != "hash"})).hexdigest()


def moment(at: datetime) -> str:
    """As it is stored: in UTC and of one length, so that texts are in the order of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def records_of(trail: Trail, at: datetime, route: str, status: int, path: Json, request: str) -> list[Json]:
    """One record for each person whose data one request to `route` showed or changed, or would have; `path` are the
    values in its address. None where no person's data was concerned.
    """
    outcome = "denied" if status in _DENIED else "failed" if status >= _WRONG else "done"
    told = {
        "at": moment(at),
        "actor": trail.actor,
        "role": trail.role,
        "on_behalf_of": trail.on_behalf_of,
        "route": route,
        "outcome": outcome,
        "status": status,
        "purpose": trail.reason,
        "request": request,
    }
    write = "create" if status == _CREATED else "update"
    found = [
        {**told, "person": person, "action": write if person in trail.changed else "read", "what": _what(trail, person)}
        for person in sorted({*trail.seen, *trail.changed})
    ]
    if not found and outcome == "denied":
        action = "read" if route.startswith("GET ") else "update"
        found.append({**told, "person": _named(path), "action": action, "what": []})
    return found


def _what(trail: Trail, person: str) -> list[str]:
    return sorted(trail.seen.get(person, set()) | trail.changed.get(person, set()))


def _named(path: Json) -> str | None:
    """Whom the address names. What has not the form of an id was typed by somebody, and may be anything."""
    return next((str(path[name]) for name in _OF_A_PERSON if is_person(path.get(name))), None)
