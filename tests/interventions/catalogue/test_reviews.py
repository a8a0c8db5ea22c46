"""When the step of care is looked at, and ids that one treatment keeps apart: slips are named with their remedy."""

import shutil
from pathlib import Path

import pytest

from tests.interventions.catalogue.shelf import CATALOGUE, FOLDER, Shelf

HEAD = "programme.yaml"
AFTER, REVIEW = "  review_after: activity-and-rest\n", "  review: [PEG, PHQ-9, GAD-7]\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "place", "problem", "remedy"),
    [
        (AFTER, "", "measures > review", "nothing says when", "review_after"),
        (REVIEW, "", "measures > review_after", "nothing is asked", "Add “review”"),
        (AFTER, "  review_after: nowhere\n", "measures > review_after", "nowhere", "another module"),
        (AFTER, "  review_after: keeping-it-going\n", "measures > review_after", "last", "another module"),
        (AFTER, "  review_after: good-moments\n", "measures > review_after", "middle questions", "another module"),
    ],
)
def test_a_look_at_the_step_has_a_module_and_questions(
    shelf: Shelf, old: str, new: str, place: str, problem: str, remedy: str
) -> None:
    shelf.change(HEAD, old, new)
    fault = shelf.fault()
    assert (fault.file, fault.place) == (f"programmes/cbt-pain/v1/{HEAD}", place)
    assert fault.line == shelf.line(HEAD, "  review")
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_no_two_programmes_share_an_id_under_which_something_is_filed(shelf: Shelf, tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "programmes" / "relaxation-pain", tmp_path / "programmes" / "relaxation-pain")
    assert shelf.faults() == ()
    taken = CATALOGUE.programme("relaxation-pain").modules[0].practices[0].id
    own = CATALOGUE.programme("cbt-pain").modules[0].practices[0].id
    shelf.change("01-understanding-pain.yaml", f"id: {own}", f"id: {taken}")
    fault = shelf.fault()
    assert "relaxation-pain" in fault.file
    assert (
        f"the practice id {taken} is already used in programmes/cbt-pain/v1/01-understanding-pain.yaml" in fault.problem
    )
    assert "that no other programme has" in fault.remedy


def test_two_versions_of_one_programme_may(shelf: Shelf) -> None:
    shutil.copytree(shelf.v1, shelf.v1.with_name("v2"))
    head = shelf.v1.with_name("v2") / HEAD
    head.write_text(head.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1), encoding="utf-8")
    assert shelf.faults() == ()
