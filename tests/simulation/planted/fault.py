"""A fault that is planted in the program, to see whether the simulator finds it."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Planted:
    """In the file of `module`, `old` becomes `new`. `rule` is the number of the rule in docs/architecture.md that it
    breaks, or empty. `why` says what the program does then.

    `unseen` is for one that the simulator does not see, and says why; `test` is then the test that finds it, if any.
    """

    name: str
    rule: str
    module: str
    old: str
    new: str
    why: str
    unseen: str = ""
    test: str = ""

    def plant(self, source: str) -> str:
        """`source` with the fault. Raises `ValueError` unless `old` stands in it exactly once."""
        if (count := source.count(self.old)) != 1:
            raise ValueError(f"{self.name}: its text stands {count} times in {self.module}")
        return source.replace(self.old, self.new)

    def file(self) -> Path:
        """Where the module is."""
        found = find_spec(self.module)
        if found is None or found.origin is None:
            raise ValueError(f"{self.name}: there is no module {self.module}")
        return Path(found.origin)
