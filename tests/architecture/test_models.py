"""Values of the domain are values: never changed once made, and without a field that nobody knows."""

import inspect
import re
import sys
from dataclasses import is_dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from shared.contracts.envelope import Contract
from tests.architecture.system import parts

PURE = re.compile(r"(services\.\w+\.domain|shared\.contracts|shared\.clinical)(\.|$)")


def _classes() -> list[type[Any]]:
    parts()  # which brings in the modules of every service
    return [
        kind
        for name, module in sorted(sys.modules.items())
        if PURE.match(name)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == name
    ]


MODELS = [kind for kind in _classes() if issubclass(kind, BaseModel)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_a_model_cannot_be_changed_and_only_a_contract_passes_over_what_it_does_not_know(
    model: type[BaseModel],
) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == ("ignore" if issubclass(model, Contract) else "forbid")


def test_a_dataclass_cannot_be_changed() -> None:
    found = [kind for kind in _classes() if is_dataclass(kind)]
    assert found
    assert [kind.__name__ for kind in found if not kind.__dataclass_params__.frozen] == []
