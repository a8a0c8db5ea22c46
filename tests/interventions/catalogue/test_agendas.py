"""What circles follow, and what people in one, or in a group, agree to."""

from pathlib import Path
from shutil import copytree

import pytest

from services.interventions.aggregates import aggregates_for
from services.interventions.catalogue import CatalogueFault, load_catalogue, newest_rules
from services.interventions.content import Content
from services.interventions.main import CATALOGUE
from shared.contracts.reading_level import is_easy
from tests.given import given
from tests.interventions.example import CLINIC
from tests.interventions.members import INVITED, YES

SHIPPED = load_catalogue(CATALOGUE)
[AGENDA] = SHIPPED.agendas
TOPICS = AGENDA.topics


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_meeting_begins_with_a_round_and_ends_with_a_goal_that_people_share(topic: object) -> None:
    points = topic.points  # type: ignore[attr-defined]
    first, last = points[0].text, points[-1].text
    assert (first.en.startswith("A round: "), first.es.startswith("Una ronda: ")) == (True, True)
    assert (last.en.startswith("One goal that we share"), last.es.startswith("Una meta en común")) == (True, True)
    assert 30 <= sum(point.minutes for point in points) <= 90


@pytest.mark.parametrize("language", ["en", "es"])
def test_topics_and_rules_are_easy_to_read(language: str) -> None:
    for topic in TOPICS:
        assert is_easy(" ".join(point.text.in_(language) for point in topic.points), language), topic.id
    for rules in (SHIPPED.circle_rules, SHIPPED.group_rules):
        assert is_easy(" ".join(one.in_(language) for one in newest_rules(rules).rules), language)


def copied(folder: Path) -> None:
    """The shipped catalogue, to be changed."""
    copytree(CATALOGUE, folder, dirs_exist_ok=True, ignore=lambda _, names: [one for one in names if ".py" in one])
    (folder / "README.md").unlink()


@pytest.mark.parametrize("home", ["circle-rules", "group-rules"])
def test_words_of_rules_and_their_version_stand_together(tmp_path: Path, home: str) -> None:
    copied(tmp_path)
    first = tmp_path / home / "v1.yaml"
    second = first.with_name("v2.yaml")
    text = first.read_text(encoding="utf-8")
    second.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueFault, match="Write version: 2"):
        load_catalogue(tmp_path)
    second.write_text(text.replace("version: 1", "version: 2"), encoding="utf-8")
    changed = Content(CLINIC, load_catalogue(tmp_path)).catalogue
    versions = [one.version for one in (changed.circle_rules if home == "circle-rules" else changed.group_rules)]
    assert versions == [1, 2]


def test_a_new_file_of_group_rules_is_what_people_are_asked_to_agree_to(tmp_path: Path) -> None:
    copied(tmp_path)
    first = tmp_path / "group-rules" / "v1.yaml"
    text = first.read_text(encoding="utf-8").replace("version: 1", "version: 2")
    first.with_name("v2.yaml").write_text(text, encoding="utf-8")
    content = Content(CLINIC, load_catalogue(tmp_path))
    assert content.group_rules.version == 2
    membership = next(one for one in aggregates_for(content) if one.name == "membership")
    given(membership, INVITED).when(YES).refused("group-rules-missing", version=2)


def test_an_agenda_is_found_by_its_version_and_the_newest_without_one() -> None:
    assert SHIPPED.agenda("first-circle") == SHIPPED.agenda("first-circle", 1) == AGENDA
    assert SHIPPED.agenda("first-circle", 2) is None
    assert SHIPPED.agenda("other") is None
    with pytest.raises(LookupError):
        newest_rules(())


def test_a_topic_that_is_there_twice_or_a_wrong_name_is_a_fault(tmp_path: Path) -> None:
    copied(tmp_path)
    file = tmp_path / "agendas" / "first-circle" / "v1.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("id: sleep", "id: stress"), encoding="utf-8")
    file.with_name("v2.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueFault) as fault:
        load_catalogue(tmp_path)
    assert "the topic stress is there twice" in str(fault.value)
    assert "id and version do not fit" in str(fault.value)
