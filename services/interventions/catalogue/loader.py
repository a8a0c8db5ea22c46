"""Reads the folder of programmes once, at start. Either all of it is sound or nobody is given any of it."""

import io
import re
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from services.interventions.catalogue.agenda import Agenda, HouseRules, check_agenda, check_rules
from services.interventions.catalogue.carer_course import CarerCourse, check_carer_course
from services.interventions.catalogue.check_worksheets import check_uses, check_worksheet
from services.interventions.catalogue.checks import NamedModule, check_between, check_modules, check_outline
from services.interventions.catalogue.faults import CatalogueFault
from services.interventions.catalogue.module import Module
from services.interventions.catalogue.programme import Catalogue, Outline, Programme
from services.interventions.catalogue.text import Part
from services.interventions.catalogue.worksheet import Worksheet
from shared.runtime.faults import Fault, faults_of
from shared.runtime.marked import Marked, Unreadable, read_marked

_M = TypeVar("_M", bound=Part)
_VERSION = re.compile(r"v([1-9][0-9]*)")
LARGEST_FILE = 300_000
"""In bytes, ten times the longest module that ships. A technical limit: the service would take minutes to start."""


def load_catalogue(folder: Path) -> Catalogue:
    """Every `programmes/<id>/v<version>/` and `worksheets/<id>/v<version>.yaml` under `folder`.

    Raises `CatalogueFault` with all that is wrong.
    """
    return _Loading(folder).catalogue()


