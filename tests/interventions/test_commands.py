"""What a command takes at the edge: steps from one to four, and items that count from one."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.interventions.domain.alert.commands import RaiseRiskAlert
from services.interventions.domain.episode.commands import OpenEpisode
from services.interventions.domain.series.commands import RecordAnswers
from shared.contracts.commands import Command
from tests.interventions import example as ex

OPEN: dict[str, Any] = {"episode_id": "e1", "patient_id": "p1", "referral_id": "r1", "programme_id": "short"}
RAISE: dict[str, Any] = {"alert_id": "a1", "episode_id": "e1", "patient_id": "p1", "measure": "PHQ-9", "value": 1}
ANSWER: dict[str, Any] = {"occasion": "start", "measure": "PEG"}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (OpenEpisode, {**OPEN, "step": 1}),
        (OpenEpisode, {**OPEN, "step": 4}),
        (RaiseRiskAlert, {**RAISE, "item": 1}),
        (RecordAnswers, {**ANSWER, "answers": {1: 0}}),
    ],
)
def test_what_is_in_range_is_taken(kind: type[Command], fields: dict[str, Any]) -> None:
    assert ex.command(kind, **fields).model_dump(include=set(fields)) == fields


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (OpenEpisode, OPEN),
        (OpenEpisode, {**OPEN, "step": 0}),
        (OpenEpisode, {**OPEN, "step": 5}),
        (RaiseRiskAlert, RAISE),
        (RaiseRiskAlert, {**RAISE, "item": 0}),
        (RecordAnswers, {**ANSWER, "answers": {0: 1}}),
        (RecordAnswers, {**ANSWER, "answers": {1: True}}),
        (RecordAnswers, {**ANSWER, "answers": {1: "1"}}),
    ],
)
def test_what_is_missing_or_out_of_range_is_refused(kind: type[Command], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ex.command(kind, **fields)
