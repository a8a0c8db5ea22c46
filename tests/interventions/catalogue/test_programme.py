"""The programme as published: order, doses, questionnaires, and where each figure comes from."""

import pytest
from pydantic import ValidationError

from services.interventions.catalogue import Text, served_language
from tests.interventions.catalogue.shelf import CATALOGUE, CBT

ORDER = [
    "understanding-pain",
    "short-relaxations",
    "activity-and-rest",
    "good-moments",
    "fair-answers",
    "imagery-and-attention",
    "solving-problems",
    "keeping-it-going",
]
# Module, practice, times, per. BMC Musculoskelet Disord 13:129, table 3; the last two are local settings.
DOSES = [
    ("understanding-pain", "muscle-relaxation", 2, "day"),
    ("short-relaxations", "mini-practices", 10, "day"),
    ("activity-and-rest", "activity-rest", 2, "week"),
    ("good-moments", "pleasant-activities", 3, "week"),
    ("good-moments", "noticing-thoughts", 1, "day"),
    ("fair-answers", "thought-record", 1, "day"),
    ("fair-answers", "coping-thoughts", 1, "day"),
    ("imagery-and-attention", "calm-image", 2, "day"),
    ("imagery-and-attention", "turning-attention", 3, "week"),
    ("solving-problems", "problem-solving", 1, "day"),
    ("keeping-it-going", "one-skill-a-day", 1, "day"),
    ("keeping-it-going", "weekly-look-back", 1, "week"),
]
# What people write in, module by module.
WRITTEN = {
    "understanding-pain": ["relaxation-diary"],
    "short-relaxations": ["my-cues"],
    "activity-and-rest": ["activity-rest-schedule"],
    "good-moments": ["pleasant-activity-plan", "caught-thought"],
    "fair-answers": ["thought-record", "coping-card"],
    "imagery-and-attention": ["attention-list"],
    "solving-problems": ["problem-solving", "communication-practice"],
    "keeping-it-going": ["flare-up-plan", "everyday-plan"],
}


def test_eight_modules_come_in_their_order() -> None:
    assert [module.id for module in CBT.modules] == ORDER
    assert [CBT.position(module_id) for module_id in ORDER] == list(range(1, 9))


def test_a_module_opens_five_days_after_the_one_before_and_the_first_at_once() -> None:
    assert [place.min_days_after_previous for place in CBT.order] == [0, 5, 5, 5, 5, 5, 5, 5]


def test_home_practice_has_the_published_doses() -> None:
    assert [(m.id, p.id, p.times, p.per) for m in CBT.modules for p in m.practices] == DOSES


def test_every_dose_names_its_source_or_says_that_it_is_local() -> None:
    for module in CBT.modules[:7]:
        assert all("BMC Musculoskelet Disord 13:129" in practice.dose_source for practice in module.practices)
    assert all("local setting" in practice.dose_source for practice in CBT.modules[7].practices)


def test_measures_are_asked_at_the_start_after_module_four_and_at_the_end() -> None:
    asked = ("PEG", "PHQ-9", "GAD-7")
    assert CBT.measures.by_occasion == {"start": asked, "middle": asked, "end": asked}
    assert CBT.position(CBT.measures.middle_after) == 4


def test_a_module_takes_30_to_40_minutes() -> None:
    assert all(30 <= module.minutes <= 40 for module in CBT.modules)


def test_each_module_has_what_a_session_needs() -> None:
    for module in CBT.modules:
        assert 3 <= len(module.pages) <= 5
        assert 2 <= len(module.obstacles) <= 3
        first, *more = module.activities
        assert len(first.steps) >= 5
        assert first.rating
        assert "0" in first.rating.en
        assert all(activity.worksheet and len(activity.steps) >= 4 for activity in more)
        assert module.goal_prompt.en.endswith("?")
        assert module.goal_prompt.es.endswith("?")
        assert (module.review is None) == (module.id == ORDER[0])


def test_every_module_has_something_to_write_in() -> None:
    assert {m.id: [a.worksheet.id for a in m.activities if a.worksheet] for m in CBT.modules} == WRITTEN


def test_it_is_a_step_two_programme_with_sources_a_licence_and_an_honest_review() -> None:
    assert CBT.step == 2
    assert {"PMC7165033", "ACTRN12615000660583"} <= set(" ".join(s.citation for s in CBT.sources).split())
    assert "no text of any manual" in CBT.licence
    assert CBT.clinical_review


def test_newest_version_is_given_unless_one_is_named() -> None:
    two = CATALOGUE.model_copy(update={"programmes": (CBT, CBT.model_copy(update={"version": 2}))})
    assert two.programme("cbt-pain").version == 2
    assert two.programme("cbt-pain", 1).version == 1


@pytest.mark.parametrize(("programme", "version"), [("no-programme", None), ("cbt-pain", 9)])
def test_unknown_programme_or_version_is_said_by_name(programme: str, version: int | None) -> None:
    with pytest.raises(LookupError, match=f"{programme}.*put its folder back"):
        CATALOGUE.programme(programme, version)


def test_unknown_module_is_said_by_name() -> None:
    with pytest.raises(LookupError, match="version 1 of programme cbt-pain has no module sleep"):
        CBT.module("sleep")


def test_nothing_can_be_changed_after_loading() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        CBT.modules[0].practices = ()  # type: ignore[misc]


@pytest.mark.parametrize(("asked", "served"), [("es", "es"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_a_text_falls_back_whole_to_english(asked: str, served: str) -> None:
    text = Text(en="Pain is real.", es="El dolor es real.")
    assert text.in_(asked) == getattr(text, served)
    assert served_language(asked) == served


def test_where_an_editor_broke_a_line_does_not_show() -> None:
    wrapped = "One\nparagraph.\n\nA list:\n- first\n  item\n- second\n\n\nThe end.\n"
    assert Text(en=wrapped, es="x").en == "One paragraph.\n\nA list:\n\n- first item\n- second\n\nThe end."
