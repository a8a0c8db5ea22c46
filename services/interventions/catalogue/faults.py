"""The catalogue as a whole is refused, with all that is wrong in it."""

from collections.abc import Iterable

from shared.runtime.faults import Fault


class CatalogueFault(Exception):
    """The catalogue cannot be used. It carries all faults, so that they can be mended in one go."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = (f"\n  {fault}" for fault in self.faults)
        super().__init__(f"{count} in the catalogue of programmes:{''.join(lines)}")
