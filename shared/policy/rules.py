"""How the table of `table.py` decides: what is not said is denied, and a denial that is said beats every permission."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.policy.standings import STANDINGS


@dataclass(frozen=True)
class Right:
    """One thing that somebody may see or do. `may` and `never` are names of standings.

    `never` beats `may`: whoever stands in one of those is refused, whatever else they are.
    """

    what: str
    may: frozenset[str]
    never: frozenset[str] = frozenset()

    def lets(self, stands: Iterable[str]) -> bool:
        """Whether it is for somebody who stands so. Nobody, unless it is said."""
        found = frozenset(stands)
        return not found & self.never and bool(found & self.may)


Table = Mapping[str, Right]
"""Rights by name, `<service>.<thing>.<verb>`."""


def right(what: str, may: str, never: str = "") -> Right:
    """Raises `ValueError` for a standing that there is not: a slip of the pen must not open or close anything."""
    one = Right(what, frozenset(may.split()), frozenset(never.split()))
    if unknown := (one.may | one.never) - STANDINGS.keys():
        raise ValueError(f"{what}: no such standing: {', '.join(sorted(unknown))}")
    return one
