"""Reads the folder of programmes once, at start. Either all of it is sound or nobody is given any of it."""

import re
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from services.interventions.catalogue.checks import check_modules, check_outline
from services.interventions.catalogue.faults import CatalogueFault, Fault, faults_of
from services.interventions.catalogue.marked import Marked, Unreadable, read_marked
from services.interventions.catalogue.models import Catalogue, Module, Outline, Part, Programme

_M = TypeVar("_M", bound=Part)
_VERSION_FOLDER = re.compile(r"v([1-9][0-9]*)")


def load_catalogue(folder: Path) -> Catalogue:
    """Every programme under `folder`, as `<programme>/v<version>/`. Raises `CatalogueFault` with all that is wrong."""
    return _Loading(folder).catalogue()


class _Loading:
    """One run over the folder. Faults are gathered, not raised, so that an editor sees all of them at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def catalogue(self) -> Catalogue:
        programmes = [one for home in self._folders(self.folder) for one in self._programme(home)]
        if not programmes and not self.faults:
            self._fault(self.folder, "there is no programme in this folder", "Add one as <programme>/v1/programme.yaml")
        if self.faults:
            raise CatalogueFault(self.faults)
        return Catalogue(programmes=tuple(sorted(programmes, key=lambda one: (one.id, one.version))))

    def _folders(self, parent: Path) -> list[Path]:
        if not parent.is_dir():
            self._fault(parent, "there is no such folder", "Correct the path or put the folder back")
            return []
        # Names with "_" or "." at the front belong to Python and to editors.
        return sorted(one for one in parent.iterdir() if one.is_dir() and one.name[0] not in "_.")

    def _programme(self, home: Path) -> list[Programme]:
        versions = self._folders(home)
        if not versions:
            self._fault(home, "the programme has no version", "Put its files into a folder v1")
        found: list[Programme] = []
        for folder in versions:
            if match := _VERSION_FOLDER.fullmatch(folder.name):
                found += self._version(folder, int(match[1]))
            else:
                self._fault(folder, "this is not the folder of a version", "Name it v1, v2 and so on, or take it away")
        return found

    def _version(self, folder: Path, number: int) -> list[Programme]:
        before = len(self.faults)
        head = folder / "programme.yaml"
        outline: tuple[Outline, Marked] | None = None
        if head.is_file():
            outline = self._read(head, Outline)
        else:
            self._fault(head, "the file is missing", "Copy it from another version and adapt it")
        modules = [(file, *found) for file in self._module_files(folder) if (found := self._read(file, Module))]
        if outline is None:
            return []
        sound = len(self.faults) == before
        self.faults += check_outline(*outline, self._name(head), folder.parent.name, number)
        if not sound:
            # A module that could not be read would be reported a second time, as missing.
            return []
        named = [(self._name(file), module, marked) for file, module, marked in modules]
        self.faults += check_modules(*outline, self._name(head), named)
        if len(self.faults) > before:
            return []
        by_id = {module.id: module for _, module, _ in modules}
        ordered = tuple(by_id[place.id] for place in outline[0].order)
        return [Programme(**dict(outline[0]), modules=ordered)]

    def _module_files(self, folder: Path) -> list[Path]:
        files = sorted(one for one in folder.iterdir() if one.is_file() and one.name[0] != ".")
        for file in files:
            if file.suffix != ".yaml":
                self._fault(file, "this file would not be read", "End its name in .yaml, or take it away")
        return [file for file in files if file.suffix == ".yaml" and file.name != "programme.yaml"]

    def _read(self, file: Path, model: type[_M]) -> tuple[_M, Marked] | None:
        try:
            marked = read_marked(file.read_text(encoding="utf-8"))
        except Unreadable as fault:
            self._fault(file, fault.problem, fault.remedy, fault.line)
            return None
        except UnicodeDecodeError:
            self._fault(file, "the file is not saved as UTF-8", "Save it again with the encoding UTF-8")
            return None
        try:
            return model.model_validate(marked.data), marked
        except ValidationError as error:
            self.faults += faults_of(error, self._name(file), marked)
            return None

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.folder)) if path != self.folder else str(path)

    def _fault(self, path: Path, problem: str, remedy: str, line: int | None = None) -> None:
        self.faults.append(Fault(self._name(path), line, "", problem, remedy))
