"""Runs seeds with one planted fault until a rule is broken: `python -m tests.simulation.planted.apply NAME 1 60`.
Or a test: `python -m tests.simulation.planted.apply NAME tests/runtime/test_holding.py`.

The fault is put in while its module is imported, so nothing on the disk changes and every import sees the same program.
"""

import json
import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType

from tests.simulation.planted.every import EVERY
from tests.simulation.planted.fault import Planted


class _Planting(SourceFileLoader):
    def __init__(self, fault: Planted, path: str) -> None:
        super().__init__(fault.module, path)
        self._fault = fault

    def get_code(self, fullname: str) -> CodeType:
        # Not by way of the cache of compiled modules: it has the file as it is.
        source = self._fault.plant(self.get_data(self.path).decode())
        return compile(source, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, fault: Planted) -> None:
        self._fault = fault

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname != self._fault.module:
            return None
        spec = PathFinder.find_spec(fullname, path)  # type: ignore[arg-type]
        if spec is not None and spec.origin is not None:
            spec.loader = _Planting(self._fault, spec.origin)
        return spec


def apply(fault: Planted) -> None:
    """From now on `fault.module` is imported with the fault in it. Raises `ValueError` if it is imported already."""
    if fault.module in sys.modules:
        raise ValueError(f"{fault.module} is already imported; apply {fault.name} before it is")
    sys.meta_path.insert(0, _Finder(fault))


def main() -> int:
    """Run seeds, or the tests that are named."""
    name, *what = sys.argv[1:]
    apply(EVERY[name])
    if not what[0].isdigit():
        import pytest

        return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *what]))
    return _run(int(what[0]), int(what[1]), float(what[2]) if len(what) > 2 else float("inf"))


def _run(first: int, last: int, seconds: float) -> int:
    """Print the first seed that breaks a rule and the rule's words, as JSON; `seed` is null if none does."""
    from tests.simulation.plan import plan
    from tests.simulation.world import run

    started = time.process_time()
    for seed in range(first, last + 1):
        try:
            words = run(plan(seed)).violation
        except Exception as fault:
            words = f"the run ended in {type(fault).__name__}: {fault}"
        if words or time.process_time() - started > seconds:
            print(json.dumps({"seed": seed if words else None, "ran": seed - first + 1, "words": words}))
            return 0
    print(json.dumps({"seed": None, "ran": last - first + 1, "words": None}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
