"""Today's code reads all that a release wrote, and whoever knows only the last release reads what is said now."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from deploy.freeze import freeze, schemas
from tests.contracts.compatibility import UNDERSTOOD, Schema
from tests.contracts.released import frozen, releases, unreadable_now, unreadable_then, words

NOW = schemas()
PATIENT, ACCEPTED = "states/referrals.patient.json", "events/carepath.referral.accepted.v1.json"
DECLINED, GIVEN = "events/carepath.referral.declined.v1.json", "events/carepath.patient.consent_given.v1.json"


@pytest.mark.parametrize("release", releases(), ids=lambda folder: folder.name)
def test_all_that_a_release_wrote_can_be_read(release: Path) -> None:
    assert unreadable_now(frozen(release), NOW) == []


def test_whoever_knows_only_the_last_release_can_read_what_is_said_now() -> None:
    assert unreadable_then(frozen(releases()[-1]), NOW) == []


def test_a_release_holds_every_event_every_state_and_the_envelope(tmp_path: Path) -> None:
    assert freeze(tmp_path / "9.9.9") == len(NOW)
    assert frozen(tmp_path / "9.9.9") == NOW
    assert {name.partition("/")[0] for name in NOW} == {"envelope.json", "events", "states"}


def test_a_release_is_never_written_anew(tmp_path: Path) -> None:
    freeze(tmp_path / "9.9.9")
    with pytest.raises(FileExistsError):
        freeze(tmp_path / "9.9.9")


def test_releases_are_ordered_by_number_and_not_by_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("0.10.0", "0.9.0", "0.9.1"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("tests.contracts.released.RELEASED", tmp_path)
    assert [folder.name for folder in releases()] == ["0.9.0", "0.9.1", "0.10.0"]


def test_the_comparison_understands_every_word_of_our_schemas() -> None:
    unknown = {word for schema in NOW.values() for word in words(schema)} - UNDERSTOOD
    assert not unknown, f"a change of {unknown} would pass unseen: teach it to tests/contracts/compatibility.py"


@pytest.mark.parametrize("name", [name for name in NOW if name.startswith("states/")])
def test_an_older_build_refuses_the_state_of_a_newer_one_and_never_cuts_it(name: str) -> None:
    assert NOW[name]["additionalProperties"] is False


def _now(name: str, *path: str, to: Any) -> dict[str, Schema]:
    """Today's schemas with one place of one of them changed."""
    changed = deepcopy(NOW)
    place: Any = changed[name]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return changed


def _with(name: str, field: str) -> dict[str, Schema]:
    """Today's schemas with one more optional field."""
    return _now(name, "properties", field, to={"type": "string", "default": ""})


NEW_VERSION, NEW_FIELD, OPTIONAL = "the next version (v2)", "Give a new field a default", "Add an optional attribute"
STEP, CODES = ("properties", "step"), ("properties", "reason_code", "enum")
MORE_CODES = [*NOW[DECLINED]["properties"]["reason_code"]["enum"], "moved_away"]


@pytest.mark.parametrize(
    ("now", "problem", "remedy"),
    [
        ({name: one for name, one in NOW.items() if name != ACCEPTED}, "it is gone", NEW_VERSION),
        (_now(ACCEPTED, *STEP, to={"type": "string"}), "step has another type: integer became string", NEW_VERSION),
        (_now(ACCEPTED, *STEP, "maximum", to=3), "step is bound more tightly: maximum 4 became 3", NEW_VERSION),
        (_now(DECLINED, *CODES, to=MORE_CODES[1:]), "reason_code may no longer be ['no_capacity']", NEW_VERSION),
        (_now(GIVEN, "required", to=NOW[GIVEN]["properties"]), "caregiver_ids became required", NEW_VERSION),
        (_now(PATIENT, "required", to=["phone"]), "phone became required", NEW_FIELD),
        (_now(PATIENT, "properties", "phone", to={"type": "string"}), "phone may no longer be null", NEW_FIELD),
        (_now("envelope.json", "properties", "id", "pattern", to="^x"), "id has another pattern", OPTIONAL),
    ],
)
def test_what_would_make_old_data_unreadable_is_told_with_a_remedy(
    now: dict[str, Schema], problem: str, remedy: str
) -> None:
    [found] = unreadable_now(NOW, now)
    assert f"today's code must read what was written: {problem}" in found
    assert remedy in found


@pytest.mark.parametrize(
    ("now", "problem", "remedy"),
    [
        (_now(ACCEPTED, *STEP, to={"type": "number"}), "step has another type: integer became number", NEW_VERSION),
        (_now(ACCEPTED, *STEP, "maximum", to=5), "step is bound more loosely: maximum 4 became 5", NEW_VERSION),
        (_now(DECLINED, *CODES, to=MORE_CODES), "reason_code may now be ['moved_away']", NEW_VERSION),
        (_now(GIVEN, "required", to=["at", "patient_id"]), "scope may now be missing", NEW_VERSION),
        (_now("envelope.json", "properties", "id", to={"type": "null"}), "id has another type", OPTIONAL),
    ],
)
def test_what_old_readers_could_not_read_is_told_with_a_remedy(
    now: dict[str, Schema], problem: str, remedy: str
) -> None:
    found = [one for one in unreadable_then(NOW, now) if problem in one]
    assert len(found) == 1
    assert found[0].startswith(("events/", "envelope: "))
    assert remedy in found[0]


def test_a_new_event_a_new_state_and_new_optional_fields_break_nobody() -> None:
    more = {"events/carepath.referral.moved.v1.json": {}, "states/referrals.room.json": {}}
    for now in (NOW | more, _with(ACCEPTED, "room"), _with(PATIENT, "room"), _with("envelope.json", "tracestate")):
        assert unreadable_now(NOW, now) == unreadable_then(NOW, now) == []