class _Loading:
    """One run over the folder. Faults are gathered, not raised, so that an editor sees all of them at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.worksheets: list[Worksheet] = []
        self.modules: list[tuple[str, NamedModule]] = []
        self.sheets_sound = True

    def catalogue(self) -> Catalogue:
        if (self.folder / "worksheets").is_dir():
            self.worksheets = [one for home in self._folders(self.folder / "worksheets") for one in self._kept(home)]
        self.sheets_sound = not self.faults
        home = self.folder / "programmes"
        programmes = [one for folder in self._folders(home) for one in self._programme(folder)]
        if not programmes and not self.faults:
            self._fault(home, "there is no programme in this folder", "Add one as <programme>/v1/programme.yaml")
        agendas, carer_courses = self._agendas(), self._carer_courses()
        circle_rules, group_rules = self._rules("circle-rules"), self._rules("group-rules")
        self.faults += check_between(self.modules)
        if self.faults:
            raise CatalogueFault(self.faults)
        return Catalogue(
            programmes=tuple(sorted(programmes, key=lambda one: (one.id, one.version))),
            worksheets=tuple(sorted(self.worksheets, key=lambda one: (one.id, one.version))),
            agendas=agendas,
            circle_rules=circle_rules,
            group_rules=group_rules,
            carer_courses=carer_courses,
        )

    def _agendas(self) -> tuple[Agenda, ...]:
        """Every version of what circles can follow; a catalogue may do without any."""
        home = self.folder / "agendas"
        found: list[Agenda] = []
        for file in (
            [file for folder in self._folders(home) for file in self._yaml_files(folder)] if home.is_dir() else []
        ):
            if (number := self._number(file)) and (read := self._read(file, Agenda)):
                self.faults += check_agenda(read[0], self._name(file), file.parent.name, number)
                found.append(read[0])
        return tuple(sorted(found, key=lambda one: (one.id, one.version)))

    def _rules(self, folder: str) -> tuple[HouseRules, ...]:
        home = self.folder / folder
        found: list[HouseRules] = []
        for file in self._yaml_files(home) if home.is_dir() else []:
            if (number := self._number(file)) and (read := self._read(file, HouseRules)):
                self.faults += check_rules(read[0], self._name(file), number)
                found.append(read[0])
        return tuple(sorted(found, key=lambda one: one.version))

    def _carer_courses(self) -> tuple[CarerCourse, ...]:
        home = self.folder / "caregiver"
        found: list[CarerCourse] = []
        for file in self._yaml_files(home) if home.is_dir() else []:
            if (number := self._number(file)) and (read := self._read(file, CarerCourse)):
                self.faults += check_carer_course(read[0], self._name(file), number)
                found.append(read[0])
        return tuple(sorted(found, key=lambda one: one.version))

    def _number(self, file: Path) -> int | None:
        match = _VERSION.fullmatch(file.stem)
        if match is None:
            self._fault(file, "this is not a version", "Name it v1.yaml, v2.yaml and so on")
        return int(match[1]) if match else None

    def _kept(self, home: Path) -> list[Worksheet]:
        """Every version of one worksheet."""
        found = []
        files = self._yaml_files(home)
        if not files:
            self._fault(home, "the worksheet has no version", "Put a file v1.yaml into the folder, or take it away")
        for file in files:
            match = _VERSION.fullmatch(file.stem)
            if match is None:
                self._fault(file, "this is not a version of a worksheet", "Name it v1.yaml, v2.yaml and so on")
            elif read := self._read(file, Worksheet):
                self.faults += check_worksheet(*read, self._name(file), home.name, int(match[1]))
                found.append(read[0])
        return found

    def _folders(self, parent: Path) -> list[Path]:
        if not parent.is_dir():
            self._fault(parent, "there is no such folder", "Correct the path or put the folder back")
            return []
        # Names with "_" or "." at the front belong to Python and to editors.
        ours = sorted(one for one in parent.iterdir() if one.name[0] not in "_.")
        for one in ours:
            if not one.is_dir():
                self._fault(one, "this file would not be read", "Put it into the folder that it belongs to")
        return [one for one in ours if one.is_dir()]

    def _programme(self, home: Path) -> list[Programme]:
        versions = self._folders(home)
        if not versions:
            self._fault(home, "the programme has no version", "Put its files into a folder v1")
        found: list[Programme] = []
        for folder in versions:
            if match := _VERSION.fullmatch(folder.name):
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
        files = [file for file in self._yaml_files(folder) if file != head]
        modules = [(file, *found) for file in files if (found := self._read(file, Module))]
        if outline is None:
            return []
        sound = len(self.faults) == before
        self.faults += check_outline(*outline, self._name(head), folder.parent.name, number)
        if not sound:
            # A module that could not be read would be reported a second time, as missing.
            return []
        named = [(self._name(file), module, marked) for file, module, marked in modules]
        self.modules += [(outline[0].id, one) for one in named]
        self.faults += check_modules(*outline, self._name(head), named)
        if self.sheets_sound:
            # One that could not be read would be reported a second time, as missing.
            self.faults += check_uses(self.worksheets, named)
        if len(self.faults) > before:
            return []
        by_id = {module.id: module for _, module, _ in modules}
        ordered = tuple(by_id[place.id] for place in outline[0].order)
        return [Programme(**dict(outline[0]), modules=ordered, measure_lines=_measure_lines(*outline))]

    def _yaml_files(self, folder: Path) -> list[Path]:
        files = sorted(one for one in folder.iterdir() if one.is_file() and one.name[0] != ".")
        for file in files:
            if file.suffix != ".yaml":
                self._fault(file, "this file would not be read", "End its name in .yaml, or take it away")
        return [file for file in files if file.suffix == ".yaml"]

    def _read(self, file: Path, model: type[_M]) -> tuple[_M, Marked] | None:
        text = self._text(file)
        if text is None:
            return None
        try:
            marked = read_marked(text)
        except Unreadable as fault:
            self._fault(file, fault.problem, fault.remedy, fault.line)
            return None
        try:
            return model.model_validate(marked.data), marked
        except ValidationError as error:
            self.faults += faults_of(error, self._name(file), marked)
            return None

    def _text(self, file: Path) -> str | None:
        try:
            raw = file.read_bytes()
        except OSError as fault:
            problem = f"the file cannot be opened: {fault.strerror}"
            self._fault(file, problem, "Let the service read it, or put it back")
            return None
        if len(raw) > LARGEST_FILE:
            remedy = "Take out what does not belong here, or make more modules of it"
            self._fault(file, f"the file has more than {LARGEST_FILE:,} bytes", remedy)
            return None
        try:
            # Line ends are those of whatever system the file was written on.
            return io.StringIO(raw.decode(), newline=None).read()
        except UnicodeDecodeError as fault:
            line = raw.count(b"\n", 0, fault.start) + 1
            self._fault(file, "the file is not saved as UTF-8", "Save it again with the encoding UTF-8", line)
            return None

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self.folder)) if path != self.folder else str(path)

    def _fault(self, path: Path, problem: str, remedy: str, line: int | None = None) -> None:
        self.faults.append(Fault(self._name(path), line, "", problem, remedy))


def _measure_lines(outline: Outline, marked: Marked) -> dict[str, int]:
    """The line of `programme.yaml` on which each questionnaire is asked for first."""
    found: dict[str, int] = {}
    for key, asked in outline.measures:
        for index, name in enumerate(asked if isinstance(asked, tuple) else ()):
            found.setdefault(str(name), marked.line(("measures", key, index)))
    return found
