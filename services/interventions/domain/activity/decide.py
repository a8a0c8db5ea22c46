"""An activity is begun, saved in part, resumed and finished. What stands already says nothing: twice is once.

Words of the clinic's list are told at the moment they are saved, finished or not.
"""

from typing import Any

from services.interventions.domain.activity.commands import SaveActivity
from services.interventions.domain.activity.state import ActivityState
from services.interventions.domain.sheet import Sheets
from shared.contracts.commands import Command, Rejected
from shared.contracts.envelope import Event
from shared.contracts.interventions import ActivityBegun, ActivityFinished, ActivitySaved, RiskWordsWritten, Written
from shared.contracts.risk_words import RiskWords


def decide(sheets: Sheets, words: RiskWords, state: ActivityState, command: Command) -> list[Event]:
    """What follows from `command`."""
    if not isinstance(command, SaveActivity):
        raise TypeError(f"an activity has no branch for {type(command).__name__}")
    said = {
        "at": command.now,
        "record_id": command.record_id,
        "episode_id": command.episode_id,
        "patient_id": command.patient_id,
    }
    events: list[Event] = []
    worksheet = (state.worksheet_id, state.worksheet_version)
    if state.begun_at is None:
        worksheet = (command.worksheet_id, command.worksheet_version)
        what = {"module_id": command.module_id, "activity_id": command.activity_id}
        events.append(ActivityBegun(**said, **what, worksheet_id=worksheet[0], worksheet_version=worksheet[1]))
    if changed := _changed(_checked(sheets, worksheet, command.written), state, command):
        events.append(ActivitySaved(**said, **changed))
        events += _worrying(words, said, command, changed.get("written", ()))
    if command.finish and state.finished_at is None:
        events.append(ActivityFinished(**said, module_id=command.module_id, activity_id=command.activity_id))
    return events


def _checked(
    sheets: Sheets, worksheet: tuple[str | None, int | None], written: tuple[Written, ...]
) -> tuple[Written, ...]:
    id, version = worksheet
    if written and (id is None or version is None):
        raise Rejected("field-unknown", field=written[0].field)
    if id is None or version is None:
        return ()
    sheet = sheets.pinned(id, version)
    return tuple(sheet.checked(one) for one in written)


def _worrying(words: RiskWords, said: dict[str, Any], command: SaveActivity, fresh: tuple[Written, ...]) -> list[Event]:
    """One for each field that changed and has such words in it now. What stood there already was told before."""
    where = {"activity_id": command.activity_id, "number": command.number}
    found = [(one.field, words.found_in(filter(None, (one.text, *(one.lines or ()))))) for one in fresh]
    return [RiskWordsWritten(**said, **where, field=field, words=matched) for field, matched in found if matched]


def _changed(written: tuple[Written, ...], state: ActivityState, command: SaveActivity) -> dict[str, Any]:
    have = {one.field: one for one in state.written}
    changed: dict[str, Any] = {}
    fresh = tuple(one for one in written if one != have.get(one.field, Written(field=one.field)))
    if fresh:
        changed["written"] = fresh
    for name in ("rating_before", "rating_after"):
        given = getattr(command, name)
        if given is not None and given != getattr(state, name):
            changed[name] = given
    return changed
