"""Looks through all texts that patients and caregivers can meet for words that the clinic does not want there.

`make words` after somebody edited a text or the list. The list is `unwanted_words` in the clinic's file.
"""

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import yaml

from shared.contracts.referrals import Language
from shared.contracts.unwanted import UnwantedWords, hits
from shared.runtime.marked import composed
from shared.runtime.settings import SettingsFault, load_clinic

_LANGUAGES: tuple[Language, ...] = get_args(Language)
_QUOTES = ("avoid", "heard")
"""Keys of the conversation aid under which stands what must not be said, and what people say of themselves."""
_UNSEEN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->", re.DOTALL)
"""What a template does not show: comments, instructions, and the names of values."""


@dataclass(frozen=True)
class Piece:
    """A text that somebody reads: as it is meant, and as it stands in the file from `line` on."""

    text: str
    raw: str
    line: int
    language: Language | None


@dataclass(frozen=True)
class Finding:
    """An unwanted word, and where it stands."""

    path: Path
    line: int
    word: str

    def __str__(self) -> str:
        remedy = "say it in words that neither blame nor doubt, or take it off unwanted_words in the clinic's file"
        return f"{self.path}:{self.line}: “{self.word}” is unwanted here; {remedy}"


class WordsFault(Exception):
    """A file cannot be looked through, or a kind of text is not where it belongs. The message says what to do."""


def findings(words: UnwantedWords, root: Path = Path()) -> list[Finding]:
    """Every unwanted word in the texts below `root`, by file and line. Raises `WordsFault`."""
    return sorted(
        {
            Finding(path, line, word)
            for path, piece in pieces(root)
            for word, line in _unwanted(piece, words.in_(piece.language))
        },
        key=lambda one: (one.path, one.line, one.word),
    )


def pieces(root: Path) -> Iterator[tuple[Path, Piece]]:
    """Every text that people can meet, with the file that it stands in, relative to `root`."""
    for pattern, read in READERS.items():
        files = sorted(root.glob(pattern))
        if not files:
            raise WordsFault(f"there is nothing at {root / pattern}; run this from the root of Carepath")
        for file in files:
            try:
                found = list(read(file))
            except (OSError, UnicodeError, yaml.YAMLError, SyntaxError) as fault:
                raise WordsFault(f"{file} cannot be read ({fault}); mend it, then look again") from fault
            yield from ((file.relative_to(root), piece) for piece in found)


def _unwanted(piece: Piece, words: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for word in {hit.word for hit in hits(piece.text, words)}:
        # A phrase that quotes, or the indentation of a wrapped string, tear apart is given where its text begins.
        lines = [hit.line for hit in hits(piece.raw, [word])] or [1]
        yield from ((word, piece.line + line - 1) for line in lines)


def _template(file: Path) -> Iterator[Piece]:
    text = _UNSEEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), file.read_text(encoding="utf-8"))
    yield Piece(text, text, 1, _language(file.stem))


def _yaml(file: Path) -> Iterator[Piece]:
    raw = file.read_text(encoding="utf-8")
    yield from _scalars(composed(raw, yaml.SafeLoader(raw)), raw, _language(file.stem) or _language(file.parent.name))


def _aid(file: Path) -> Iterator[Piece]:
    raw = file.read_text(encoding="utf-8")
    yield from _scalars(composed(raw, yaml.SafeLoader(raw)), raw, _language(file.stem), _QUOTES)


def _scalars(
    node: yaml.Node | None, raw: str, language: Language | None, passed_over: tuple[str, ...] = ()
) -> Iterator[Piece]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value not in passed_over:
                yield from _scalars(value, raw, _language(key.value) or language, passed_over)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value, raw, language, passed_over)
    elif isinstance(node, yaml.ScalarNode):
        part = raw[node.start_mark.index : node.end_mark.index]
        yield Piece(node.value, part, node.start_mark.line + 1, language)


def _python(file: Path) -> Iterator[Piece]:
    source = file.read_text(encoding="utf-8")
    yield from _said(ast.parse(source), source.splitlines(), None)


def _measures(file: Path) -> Iterator[Piece]:
    """Only our own words: what others published is an instrument, and changing it would make another one of it."""
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    language = _language(file.stem.removeprefix("texts_"))
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        given = {word.arg: word.value for word in node.keywords}
        measure = given.get("measure")
        of = measure.value if isinstance(measure, ast.Constant) else None
        for name, value in given.items():
            is_ours = of in ("NRS", "PGIC") or (of == "PEG" and (name == "stem" or language == "es"))
            if name == "title" or (is_ours and name is not None):
                yield from _said(value, lines, language)


def _said(node: ast.AST, lines: Sequence[str], language: Language | None) -> Iterator[Piece]:
    """The strings below a node that are no docstring, no key and no type."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield Piece(node.value, "\n".join(lines[node.lineno - 1 : node.end_lineno]), node.lineno, language)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else None
            yield from _said(value, lines, _language(name) or language)
    elif isinstance(node, ast.keyword):
        yield from _said(node.value, lines, _language(node.arg) or language)
    elif isinstance(node, ast.AnnAssign):
        if node.value:
            yield from _said(node.value, lines, language)
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        for child in ast.iter_child_nodes(node):
            yield from _said(child, lines, language)


def _language(name: object) -> Language | None:
    return next((one for one in _LANGUAGES if one == name), None)


READERS: Mapping[str, Callable[[Path], Iterator[Piece]]] = {
    "services/portal/texts/*/*.yaml": _yaml,
    "services/portal/content/*/*.yaml": _aid,
    "services/portal/templates/*.html": _template,
    "services/notifications/templates/*/*.txt": _template,
    "services/interventions/catalogue/programmes/*/v*/*.yaml": _yaml,
    "services/interventions/catalogue/worksheets/*/*.yaml": _yaml,
    "services/interventions/catalogue/*-rules/*.yaml": _yaml,
    "services/*/words*.py": _python,
    "services/*/words/*.py": _python,
    "services/*/*_words.py": _python,
    "services/*/domain/codes.py": _python,
    "shared/contracts/codes.py": _python,
    "shared/clinical/texts_*.py": _measures,
}
"""Where people's texts are, and how each kind is read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clinic", type=Path, default=Path("deploy/clinic.yaml"), help="the clinic's file")
    try:
        words = load_clinic(parser.parse_args().clinic).unwanted_words
        found = findings(words)
    except (SettingsFault, WordsFault) as fault:
        sys.exit(str(fault))
    for one in found:
        print(one)
    if found:
        sys.exit(1)
    print(f"None of {len(words.en)} English and {len(words.es)} Spanish unwanted words stands in a text.")


if __name__ == "__main__":
    main()
