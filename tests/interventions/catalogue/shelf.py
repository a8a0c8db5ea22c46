"""The catalogue as it ships, every text in it, and a copy of it to break."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

import services.interventions.catalogue as package
from services.interventions.catalogue import CatalogueFault, Fault, Text, load_catalogue

FOLDER = Path(package.__file__).parent
CATALOGUE = load_catalogue(FOLDER)
CBT = CATALOGUE.programme("cbt-pain", 1)


def texts(part: object, place: str = "") -> Iterator[tuple[str, Text]]:
    """Every `Text` inside a part of the catalogue, with the place where it stands."""
    if isinstance(part, Text):
        yield place, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts(getattr(part, name), f"{place}.{name}" if place else name)
    elif isinstance(part, tuple):
        for index, one in enumerate(part, start=1):
            yield from texts(one, f"{place}.{getattr(one, 'id', index)}")


class Shelf:
    """A copy of the shipped catalogue that a test may edit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.v1 = folder / "programmes" / "cbt-pain" / "v1"
        shutil.copytree(FOLDER / "programmes" / "cbt-pain", folder / "programmes" / "cbt-pain")
        shutil.copytree(FOLDER / "worksheets", folder / "worksheets")

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file. A test that changes nothing would prove nothing."""
        path = self.v1 / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def line(self, file: str, words: str) -> int:
        """The number of the first line that contains `words`."""
        lines = (self.v1 / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if words in line)

    def faults(self) -> tuple[Fault, ...]:
        """What the loader says about it."""
        try:
            load_catalogue(self.folder)
        except CatalogueFault as fault:
            return fault.faults
        return ()

    def fault(self) -> Fault:
        """The one thing that is wrong."""
        (only,) = self.faults()
        return only
