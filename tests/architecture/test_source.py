"""Rules about the text of the program itself. Each finding is given as file and line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PRODUCT, at, dotted, nodes, project_files, python, text, tree

PURE = ("services/*/domain", "shared/contracts", "shared/clinical")
IMPURE_MODULES = {"os", "time", "random", "secrets", "uuid", "socket", "subprocess", "asyncio", "threading", "logging"}
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "getenv", "read_text", "write_text", "read_bytes"}
IMPURE_NAMES = {"open", "print", "input"}

MAY_WAIT = {
    Path("tests/parts/wait.py"): "polls for a condition, with a deadline",
    Path("tests/parts/mail.py"): "plays a mail server that is slow to answer",
    Path("tests/live/test_kill.py"): "plays an operator who looks now and then whether all processes run",
    Path("tests/bench/plain.py"): "polls its outbox, as such programs do; it is what the product is compared with",
    Path("tests/simulation/loop.py"): "lets virtual time pass, in which nobody waits",
}
"""Files that may sleep, each with the reason. No test waits by them for something to have happened."""

LONGEST_FILE, LONGEST_FUNCTION, LONGEST_MAIN = 300, 40, 40

# Put together here, so that this file does not find itself.
PRIVATE = ("/work" + "/", "../" + "shared")
HOSTS = tuple(f"{one}.{two}" for one, two in (("pypi", "org"), ("registry", "npmjs"), ("repo", "maven")))
HOSTS += tuple(f"{one}.{two}" for one, two in (("crates", "io"), ("proxy", "golang"), ("files", "pythonhosted")))
INDEX = re.compile("(?<!no-emit-)index" + "-url")


def test_the_domain_has_no_clock_no_chance_and_no_input_or_output() -> None:
    assert [found for path in python(*PURE) for found in _impure(path)] == []


def test_no_test_waits_for_a_length_of_time() -> None:
    found = [
        f"{at(path, node)} sleeps; wait for a condition with tests/parts/wait.py"
        for path in python("tests")
        if path not in MAY_WAIT
        for node in nodes(path)
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "sleep" and not _only_yields(node)
    ]
    assert found == []


def test_no_test_is_always_skipped() -> None:
    assert [found for path in python("tests") for found in _skips(path)] == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {path: len(text(path).splitlines()) for path in python(*PRODUCT)}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    found = {
        f"{at(path, node)} {node.name}": length
        for path in python(*PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert found == {}


def test_wiring_stays_in_one_view() -> None:
    mains = {path: len(text(path).splitlines()) for path in python("services") if path.name == "main.py"}
    assert {str(path): lines for path, lines in mains.items() if lines > LONGEST_MAIN} == {}


def test_no_function_is_called_only_by_an_underscore() -> None:
    found = [
        at(path, node)
        for path in python(*PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "_"
    ]
    assert found == []


def test_no_file_speaks_of_the_machine_that_it_was_written_on() -> None:
    assert [found for path in project_files() for found in _mentions(path, PRIVATE)] == []


def test_no_file_names_a_package_registry_or_an_index() -> None:
    found = [found for path in project_files() for found in _mentions(path, HOSTS)]
    found += [
        f"{path}:{number} names an index"
        for path in project_files()
        for number, line in enumerate(text(path).splitlines(), 1)
        if INDEX.search(line)
    ]
    assert found == []


def test_there_is_a_changelog() -> None:
    assert Path("CHANGELOG.md") in project_files()


def _impure(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            modules = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            modules = []
        for module in modules:
            if module.split(".")[0] in IMPURE_MODULES:
                yield f"{path} imports {module}"
        if isinstance(node, ast.Call) and _is_impure(node.func):
            yield f"{at(path, node)} calls {dotted(node.func)}"


def _is_impure(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in IMPURE_CALLS
    return isinstance(function, ast.Name) and function.id in IMPURE_NAMES | IMPURE_CALLS


def _only_yields(call: ast.Call) -> bool:
    """`asyncio.sleep(0)` lets other tasks run and waits for nothing."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


def _skips(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and dotted(node) in ("pytest.mark.skip", "unittest.skip"):
            yield f"{at(path, node)} skips always"
    tests = [node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for body in (tree(path).body, *(test.body for test in tests if test.name.startswith("test_"))):
        for line in body:
            called = dotted(line.value.func) if isinstance(line, ast.Expr) and isinstance(line.value, ast.Call) else ""
            if called in ("pytest.skip", "pytest.xfail"):
                yield f"{at(path, line)} skips always"


def _mentions(path: Path, words: tuple[str, ...]) -> Iterator[str]:
    for number, line in enumerate(text(path).splitlines(), 1):
        for word in words:
            if word in line:
                yield f"{path}:{number} mentions {word}"
