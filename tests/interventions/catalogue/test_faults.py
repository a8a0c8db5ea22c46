"""Whoever edits a file and slips hears which file, which line, what is wrong and what to do."""

import shutil
from pathlib import Path

import pytest

from services.interventions.catalogue import CatalogueFault, load_catalogue
from tests.interventions.catalogue.shelf import Shelf

ONE = "01-understanding-pain.yaml"
TWO = "02-short-relaxations.yaml"
HEAD = "programme.yaml"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_sound_copy_has_no_fault(shelf: Shelf) -> None:
    assert shelf.faults() == ()


def test_missing_spanish_is_named_with_file_line_place_and_remedy(shelf: Shelf) -> None:
    shelf.change(TWO, "  es: Pequeños momentos de calma\n", "")
    assert str(shelf.fault()) == (
        f"programmes/cbt-pain/v1/{TWO}, line {shelf.line(TWO, 'title:')} (title > es): "
        "“es” is missing. Add “es:” here with the Spanish words."
    )


def test_a_wrong_entry_does_not_make_its_list_too_short_as_well(shelf: Shelf) -> None:
    shelf.change(ONE, "times: 2", "times: two")
    assert shelf.fault().place == "practices > 1 > times"


CASES = [
    ("empty text", ONE, "es: Entender su dolor", "es:", "es:", "title > es", "is empty", "Spanish words"),
    ("blank text", ONE, "Entender su dolor", '" "', '" "', "title > es", "is empty", "Spanish words"),
    (
        "unknown key",
        ONE,
        "    minutes:",
        "    minuts: 3\n    minutes:",
        "minuts",
        "sessions > 1 > minuts",
        "not a known key",
        "spelling",
    ),
    (
        "yes read as true",
        TWO,
        "es: Se me olvida.",
        "es: yes",
        "es: yes",
        "obstacles > 1 > obstacle > es",
        "words",
        "quot",
    ),
    (
        "number in quotes",
        ONE,
        "minutes: 20",
        'minutes: "20"',
        "minutes",
        "sessions > 1 > minutes",
        "not '20'",
        "in digits",
    ),
    ("number in words", ONE, "times: 2", "times: two", "times:", "practices > 1 > times", "not 'two'", "in digits"),
    (
        "half a number",
        ONE,
        "minutes: 20",
        "minutes: 20.5",
        "minutes",
        "sessions > 1 > minutes",
        "not 20.5",
        "in digits",
    ),
    (
        "no dose",
        TWO,
        "times: 10",
        "times: 0",
        "times:",
        "practices > 1 > times",
        "is 0, which is too small",
        "1 or more",
    ),
    ("too long", TWO, "minutes: 15", "minutes: 300", "minutes", "sessions > 1 > minutes", "too large", "120 or less"),
    ("unknown period", ONE, "per: day", "per: month", "per: m", "practices > 1 > per", "'month'", "'day' or 'week'"),
    (
        "id with a space",
        ONE,
        "id: muscle-relaxation",
        "id: muscle work",
        "muscle w",
        "practices > 1 > id",
        "id",
        "hyphens",
    ),
    (
        "list left out",
        TWO,
        "steps:\n",
        "steps: []\n        x:\n",
        "steps",
        "sessions > 2 > activities > 1 > steps",
        "too few",
        "at least 1",
    ),
    (
        "text for keys",
        ONE,
        "    example:\n",
        "    example: A story\n    x:\n",
        "example",
        "sessions > 1 > example",
        "keys of its own",
        "same place",
    ),
    (
        "negative days",
        HEAD,
        "previous: 5}",
        "previous: -5}",
        "-5}",
        "order > 2 > min_days_after_previous",
        "is -5",
        "0 or",
    ),
    (
        "middle nowhere",
        HEAD,
        "after: good-moments",
        "after: good",
        "middle_after",
        "measures > middle_after",
        "good",
        "id",
    ),
    ("wrong version", HEAD, "version: 1", "version: 2", "version", "version", "folder is v1", "Write 1"),
    ("wrong id", HEAD, "id: cbt-pain", "id: cbt", "id: cbt", "id", "folder is cbt-pain", "Write cbt-pain"),
    ("twice in order", HEAD, "{id: fair-answers", "{id: good-moments", "", "order > 5 > id", "order twice", "out"),
    (
        "key given twice",
        ONE,
        "    minutes: 20",
        "    minutes: 20\n    minutes: 40",
        "minutes: 40",
        "",
        "second time",
        "Keep one",
    ),
    ("pointer", ONE, "id: understanding-pain", "id: &a understanding-pain\naim2: *a", "", "", "points", "in full"),
    ("not YAML", ONE, "es: Entender su dolor", "es: Ojo: su dolor", "Ojo", "", "not YAML", "quotation marks"),
    ("no such date", ONE, "id: understanding-pain", "id: 2026-02-31", "", "", "cannot be read", "quotation marks"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "on_line_with", "place", "problem", "remedy"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_a_slip_is_named_where_it_is(
    shelf: Shelf, file: str, old: str, new: str, on_line_with: str, place: str, problem: str, remedy: str
) -> None:
    shelf.change(file, old, new)
    fault = shelf.faults()[0]
    assert fault.file == f"programmes/cbt-pain/v1/{file}"
    assert fault.place == place
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.line
    if on_line_with:
        assert fault.line == shelf.line(file, on_line_with)


def test_two_modules_with_one_id_are_named_both(shelf: Shelf) -> None:
    shelf.change(TWO, "id: short-relaxations", "id: understanding-pain")
    duplicated, missing = sorted(map(str, shelf.faults()))
    assert (
        f"{TWO}, line 2 (id): the module id understanding-pain is already used in programmes/cbt-pain/v1/{ONE}"
        in duplicated
    )
    assert "there is no file for the module short-relaxations. Add 02-short-relaxations.yaml" in missing


def test_two_practices_with_one_id_are_named_both(shelf: Shelf) -> None:
    shelf.change(TWO, "id: mini-practices", "id: muscle-relaxation")
    assert f"already used in programmes/cbt-pain/v1/{ONE}" in shelf.fault().problem


def test_a_module_that_nobody_would_meet_is_named(shelf: Shelf) -> None:
    shelf.change(HEAD, "  - {id: short-relaxations, min_days_after_previous: 5}\n", "")
    problems = [fault.problem for fault in shelf.faults()]
    assert "the module short-relaxations is not in the order" in problems
    assert "module 2 of the order is activity-and-rest, and the file's name does not say so" in problems


def test_all_faults_are_told_at_once(shelf: Shelf) -> None:
    shelf.change(ONE, "minutes: 20", "minutes: soon")
    shelf.change(TWO, "minutes: 15", "minutes: -1")
    shelf.change(HEAD, "version: 1", "version: 4")
    with pytest.raises(CatalogueFault, match="3 faults in the catalogue of programmes") as told:
        load_catalogue(shelf.folder)
    assert [fault.file.rsplit("/")[-1] for fault in told.value.faults] == [ONE, TWO, HEAD]
    assert str(told.value).count("\n") == 3


def test_a_file_that_would_not_be_read_is_named(shelf: Shelf) -> None:
    (shelf.v1 / TWO).rename(shelf.v1 / "02-short-relaxations.yml")
    assert "would not be read" in shelf.faults()[0].problem


def test_an_empty_file_is_named(shelf: Shelf) -> None:
    (shelf.v1 / TWO).write_text("# only a remark\n", encoding="utf-8")
    assert shelf.fault().problem == "the file is empty"


@pytest.mark.parametrize(("content", "remedy"), [("año".encode("latin-1"), "UTF-8"), (b"id: \x07bell", "Take it out")])
def test_bytes_that_are_no_text_are_named(shelf: Shelf, content: bytes, remedy: str) -> None:
    (shelf.v1 / TWO).write_bytes(content)
    assert remedy in shelf.fault().remedy


def test_a_version_without_its_head_is_named(shelf: Shelf) -> None:
    (shelf.v1 / HEAD).unlink()
    assert (shelf.fault().file, shelf.fault().problem) == (f"programmes/cbt-pain/v1/{HEAD}", "the file is missing")


def test_a_folder_that_is_no_version_is_named(shelf: Shelf) -> None:
    shelf.v1.rename(shelf.v1.parent / "v1 copy")
    assert (shelf.fault().file, shelf.fault().remedy) == (
        "programmes/cbt-pain/v1 copy",
        "Name it v1, v2 and so on, or take it away",
    )


def test_an_empty_or_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueFault, match=r"1 fault .*\n.*programmes: there is no such folder"):
        load_catalogue(tmp_path)
    (tmp_path / "programmes").mkdir()
    with pytest.raises(CatalogueFault, match=r"1 fault .*\n.*there is no programme in this folder"):
        load_catalogue(tmp_path)
    (tmp_path / "programmes" / "act-pain").mkdir()
    with pytest.raises(CatalogueFault, match="act-pain: the programme has no version"):
        load_catalogue(tmp_path)


def test_two_versions_live_side_by_side(shelf: Shelf) -> None:
    shutil.copytree(shelf.v1, shelf.v1.parent / "v2")
    head = shelf.v1.parent / "v2" / HEAD
    head.write_text(head.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1), encoding="utf-8")
    catalogue = load_catalogue(shelf.folder)
    assert [one.version for one in catalogue.programmes] == [1, 2]
    assert catalogue.programme("cbt-pain").version == 2


