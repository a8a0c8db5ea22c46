"""Each event version has a full and a minimal golden sample, and both are read for ever."""

from typing import Any

import pytest
from pydantic import BaseModel

from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.envelope import Contract, Envelope, Event
from shared.contracts.personal import personal_fields
from tests.contracts.shelf import SAMPLES, models_in, sample

CONTRACTS: dict[str, type[Contract]] = {**EVENT_TYPES, "envelope": Envelope}

every_contract = pytest.mark.parametrize("name", sorted(CONTRACTS))
every_event = pytest.mark.parametrize("name", sorted(EVENT_TYPES))
both_sizes = pytest.mark.parametrize("size", ["full", "minimal"])


def test_every_event_and_the_envelope_have_two_samples_and_no_sample_is_left_over() -> None:
    expected = {f"{name}.{size}.json" for name in CONTRACTS for size in ("full", "minimal")}
    assert {path.name for path in SAMPLES.iterdir()} == expected


@every_contract
@both_sizes
def test_a_sample_parses_and_loses_no_field_when_it_is_written_again(name: str, size: str) -> None:
    given = sample(name, size)
    parsed = CONTRACTS[name].model_validate(given)
    assert parsed.model_dump(mode="json", exclude_unset=True) == given


@every_contract
@both_sizes
def test_a_sample_survives_the_full_form_that_travels(name: str, size: str) -> None:
    parsed = CONTRACTS[name].model_validate(sample(name, size))
    assert CONTRACTS[name].model_validate_json(parsed.model_dump_json()) == parsed


@every_contract
def test_a_full_sample_gives_every_field_a_value(name: str) -> None:
    for model in models_in(CONTRACTS[name].model_validate(sample(name, "full"))):
        empty = {field for field in type(model).model_fields if getattr(model, field) in (None, (), {}, "")}
        assert model.model_fields_set == type(model).model_fields.keys(), type(model).__name__
        assert not empty, f"{type(model).__name__} is not full"


@every_contract
def test_a_minimal_sample_gives_only_what_is_required(name: str) -> None:
    for model in models_in(CONTRACTS[name].model_validate(sample(name, "minimal"))):
        required = {field for field, info in type(model).model_fields.items() if info.is_required()}
        assert model.model_fields_set == required, type(model).__name__


@every_contract
def test_a_reader_ignores_fields_that_it_does_not_know(name: str) -> None:
    given = sample(name, "full")
    known = CONTRACTS[name].model_validate(given)
    assert CONTRACTS[name].model_validate(_with_unknown_fields(given, known)) == known


@every_event
def test_an_event_of_an_erased_person_still_parses(name: str) -> None:
    kind = EVENT_TYPES[name]
    erased = kind.model_validate(_without_personal(kind.model_validate(sample(name, "full"))))
    for model in models_in(erased):
        assert all(getattr(model, field) is None for field in personal_fields(type(model)))


@every_event
def test_an_event_once_said_cannot_be_changed(name: str) -> None:
    event = EVENT_TYPES[name].model_validate(sample(name, "full"))
    with pytest.raises(ValueError, match="frozen"):
        event.at = event.at  # type: ignore[misc]


@every_event
def test_the_clock_of_an_event_knows_its_time_zone(name: str) -> None:
    naive = {**sample(name, "full"), "at": "2026-03-02T09:30:00"}
    with pytest.raises(ValueError, match="timezone_aware"):
        EVENT_TYPES[name].model_validate(naive)


def test_the_envelope_of_a_sample_names_an_event_that_exists() -> None:
    envelope = Envelope.model_validate(sample("envelope", "full"))
    event: Event = EVENT_TYPES[envelope.type].model_validate(envelope.data)
    assert envelope.service == "referrals"
    assert envelope.patient == event.concerns


def _with_unknown_fields(given: Any, known: Any) -> Any:
    """`given` with a field of tomorrow in every object that is a model; a plain map keeps what it has."""
    if isinstance(known, BaseModel):
        inner = {name: _with_unknown_fields(value, getattr(known, name)) for name, value in given.items()}
        return {**inner, "of_tomorrow": {"unknown": [1, "two"]}}
    if isinstance(known, tuple):
        return [_with_unknown_fields(one, model) for one, model in zip(given, known, strict=True)]
    return given


def _without_personal(model: BaseModel) -> dict[str, Any]:
    return {
        name: None if name in personal_fields(type(model)) else _bare(getattr(model, name))
        for name in type(model).model_fields
    }


def _bare(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _without_personal(value)
    return [_bare(one) for one in value] if isinstance(value, tuple) else value
