"""The programme on mindfulness: its order and doses as published, and the words that keep people safe in it."""

import pytest

from tests.interventions.catalogue.shelf import CATALOGUE

PROGRAMME = CATALOGUE.programme("mindfulness-pain", 1)
# PMC4769528, table 1, and PMC8307600, table 2.
ORDER = [
    "coming-home-to-the-body",
    "breath-and-gentle-movement",
    "small-pleasant-moments",
    "reacting-and-responding",
    "thoughts-as-thoughts",
    "talking-and-listening",
    "kindness-in-the-day",
    "making-it-last",
]
MOVEMENTS = [
    ("breath-and-gentle-movement", 4, "ask your team first", "pregunte antes a su equipo"),
    ("small-pleasant-moments", 3, "ask before you begin", "pregunte antes de empezar"),
    ("thoughts-as-thoughts", 4, "ask your team first", "pregunte antes a su equipo"),
]


def said(module_id: str, page: int) -> tuple[str, str]:
    body = PROGRAMME.module(module_id).pages[page - 1].body
    return body.en, body.es


def test_the_modules_come_in_the_published_order() -> None:
    assert [module.id for module in PROGRAMME.modules] == ORDER


def test_each_week_has_practice_on_six_days_and_says_which_part_of_the_dose_is_local() -> None:
    for module in PROGRAMME.modules:
        (formal,) = (practice for practice in module.practices if (practice.times, practice.per) == (6, "week"))
        assert all(words in formal.dose_source for words in ("PMC4769528", "PMC8307600", "local setting"))
        others = [practice for practice in module.practices if practice != formal]
        assert all("local setting" in practice.dose_source for practice in others)


def test_each_module_has_a_timed_practice_a_story_and_obstacles() -> None:
    for module in PROGRAMME.modules:
        assert 2 <= len(module.sessions) <= 3
        assert any(session.example for session in module.sessions)
        assert any(one.audio and all(step.seconds for step in one.steps) for one in module.activities)
        assert len(module.obstacles) == 3
        assert (module.review is None) == (module.id == ORDER[0])


def test_trauma_psychosis_and_very_low_mood_go_to_the_team_before_the_first_practice() -> None:
    en, es = said("coming-home-to-the-body", 3)
    assert all(words in en for words in ("talk to your team before you begin", "terrible", "psychosis", "very low"))
    assert all(words in es for words in ("hable con su equipo antes de empezar", "terrible", "psicosis", "muy bajo"))


def test_eyes_may_stay_open_and_anybody_may_stop_before_the_first_practice() -> None:
    en, es = said("coming-home-to-the-body", 4)
    assert all(words in en for words in ("eyes may stay open", "stop at any time", "not for gritting your teeth"))
    assert all(words in es for words in ("pueden estar abiertos", "parar en cualquier momento", "apretar los dientes"))


@pytest.mark.parametrize(("module_id", "page", "en", "es"), MOVEMENTS)
def test_before_each_movement_some_ask_their_team(module_id: str, page: int, en: str, es: str) -> None:
    assert en in said(module_id, page)[0]
    assert es in said(module_id, page)[1]


@pytest.mark.parametrize(("module_id", "page"), [(ORDER[0], 3), (ORDER[4], 3), (ORDER[7], 3)])
def test_thoughts_of_self_harm_send_the_reader_to_the_emergency_number(module_id: str, page: int) -> None:
    en, es = said(module_id, page)
    assert "emergency number now" in en
    assert "llame ya a emergencias" in es


@pytest.mark.parametrize(("module_id", "page"), [(ORDER[0], 4), (ORDER[7], 3)])
def test_warning_signs_send_the_reader_to_medical_help(module_id: str, page: int) -> None:
    en, es = said(module_id, page)
    assert "medical help right away" in en
    assert "ayuda médica enseguida" in es


def test_the_longer_quiet_time_is_an_extra_and_not_for_everybody() -> None:
    en, es = said("talking-and-listening", 3)
    assert all(words in en for words in ("It is an extra", "Leave it out if you feel very low", "stop at any minute"))
    assert all(words in es for words in ("Es un extra", "Déjelo si está con el ánimo muy bajo", "parar en cualquier"))
    (longer,) = (one for one in PROGRAMME.modules[5].activities if one.id == "hour-and-a-quarter")
    assert sum(step.seconds or 0 for step in longer.steps) == 75 * 60
    assert longer.title.en.startswith("If you wish")