RECORD = "worksheets/thought-record/v1.yaml"
SHEET_CASES = [
    ("kind: rating", "kind: choice", "fields > 4 > kind", "at least two options", "options"),
    ("kind: line", "kind: rating", "fields > 3 > kind", "what 0 and 10 mean", "low"),
    ("id: feeling", "id: thought", "fields > 3 > id", "already used", "of its own"),
    ("kind: line", "kind: picture", "fields > 3 > kind", "'picture'", "'line'"),
    ("id: thought-record", "id: thoughts", "id", "folder is thought-record", "Write thought-record"),
    ("version: 1", "version: 2", "version", "file is v1.yaml", "Write 1"),
]


@pytest.mark.parametrize(("old", "new", "place", "problem", "remedy"), SHEET_CASES)
def test_a_slip_in_a_worksheet_is_named_where_it_is(
    shelf: Shelf, old: str, new: str, place: str, problem: str, remedy: str
) -> None:
    path = shelf.folder / RECORD
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    fault = shelf.faults()[0]
    assert (fault.file, fault.place) == (RECORD, place)
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert fault.line


def test_a_worksheet_that_is_not_there_is_named(shelf: Shelf) -> None:
    shelf.change("05-fair-answers.yaml", "{id: thought-record, version: 1}", "{id: thought-record, version: 7}")
    assert shelf.fault().problem == "there is no worksheet thought-record, version 7"
    assert shelf.fault().remedy == "Add worksheets/thought-record/v7.yaml, or name another one"


def test_a_session_with_nothing_in_it_and_a_module_with_nothing_to_do_are_named(shelf: Shelf) -> None:
    path = shelf.v1 / TWO
    text = path.read_text(encoding="utf-8")
    start, end = text.index("    activities:"), text.index("\npractices:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert [fault.problem for fault in shelf.faults()] == [
        "the session try is empty",
        "there is nothing to do in this module",
    ]
