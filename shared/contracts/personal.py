"""`Personal[...]` marks what may never leave memory unencrypted: names, contact data, birth dates, free text.

A field so marked reads as `None` once its owner's key has been destroyed.
"""

from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel

T = TypeVar("T")


class PersonalMark:
    """The marker itself; its presence in a field's metadata is all that counts."""

    def __repr__(self) -> str:
        return "Personal"


PERSONAL = PersonalMark()
Personal = Annotated[T | None, PERSONAL]


@cache
def personal_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields of `model` that are marked personal."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if PERSONAL in field.metadata
        or any(PERSONAL in getattr(part, "__metadata__", ()) for part in _parts(field.annotation))
    )


@cache
def holds_personal(model: type[BaseModel]) -> bool:
    """Whether `model`, or any model nested in it, has a personal field."""
    return bool(personal_fields(model) or nesting_fields(model))


@cache
def nesting_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields of `model` in which models with personal fields are nested."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        for part in _parts(field.annotation)
        if isinstance(part, type) and issubclass(part, BaseModel) and part is not model and holds_personal(part)
    )


def _parts(annotation: Any) -> list[Any]:
    inner = [part for argument in get_args(annotation) for part in _parts(argument)]
    return [annotation, *inner]
