"""The project's own files, read as text or as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared", "services", "deploy")


def python(*folders: str) -> list[Path]:
    """Every Python file below these folders, relative to the root; a folder may be a pattern."""
    return sorted(
        path.relative_to(ROOT)
        for folder in folders
        for place in ROOT.glob(folder)
        for path in place.rglob("*.py")
        if "__pycache__" not in path.parts
    )


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(tree(path))


def dotted(node: ast.AST) -> str:
    """`a.b.c` as it is written; the part before a call or an index is left out."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def at(path: Path, node: ast.stmt | ast.expr) -> str:
    """Where a finding is."""
    return f"{path}:{node.lineno}"


def project_files() -> list[Path]:
    """All that belongs to the project: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = {Path(name) for name in listed.stdout.split("\0") if name}
    else:  # an unpacked archive, without git
        names = {path.relative_to(ROOT) for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT))}
    return sorted(path for path in names if (ROOT / path).is_file())


def _is_made(path: Path) -> bool:
    return any(part in ("var", "__pycache__") or (part.startswith(".") and part != ".ci") for part in path.parts)
