"""Rules for worksheets: each is sound in itself, and each that an activity names is there."""

from collections.abc import Sequence

from services.interventions.catalogue.checks import NamedModule, at
from services.interventions.catalogue.worksheet import Worksheet, WorksheetField
from shared.runtime.faults import Fault
from shared.runtime.marked import Marked, Path


def check_worksheet(sheet: Worksheet, marked: Marked, file: str, home: str, number: int) -> list[Fault]:
    """The file agrees with its folder and name, and its fields with their kinds."""
    faults = []
    if sheet.id != home:
        faults.append(at(file, marked, ("id",), f"the id is {sheet.id}, but the folder is {home}", f"Write {home}"))
    if sheet.version != number:
        problem = f"the version is {sheet.version}, but the file is v{number}.yaml"
        faults.append(at(file, marked, ("version",), problem, f"Write {number}"))
    ids = [one.id for one in sheet.fields]
    for index, one in enumerate(sheet.fields):
        here: Path = ("fields", index)
        if one.id in ids[:index]:
            problem = f"the field id {one.id} is already used in this worksheet"
            faults.append(at(file, marked, (*here, "id"), problem, "Give this field an id of its own"))
        faults += [at(file, marked, (*here, *path), problem, remedy) for path, problem, remedy in _slips(one)]
    return faults


def check_uses(sheets: Sequence[Worksheet], modules: list[NamedModule]) -> list[Fault]:
    """Every worksheet that an activity names is there."""
    there = {(sheet.id, sheet.version) for sheet in sheets}
    faults = []
    for name, module, marked in modules:
        for place, session in enumerate(module.sessions):
            for index, activity in enumerate(session.activities):
                used = activity.worksheet
                if used is None or (used.id, used.version) in there:
                    continue
                path: Path = ("sessions", place, "activities", index, "worksheet")
                remedy = f"Add worksheets/{used.id}/v{used.version}.yaml, or name another one"
                faults.append(
                    at(name, marked, path, f"there is no worksheet {used.id}, version {used.version}", remedy)
                )
    return faults


def _slips(one: WorksheetField) -> list[tuple[Path, str, str]]:
    found: list[tuple[Path, str, str]] = []
    if one.kind == "choice" and len(one.options) < 2:
        found.append((("kind",), "a choice needs at least two options", "Add “options:”, each with an id and a text"))
    if one.kind != "choice" and one.options:
        found.append((("options",), f"a {one.kind} has no options", "Take them out, or write “kind: choice”"))
    if len({option.id for option in one.options}) < len(one.options):
        found.append((("options",), "two options have the same id", "Give each an id of its own"))
    if one.kind == "rating" and (one.low is None or one.high is None):
        found.append((("kind",), "a rating must say what 0 and 10 mean", "Add “low:” and “high:”"))
    return found
