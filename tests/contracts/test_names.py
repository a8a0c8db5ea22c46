"""What is said keeps its name: a wire name is literal, unique, of one form, and never renamed."""

import ast
import re
from collections import Counter
from pathlib import Path

from shared.contracts.catalogue import EVENT_TYPES, PUBLISHERS
from shared.contracts.envelope import Envelope, Event
from tests.contracts.shelf import HERE

FORM = re.compile(r"^carepath\.[a-z_]+\.[a-z_]+\.v[0-9]+$")
FROZEN = HERE / "wire_names.txt"
CONTRACTS = Path("shared/contracts")


def test_every_wire_name_has_the_one_form() -> None:
    assert [name for name in EVENT_TYPES if not FORM.match(name)] == []


def test_no_two_events_share_a_wire_name() -> None:
    counted = Counter(event.TYPE for events in PUBLISHERS.values() for event in events)
    assert [name for name, times in counted.items() if times > 1] == []


def test_no_wire_name_was_renamed_or_removed() -> None:
    frozen = FROZEN.read_text(encoding="utf-8").split()
    gone = sorted(set(frozen) - EVENT_TYPES.keys())
    assert not gone, (
        f"{gone} are no longer in the catalogue, but stand in ledgers and topics for ever: "
        "keep the class, and add a new one with the next version"
    )


def test_every_new_wire_name_is_added_to_the_frozen_list() -> None:
    frozen = FROZEN.read_text(encoding="utf-8").split()
    assert frozen == sorted(EVENT_TYPES), f"add the new names to {FROZEN.name}, in order"


def test_every_wire_name_is_written_literally_beside_its_class() -> None:
    written = {
        (node.name, _literal(node)) for path in CONTRACTS.rglob("*.py") for node in _classes(path) if _names_type(node)
    }
    assert written == {(event.__name__, name) for name, event in EVENT_TYPES.items()}


def test_every_event_of_the_contracts_is_in_the_catalogue() -> None:
    base_classes = {kind for event in EVENT_TYPES.values() for kind in event.__mro__[1:]}
    assert _subclasses(Event) - base_classes == set(EVENT_TYPES.values())


def test_attributes_of_the_envelope_are_lower_case_letters_and_digits_as_cloudevents_asks() -> None:
    assert [name for name in Envelope.model_fields if not re.fullmatch(r"[a-z0-9]{1,20}", name)] == []


def test_the_envelope_has_every_attribute_that_cloudevents_requires() -> None:
    required = {name for name, field in Envelope.model_fields.items() if field.is_required()}
    assert {"id", "source", "type"} <= required
    assert Envelope.model_fields["specversion"].default == "1.0"


def _classes(path: Path) -> list[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _type_values(node: ast.ClassDef) -> list[ast.expr]:
    found: list[ast.expr] = []
    for line in node.body:
        if isinstance(line, ast.Assign):
            targets: list[ast.expr] = line.targets
        elif isinstance(line, ast.AnnAssign):
            targets = [line.target]
        else:
            continue
        if line.value is not None and any(isinstance(one, ast.Name) and one.id == "TYPE" for one in targets):
            found.append(line.value)
    return found


def _names_type(node: ast.ClassDef) -> bool:
    return bool(_type_values(node))


def _literal(node: ast.ClassDef) -> object:
    [value] = _type_values(node)
    assert isinstance(value, ast.Constant), f"{node.name}: write the wire name out"
    return value.value


def _subclasses(kind: type[Event]) -> set[type[Event]]:
    found = {part for child in kind.__subclasses__() for part in {child, *_subclasses(child)}}
    return {part for part in found if part.__module__.startswith("shared.contracts.")}
