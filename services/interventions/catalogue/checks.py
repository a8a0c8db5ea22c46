"""Rules that hold between files: a single file can be sound and the programme still not."""

from collections import Counter
from collections.abc import Iterator

from services.interventions.catalogue.module import Module
from services.interventions.catalogue.programme import Outline
from shared.runtime.faults import Fault, in_words
from shared.runtime.marked import Marked, Path

NamedModule = tuple[str, Module, Marked]


def at(file: str, marked: Marked, path: Path, problem: str, remedy: str) -> Fault:
    return Fault(file, marked.line(path), in_words(path), problem, remedy)


def check_outline(outline: Outline, marked: Marked, file: str, home: str, number: int) -> list[Fault]:
    """The file agrees with the folders it lies in, and with itself."""
    faults = []
    if outline.id != home:
        faults.append(at(file, marked, ("id",), f"the id is {outline.id}, but the folder is {home}", f"Write {home}"))
    if outline.version != number:
        problem = f"the version is {outline.version}, but the folder is v{number}"
        faults.append(at(file, marked, ("version",), problem, f"Write {number}"))
    ids = [place.id for place in outline.order]
    for index, module_id in enumerate(ids):
        if module_id in ids[:index]:
            problem = f"{module_id} is in the order twice"
            faults.append(at(file, marked, ("order", index, "id"), problem, "Take one of the two out"))
        for wanted in outline.order[index].after or ():
            if wanted not in ids[:index]:
                problem = f"“after” names {wanted}, which does not come before {module_id}"
                faults.append(at(file, marked, ("order", index, "after"), problem, "Name modules that come before it"))
    if outline.measures.middle_after not in ids:
        problem = f"“middle_after” names {outline.measures.middle_after}, which is not in the order"
        faults.append(at(file, marked, ("measures", "middle_after"), problem, "Write an id from the order"))
    return faults + _check_review(outline, marked, file, ids)


def _check_review(outline: Outline, marked: Marked, file: str, ids: list[str]) -> list[Fault]:
    """The early review has a module of its own, and something to look at."""
    asked, after = outline.measures.review, outline.measures.review_after
    if after is None:
        if not asked:
            return []
        problem = "“review” says what is asked, but nothing says when"
        return [at(file, marked, ("measures", "review"), problem, "Add “review_after” with an id from the order")]
    here: Path = ("measures", "review_after")
    if not asked:
        problem = "“review_after” says when the step is looked at, but nothing is asked then"
        return [at(file, marked, here, problem, "Add “review” with the questionnaires")]
    if after not in ids[:-1] or after == outline.measures.middle_after:
        problem = f"“review_after” names {after}, which is not in the order, is its last, or has the middle questions"
        return [at(file, marked, here, problem, "Write the id of another module from the order")]
    return []


def check_between(modules: list[tuple[str, NamedModule]]) -> list[Fault]:
    """Somebody may go through several programmes in one treatment: what is filed under an id has it alone.

    `modules` come with the programme that they belong to.
    """
    first: dict[tuple[str, str], tuple[str, str]] = {}
    faults = []
    for programme_id, (name, module, marked) in modules:
        here: Path = ("id",)
        for kind, one, path in [("module", module.id, here), *_named_parts(module)]:
            home, known = first.setdefault((kind, one), (programme_id, name))
            if home != programme_id:
                problem = f"the {kind} id {one} is already used in {known}"
                faults.append(at(name, marked, path, problem, f"Give this {kind} an id that no other programme has"))
    return faults


def check_modules(outline: Outline, marked: Marked, file: str, modules: list[NamedModule]) -> list[Fault]:
    """The order and the module files name each other, each once."""
    faults = _repeated_ids(modules) + _repeated_parts(modules) + _empty_sessions(modules)
    places = {place.id: number for number, place in enumerate(outline.order, start=1)}
    present = Counter(module.id for _, module, _ in modules)
    for index, place in enumerate(outline.order):
        if not present[place.id]:
            remedy = f"Add {index + 1:02}-{place.id}.yaml, or take it out of the order"
            problem = f"there is no file for the module {place.id}"
            faults.append(at(file, marked, ("order", index, "id"), problem, remedy))
    for name, module, module_marked in modules:
        number = places.get(module.id)
        if number is None:
            problem = f"the module {module.id} is not in the order"
            faults.append(at(name, module_marked, ("id",), problem, "Add it to the order, or take the file away"))
        elif present[module.id] == 1 and not name.endswith(f"/{number:02}-{module.id}.yaml"):
            problem = f"module {number} of the order is {module.id}, and the file's name does not say so"
            rename = f"Rename the file to {number:02}-{module.id}.yaml"
            faults.append(at(name, module_marked, ("id",), problem, rename))
    return faults


def _repeated_ids(modules: list[NamedModule]) -> list[Fault]:
    first: dict[str, str] = {}
    faults = []
    for name, module, marked in modules:
        if module.id in first:
            problem = f"the module id {module.id} is already used in {first[module.id]}"
            faults.append(at(name, marked, ("id",), problem, "Give this module an id of its own"))
        first.setdefault(module.id, name)
    return faults


def _repeated_parts(modules: list[NamedModule]) -> list[Fault]:
    """What people do and log is filed under the id of the activity or practice, so two of them may not share one."""
    first: dict[tuple[str, str], str] = {}
    faults = []
    for name, module, marked in modules:
        for kind, one, path in _named_parts(module):
            if (kind, one) in first:
                problem = f"the {kind} id {one} is already used in {first[kind, one]}"
                faults.append(at(name, marked, path, problem, f"Give this {kind} an id of its own"))
            first.setdefault((kind, one), name)
    return faults


def _named_parts(module: Module) -> Iterator[tuple[str, str, Path]]:
    for index, practice in enumerate(module.practices):
        yield "practice", practice.id, ("practices", index, "id")
    for place, session in enumerate(module.sessions):
        for index, activity in enumerate(session.activities):
            yield "activity", activity.id, ("sessions", place, "activities", index, "id")


def _empty_sessions(modules: list[NamedModule]) -> list[Fault]:
    """Each session has something in it, no two in a module share an id, and each module has something to do."""
    faults = []
    for name, module, marked in modules:
        ids = [session.id for session in module.sessions]
        for index, session in enumerate(module.sessions):
            here: Path = ("sessions", index, "id")
            if session.id in ids[:index]:
                problem = f"the session id {session.id} is already used in this module"
                faults.append(at(name, marked, here, problem, "Give this session an id of its own"))
            if not session.pages and not session.activities:
                remedy = "Give it pages or activities, or take it out"
                faults.append(at(name, marked, here, f"the session {session.id} is empty", remedy))
        if not module.activities:
            remedy = "Give one of its sessions an activity"
            faults.append(at(name, marked, ("sessions",), "there is nothing to do in this module", remedy))
    return faults
