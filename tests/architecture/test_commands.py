"""Every command has a branch that decides it; every refusal has a sentence for people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.referrals.domain.advice import machine as advice_machine
from services.referrals.domain.referral import machine
from shared.contracts.codes import RUNTIME_CODES
from tests.architecture.source import at, dotted, nodes, python, text
from tests.architecture.system import SERVICES, aggregates, parts

every_service = pytest.mark.parametrize("service", SERVICES)

COMPUTED = {
    Path("services/notifications/domain/wording.py"),
    Path("services/referrals/domain/advice/machine.py"),
    Path("services/referrals/domain/referral/machine.py"),
    Path("shared/runtime/core.py"),
}
"""Where a code is looked up in a table instead of written beside `Rejected`: the state machines, the
faults of a text, and unique keys."""


@every_service
def test_every_command_has_a_branch_that_decides_it(service: str) -> None:
    decided = {name for path in _domain(service) for node in nodes(path) for name in _branches(node)}
    assert _commands(service)
    assert _commands(service) - decided == set()


@every_service
def test_every_command_is_used_outside_the_domain(service: str) -> None:
    domain = set(_domain(service))
    used = {
        dotted(node).split(".")[-1]
        for path in python(f"services/{service}")
        if path not in domain
        for node in nodes(path)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    assert _commands(service) - used == set()


@every_service
def test_every_refusal_of_a_service_has_a_sentence_for_people(service: str) -> None:
    known = {*parts()[service].codes, *RUNTIME_CODES}
    found = {code for path in python(f"services/{service}") for code in _written(path)}
    found |= {code for one in parts()[service].aggregates for code in one.unique.values()}
    assert found - known == set()


def test_every_refusal_of_the_runtime_has_a_sentence_for_people() -> None:
    assert {code for path in python("shared") for code in _written(path)} - RUNTIME_CODES.keys() == set()


def test_every_refusal_of_a_state_machine_has_a_sentence_for_people() -> None:
    tables = (machine.ACTIONS, advice_machine.ACTIONS)
    found = {code for table in tables for action in table for code in action.demands.values()}
    found |= {"role-not-allowed", "not-yours", "wrong-status", "conversion-not-authorised"}
    assert found - parts()["referrals"].codes.keys() == set()


def test_a_code_is_written_beside_its_refusal_or_stands_in_a_known_table() -> None:
    found = [
        at(path, call)
        for path in python("services", "shared")
        if path not in COMPUTED
        for call in _refusals(path)
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert found == []


@every_service
def test_every_sentence_is_for_a_refusal_that_can_happen(service: str) -> None:
    sources = [text(path) for path in python(f"services/{service}") if path.name != "codes.py"]
    unused = [code for code in parts()[service].codes if not any(f'"{code}"' in source for source in sources)]
    assert unused == []


@every_service
def test_a_code_is_kebab_case_and_its_sentence_ends(service: str) -> None:
    for code, sentence in {**RUNTIME_CODES, **parts()[service].codes}.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert sentence[0].isupper(), code
        assert sentence.endswith("."), code


def test_a_key_that_no_two_may_share_is_one_that_queries_may_use() -> None:
    for aggregate in aggregates():
        assert aggregate.keys(aggregate.state()).keys() <= {*aggregate.queried, *aggregate.unique, *aggregate.ordered}


def _domain(service: str) -> list[Path]:
    return python(f"services/{service}/domain")


def _commands(service: str) -> set[str]:
    """Names of the classes that descend from `Command`, directly or not."""
    bases = {
        node.name: {dotted(base).split(".")[-1] for base in node.bases}
        for path in _domain(service)
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
    }
    found, grown = {"Command"}, True
    while grown:
        more = {name for name, parents in bases.items() if parents & found} - found
        found, grown = found | more, bool(more)
    parents = {parent for name in found & bases.keys() for parent in bases[name]}
    return found - parents - {"Command"}


def _branches(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.MatchClass):
        yield dotted(node.cls).split(".")[-1]
    if isinstance(node, ast.Call) and dotted(node.func) == "isinstance":
        for part in ast.walk(node.args[1]):
            yield dotted(part).split(".")[-1]


def _refusals(path: Path) -> Iterator[ast.Call]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Rejected":
            yield node


def _written(path: Path) -> Iterator[str]:
    for call in _refusals(path):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)
