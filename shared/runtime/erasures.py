"""Who was erased, and who may not be: ids and codes only, kept apart from the vault.

A vault that is restored from an older backup has the keys of those who were erased since then. Before it serves
anybody, this list destroys them anew.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

Deed = Literal["erased", "held", "released"]
"""A hold keeps somebody from being erased, until it is released."""
IN_FOLDER = Path("erasures") / "list.jsonl"
"""Where the embedded system keeps it, in its folder."""


class ErasureListFault(Exception):
    """The list of erasures cannot be used. The message says what to do."""


class Held(Exception):
    """A hold stands: this person may not be erased now."""


class ErasureList:
    """A file to which lines are only added. `reason` is a code, `by` the id of the operator."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, person: str, at: datetime, deed: Deed = "erased", *, reason: str = "asked", by: str = "") -> None:
        """Keep it, and return once it is on the disk. Raises `Held`, `ErasureListFault`, `OSError`."""
        if deed == "erased" and person in self.held():
            raise Held(person)
        line = json.dumps({"person": person, "at": at.isoformat(), "deed": deed, "reason": reason, "by": by}) + "\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A line that a failing machine left unfinished must not swallow this one.
            size = os.fstat(descriptor).st_size
            unfinished = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, (("\n" if unfinished else "") + line).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def people(self) -> tuple[str, ...]:
        """Everybody who was erased, each once. Raises `ErasureListFault`: nobody is served from a list in doubt."""
        return tuple(person for person, deeds in self._deeds().items() if "erased" in deeds)

    def held(self) -> tuple[str, ...]:
        """Everybody for whom a hold stands. Raises `ErasureListFault`."""
        last = {person: [one for one in deeds if one != "erased"][-1:] for person, deeds in self._deeds().items()}
        return tuple(person for person, deeds in last.items() if deeds == ["held"])

    def _deeds(self) -> dict[str, list[Deed]]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeError) as fault:
            why = type(fault).__name__
            raise ErasureListFault(f"{self._path} cannot be read ({why}); mend its path or rights") from fault
        found: dict[str, list[Deed]] = {}
        for number, line in enumerate(lines, start=1):
            # One that does not end was never answered to anybody, and no key was destroyed for it.
            if line.endswith("}"):
                person, deed = self._understood(number, line)
                found.setdefault(person, []).append(deed)
        return found

    def _understood(self, number: int, line: str) -> tuple[str, Deed]:
        try:
            said = json.loads(line)
            person, deed = said["person"], next(one for one in get_args(Deed) if one == said["deed"])
        except (ValueError, KeyError, TypeError, StopIteration) as fault:
            raise ErasureListFault(
                f"{self._path}, line {number} is no line of it; put back a copy of the file, its lines never change"
            ) from fault
        return str(person), deed
