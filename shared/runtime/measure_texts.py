"""The questionnaire texts and tables that a clinic supplies, from the folder that its file names."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from shared.clinical import MEASURES, Measure, Wording, measure
from shared.clinical.questionnaire import Misfit, table_misfits, wording_misfits
from shared.clinical.t_scores import ConversionTable
from shared.clinical.texts import WORDINGS
from shared.contracts.clinic_measures import SuppliedTexts
from shared.contracts.referrals import Language
from shared.runtime.faults import Fault, faults_of, in_words
from shared.runtime.marked import Marked, Unreadable, read_marked

LANGUAGES: tuple[str, ...] = get_args(Language)
_NAME = re.compile(r"(?P<measure>.+)\.(?P<kind>[a-z-]+)\.yaml")
_TABLE = "t-scores"
_HOW = "Name it <measure>.en.yaml, <measure>.es.yaml or <measure>.t-scores.yaml, for a measure under “permissions”"

_M = TypeVar("_M", bound=BaseModel)


class TextsFault(Exception):
    """The files cannot be used. `faults` says of each mistake where it is and what to do."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


def read_folder(folder: Path, measures: Sequence[str]) -> dict[str, SuppliedTexts]:
    """What `folder` holds for these measures: `<measure>.<language>.yaml`, and `<measure>.t-scores.yaml`.

    Raises `UnknownMeasure`, and `TextsFault` with all that is wrong: a file that nothing would read is a fault too.
    """
    if not folder.is_dir():
        raise TextsFault([Fault(str(folder), None, "", "there is no such folder", "Correct the path, or make it")])
    reading = _Reading(folder)
    forms = [measure(name) for name in measures]
    found = {form.id: reading.of(form) for form in forms}
    reading.left_over(forms)
    if reading.faults:
        raise TextsFault(reading.faults)
    return found


def put_texts(clinic: Path, measures: Any) -> list[str]:
    """Puts what the folders hold where the clinic's file, at `clinic`, names them: under each of its permissions.

    Answers the faults, each with file, place and remedy. What is no permission at all is left, to be refused.
    """
    permissions = measures.get("permissions") if isinstance(measures, dict) else None
    held = permissions if isinstance(permissions, dict) else {}
    named: dict[str, list[str]] = {}
    faults: list[str] = []
    for name, permission in held.items():
        if not isinstance(permission, dict):
            continue
        folder = permission.get("texts")
        if name not in MEASURES:
            remedy = f"write one of {', '.join(MEASURES)}"
            faults.append(f"{clinic}, key measures.permissions.{name}: is no measure; {remedy}")
        elif isinstance(folder, str):
            named.setdefault(folder, []).append(name)
        else:
            remedy = "write the path of the folder of its texts, counted from this file, such as measures"
            faults.append(f"{clinic}, key measures.permissions.{name}.texts: is no path; {remedy}")
    for folder, names in named.items():
        try:
            for name, texts in read_folder(clinic.parent / folder, names).items():
                held[name]["texts"] = texts
        except TextsFault as fault:
            faults += map(str, fault.faults)
    return faults


class _Reading:
    """One run over the folder. Faults are gathered, not raised, so that an editor sees all of them at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def of(self, form: Measure) -> SuppliedTexts:
        files = {language: self.folder / f"{form.id}.{language}.yaml" for language in LANGUAGES}
        present = [(language, file) for language, file in files.items() if file.is_file()]
        table = self.folder / f"{form.id}.{_TABLE}.yaml"
        if not files["en"].is_file() and form.id not in WORDINGS["en"]:
            remedy = "Add it: it is what people read whose language has no text"
            self.faults.append(Fault(str(files["en"]), None, "", f"{form.id} has no English text", remedy))
        texts = [self._wording(form, language, file) for language, file in present]
        return SuppliedTexts(
            wordings=tuple(text for text in texts if text),
            conversion=self._table(form, table) if table.is_file() else None,
        )

    def left_over(self, forms: Sequence[Measure]) -> None:
        """A file that is named wrongly would be passed over in silence."""
        ids = {form.id for form in forms}
        for file in sorted(self.folder.iterdir()):
            if file.suffix not in (".yaml", ".yml") or file.name.startswith("."):
                continue
            match = _NAME.fullmatch(file.name)
            if not match or match["measure"] not in ids or match["kind"] not in (*LANGUAGES, _TABLE):
                self.faults.append(Fault(str(file), None, "", "this file would not be read", _HOW))

    def _wording(self, form: Measure, language: str, file: Path) -> Wording | None:
        read = self._read(file, Wording)
        if read is None:
            return None
        text, marked = read
        self._check(file, marked, [*_named(form, text.measure, language, text.language), *wording_misfits(form, text)])
        return text

    def _table(self, form: Measure, file: Path) -> ConversionTable | None:
        read = self._read(file, ConversionTable)
        if read is None:
            return None
        table, marked = read
        if not form.t_scored:
            misfits = [Misfit((), f"{form.id} is not published as a T-score", "Take the file away")]
        else:
            misfits = [*_named(form, table.measure), *table_misfits(form, table.t_scores)]
        self._check(file, marked, misfits)
        return table

    def _check(self, file: Path, marked: Marked, misfits: Iterable[Misfit]) -> None:
        for path, problem, remedy in misfits:
            self.faults.append(Fault(str(file), marked.line(path), in_words(path), problem, remedy))

    def _read(self, file: Path, model: type[_M]) -> tuple[_M, Marked] | None:
        try:
            marked = read_marked(file.read_text(encoding="utf-8"))
            return model.model_validate(marked.data), marked
        except Unreadable as fault:
            self.faults.append(Fault(str(file), fault.line, "", fault.problem, fault.remedy))
        except UnicodeDecodeError:
            remedy = "Save it again with the encoding UTF-8"
            self.faults.append(Fault(str(file), None, "", "the file is not saved as UTF-8", remedy))
        except OSError as fault:
            problem = f"the file cannot be read ({fault.strerror})"
            self.faults.append(Fault(str(file), None, "", problem, "Let the services read it"))
        except ValidationError as error:
            self.faults += faults_of(error, str(file), marked)
        return None


def _named(form: Measure, name: str, language: str = "", found: str = "") -> list[Misfit]:
    """The file agrees with its own name."""
    misfits = []
    if name != form.id:
        misfits.append(Misfit(("measure",), f"the measure is {name}, but the file is of {form.id}", f"Write {form.id}"))
    if found != language:
        problem = f"the language is {found}, but the file's name says {language}"
        misfits.append(Misfit(("language",), problem, f"Write {language}"))
    return misfits
