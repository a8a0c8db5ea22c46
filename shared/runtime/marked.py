"""YAML read together with its line numbers, because a fault without a line is hard to find in a page of prose."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
_DEEPEST = 40
_TOO_DEEP = "there are too many brackets in brackets"
_UNSEEN = re.compile(f"{yaml.SafeLoader.NON_PRINTABLE.pattern}|\ufeff")


class Unreadable(Exception):
    """The text is not the kind of YAML that people's files are written in."""

    def __init__(self, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


@dataclass(frozen=True)
class Marked:
    """The plain data of a file, and the line on which each part of it begins."""

    data: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of that part, or of the nearest part around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_marked(text: str) -> Marked:
    """Read one file. Raises `Unreadable`, with the line, for anything that YAML would take in silence."""
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as fault:
        raise _unseen(text.count("\n", 0, fault.position) + 1, chr(fault.character)) from fault
    try:
        node = composed(text, loader)
        if node is None:
            raise Unreadable(1, "the file is empty", "Write what belongs here or take the file away")
        reader = _Reader(loader)
        return Marked(reader.value(node, ()), reader.lines)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        remedy = "Check the indentation here and just above, and put words that contain “: ” in quotation marks"
        raise Unreadable(mark.line + 1 if mark else None, f"this is not YAML: {fault.problem}", remedy) from fault
    except RecursionError as fault:
        raise Unreadable(loader.line + 1, _TOO_DEEP, "Put words in quotation marks") from fault
    except (ValueError, OverflowError) as fault:
        # A “\U” with a number that no character has, and the like: the scanner lets these through.
        problem = f"this cannot be read: {fault}"
        raise Unreadable(loader.line + 1, problem, "Write the line as others in this file are written") from fault
    finally:
        loader.dispose()


def _unseen(line: int, character: str) -> Unreadable:
    problem = f"there is a character here that does not show on the screen (number {ord(character)})"
    return Unreadable(line, problem, "Take it out; deleting and retyping the words around it is enough")


def composed(text: str, loader: yaml.SafeLoader) -> yaml.Node | None:
    """The nodes of a file, with their places. Raises `yaml.YAMLError` in the words of `loader`.

    Where libyaml is there, it reads sound files, sixteen times as fast; what it refuses, `loader` reads or refuses.
    """
    try:
        return yaml.compose(text, yaml.CSafeLoader)
    except (AttributeError, yaml.YAMLError):
        return loader.get_single_node()


@dataclass
class _Reader:
    loader: yaml.SafeLoader
    lines: dict[Path, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        if len(path) > _DEEPEST:
            raise Unreadable(line, _TOO_DEEP, "Put words in quotation marks")
        # A key's own line has been noted already and is where people look, not the first line of its text.
        self.lines.setdefault(path, line)
        if id(node) in self.seen:
            raise Unreadable(line, "a “*” points to another part of the file", "Write the words out in full")
        self.seen.add(id(node))
        if node.tag != self._plain_tag(node):
            raise Unreadable(line, "a “!” gives this a type of its own", "Take out the word that begins with “!”")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(part, (*path, place)) for place, part in enumerate(node.value)]
        return self._scalar(node, line)

    def _plain_tag(self, node: yaml.Node) -> str:
        """What it is taken for where nothing is said of its type."""
        plain = not getattr(node, "style", None)
        return str(self.loader.resolve(type(node), node.value, (plain, not plain)))  # type: ignore[no-untyped-call]

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        if unseen := _UNSEEN.search(node.value):
            # Written with a “\”, or the mark that some editors put at the front of a file.
            raise _unseen(line, unseen[0])
        try:
            return self.loader.construct_object(node)
        except yaml.constructor.ConstructorError as fault:
            raise Unreadable(line, "this sign has a meaning of its own", "Put it in quotation marks") from fault
        except ValueError as fault:
            # Anything that looks like a date is taken for one, 2026-02-31 too.
            raise Unreadable(line, f"this cannot be read: {fault}", "Put it in quotation marks") from fault

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, part in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key, str):
                raise Unreadable(line, "a key must be a single word", "Write a key such as “title:”")
            if unseen := _UNSEEN.search(key):
                raise _unseen(line, unseen[0])
            if key in found:
                # YAML would keep the second and drop the first without a word.
                raise Unreadable(line, f"“{key}” is here a second time", "Keep one of the two")
            self.lines[(*path, key)] = line
            found[key] = self.value(part, (*path, key))
        return found
