"""Pain education, the first step: its order, doses and questions, and that warning signs lead to help."""

import pytest

from services.interventions.content import plan_of
from tests.interventions.catalogue.shelf import CATALOGUE

EDUCATION = CATALOGUE.programme("pain-education", 1)
# Module, practice, times, per. Activity and rest by turns: BMC Musculoskelet Disord 13:129, table 3; the rest is local.
DOSES = [
    ("how-lasting-pain-works", "say-my-sentence", 1, "day"),
    ("volume-up-and-down", "one-line-each-evening", 1, "day"),
    ("volume-up-and-down", "try-my-one-thing", 3, "week"),
    ("moving-and-flare-ups", "my-rung", 2, "week"),
    ("moving-and-flare-ups", "read-my-flare-plan", 1, "week"),
    ("my-own-plan", "one-thing-that-helps", 1, "day"),
    ("my-own-plan", "look-at-my-page", 1, "week"),
]
WRITTEN = {
    "how-lasting-pain-works": ["my-pain-story"],
    "volume-up-and-down": ["what-turns-it-up-and-down"],
    "moving-and-flare-ups": ["goal-ladder", "flare-up-plan"],
    "my-own-plan": ["questions-for-a-visit", "my-pain-plan"],
}
# Module and page. With what it says in both languages.
HELP_AT_ONCE = [("how-lasting-pain-works", 4), ("moving-and-flare-ups", 4)]
SIGNS = [
    ("in the chest", "en el pecho"),
    ("New weakness in an arm, a leg or the face", "Debilidad nueva en un brazo, una pierna o la cara"),
    ("Numbness between your legs", "Falta de sensibilidad entre las piernas"),
    ("bladder or bowels", "la orina o las heces"),
    ("Fever together with back pain", "Fiebre junto con dolor de espalda"),
]
EMERGENCY = [*HELP_AT_ONCE, ("volume-up-and-down", 4), ("my-own-plan", 2)]


def test_it_is_a_first_step_of_four_modules_five_days_apart() -> None:
    assert EDUCATION.step == 1
    assert [module.id for module in EDUCATION.modules] == list(WRITTEN)
    assert [place.min_days_after_previous for place in EDUCATION.order] == [0, 5, 5, 5]


def test_home_practice_has_its_dose_and_says_where_it_comes_from() -> None:
    practices = [(module.id, one) for module in EDUCATION.modules for one in module.practices]
    assert [(module_id, one.id, one.times, one.per) for module_id, one in practices] == DOSES
    published = [one.id for _, one in practices if "BMC Musculoskelet Disord 13:129" in one.dose_source]
    assert published == ["my-rung"]
    assert all("local" in one.dose_source for _, one in practices)


def test_questions_come_at_the_start_at_the_end_and_months_later() -> None:
    plan = plan_of(EDUCATION)
    assert plan.measures == {"start": ("PEG", "PHQ-4"), "middle": (), "end": ("PEG", "PHQ-4")}
    assert (plan.each_module, plan.follow_up, plan.follow_up_months) == ((), ("PEG",), (3, 6))


def test_each_module_has_two_short_sittings_and_all_that_belongs_to_them() -> None:
    for module in EDUCATION.modules:
        assert [len(session.pages) for session in module.sessions] == [2, 2]
        assert all(10 <= session.minutes <= 20 for session in module.sessions)
        assert any(session.example for session in module.sessions)
        assert all(activity.rating and len(activity.steps) >= 5 for activity in module.activities)
        assert len(module.obstacles) == 3
        assert (module.review is None) == (module is EDUCATION.modules[0])


def test_what_is_written_down_is_kept_on_worksheets() -> None:
    assert {m.id: [a.worksheet.id for a in m.activities if a.worksheet] for m in EDUCATION.modules} == WRITTEN


@pytest.mark.parametrize(("module_id", "page"), HELP_AT_ONCE)
def test_warning_signs_lead_to_medical_help(module_id: str, page: int) -> None:
    body = EDUCATION.module(module_id).pages[page - 1].body
    for english, spanish in [("medical help right away", "ayuda médica enseguida"), *SIGNS]:
        assert english in body.en
        assert spanish in body.es


@pytest.mark.parametrize(("module_id", "page"), EMERGENCY)
def test_danger_leads_to_the_emergency_number(module_id: str, page: int) -> None:
    body = EDUCATION.module(module_id).pages[page - 1].body
    assert "emergency number now" in body.en
    assert "llame ya a emergencias" in body.es


def test_no_worksheet_lies_about_unused() -> None:
    used = {
        (activity.worksheet.id, activity.worksheet.version)
        for programme in CATALOGUE.programmes
        for module in programme.modules
        for activity in module.activities
        if activity.worksheet
    }
    assert {(sheet.id, sheet.version) for sheet in CATALOGUE.worksheets} - used == set()
