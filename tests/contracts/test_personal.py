"""What names or describes a person is marked `Personal`, so that it is encrypted before it leaves memory."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.personal import holds_personal, personal_fields
from shared.runtime.aggregate import Aggregate
from tests.architecture.system import SERVICES, parts

LOOKS_PERSONAL = (
    *("name", "email", "phone", "birth_date", "reason", "goal", "note", "question", "answer", "rationale", "plan"),
    *("recommendation", "advice", "explanation", "text"),
)
"""Words that name or describe a person. A field looks personal if it is one of them or ends with one of them."""

NOT_PERSONAL = {
    ("Message", "reason"): "a code: why an e-mail was dropped or failed",
    ("ReachChosen", "sender_name"): "one of the clinic's own names to send under",
    ("AgendaState", "sender_name"): "one of the clinic's own names to send under",
    ("ReferralState", "decline_reason"): "a code out of the four that a referral may be declined for",
    ("ReferralState", "undecided_reason"): "a code out of those that a patient may pause for",
    ("ReferralState", "not_now_reason"): "a code out of the four that a patient may put it off for",
    ("ReferralState", "withdrawn_reason"): "a code out of the four that a patient may say no for",
    ("ReferralState", "appointment_reason"): "a code out of those that a meeting is missed or cancelled for",
    ("ReferralState", "cancel_reason"): "a code out of the five that a referrer may cancel for",
    ("ResourceAdded", "phone"): "the clinic's own list of resources, which is about nobody",
    ("ResourceAdded", "text"): "the clinic's own list of resources, which is about nobody",
    ("ResourceChanged", "phone"): "the clinic's own list of resources, which is about nobody",
    ("ResourceChanged", "text"): "the clinic's own list of resources, which is about nobody",
    ("ResourceState", "phone"): "the clinic's own list of resources, which is about nobody",
    ("ResourceState", "text"): "the clinic's own list of resources, which is about nobody",
    **dict.fromkeys(
        (("WordingDrafted", "text"), ("WordingPublished", "text"), ("Draft", "text"), ("Published", "text")),
        "what the clinic's messages say to everybody, which is about nobody",
    ),
}
"""Fields that only look personal, each with the reason."""


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_an_event_with_personal_fields_names_the_person_whose_key_seals_them(name: str) -> None:
    event = EVENT_TYPES[name]
    if holds_personal(event):
        field = event.model_fields.get(event.PERSON)
        assert field is not None, f"{event.__name__}.PERSON names no field of it"
        assert field.is_required(), f"nobody's key would seal {event.__name__}"
        assert field.annotation is str


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_what_looks_personal_in_an_event_is_marked_so(name: str) -> None:
    assert _unmarked(EVENT_TYPES[name]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_what_looks_personal_in_a_state_is_marked_so(service: str) -> None:
    assert [found for one in _aggregates(service) for found in _unmarked(one.state)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_field_that_queries_use_is_personal(service: str) -> None:
    for one in _aggregates(service):
        queried = {*one.queried, *one.unique, *one.ordered}
        assert not queried & personal_fields(one.state), one.name


def test_the_list_of_fields_that_only_look_personal_is_no_longer_than_needed() -> None:
    states = [aggregate.state for part in parts().values() for aggregate in part.aggregates]
    seen = {
        (model.__name__, name)
        for kind in (*EVENT_TYPES.values(), *states)
        for model in _models(kind)
        for name in model.model_fields
    }
    assert NOT_PERSONAL.keys() <= seen


def _aggregates(service: str) -> Sequence[Aggregate]:
    return parts()[service].aggregates


def _unmarked(kind: type[BaseModel]) -> list[str]:
    return [
        f"{model.__name__}.{name} looks personal: mark it, or say in NOT_PERSONAL why it is not"
        for model in _models(kind)
        for name, field in model.model_fields.items()
        if _looks_personal(name)
        and _is_free(field.annotation)
        and name not in personal_fields(model)
        and (model.__name__, name) not in NOT_PERSONAL
    ]


def _looks_personal(name: str) -> bool:
    return any(name == word or name.endswith(f"_{word}") for word in LOOKS_PERSONAL)


def _is_free(annotation: Any) -> bool:
    """Whether a value may be any text or date, not one of a fixed few."""
    return annotation in (str, date) or any(_is_free(part) for part in get_args(annotation))


def _models(kind: type[BaseModel]) -> Iterable[type[BaseModel]]:
    yield kind
    for field in kind.model_fields.values():
        for part in _inner(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _models(part)


def _inner(annotation: Any) -> Iterable[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _inner(part)
