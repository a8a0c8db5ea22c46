"""What screens get: one next step in every case, words for people, and nothing that a page could not show."""

import re
from pathlib import Path
from typing import Any

import pytest

from services.interventions import words
from services.interventions.catalogue import Catalogue, CatalogueFault, Programme, Text
from services.interventions.content import Content, plan_of
from services.interventions.domain.codes import CODES
from services.interventions.domain.episode.state import EpisodeState
from services.interventions.domain.series.commands import OpenMeasures, RecordAnswers
from services.interventions.domain.series.state import SeriesState
from services.interventions.views.actions import actions
from services.interventions.views.measures import form_page
from services.interventions.views.next_step import next_step
from shared.contracts import interventions as said
from shared.runtime.auth import User
from shared.runtime.core import Found
from tests.given import given
from tests.interventions import example as ex
from tests.interventions.service import CONTENT

PROGRAMME = CONTENT.catalogue.programme("cbt-pain")
OPENED = ex.OPENED.model_copy(update={"programme_id": "cbt-pain", "programme_version": 1})
IDS = [place.id for place in PROGRAMME.order]


def episode(*events: said.EpisodeEvent) -> EpisodeState:
    state: EpisodeState = given(ex.EPISODE, OPENED, *events).state
    return state


def all_done() -> EpisodeState:
    active = ex.of_episode(said.EpisodeActivated)
    story: list[said.EpisodeEvent] = []
    for number, module_id in enumerate(IDS, start=1):
        story.append(ex.of_episode(said.ModuleUnlocked, module_id=module_id))
        story.append(ex.of_episode(said.ModuleCompleted, module_id=module_id, done=number, total=len(IDS)))
    asked = ex.of_episode(said.MeasuresRequested, occasion="end", measures=PROGRAMME.measures.end)
    return episode(active, *story, asked)


def series(answers: dict[str, dict[int, int]]) -> SeriesState:
    opening = ex.command(
        OpenMeasures, series_id="s1", episode_id="e1", patient_id="p1", occasion="end", measures=PROGRAMME.measures.end
    )
    story = given(ex.SERIES).when(opening).happened()
    for measure, given_answers in answers.items():
        story = story.when(
            ex.command(RecordAnswers, ex.PATIENT, occasion="end", measure=measure, answers=given_answers)
        ).happened()
    state: SeriesState = story.state
    return state


WHOLE = {
    "PEG": {1: 1, 2: 1, 3: 1},
    "PHQ-9": dict.fromkeys(range(1, 10), 0),
    "GAD-7": dict.fromkeys(range(1, 8), 0),
}


def test_a_cancelled_programme_says_so_kindly() -> None:
    step = next_step(CONTENT, episode(ex.of_episode(said.EpisodeCancelled)), None, "en")
    assert (step.kind, step.heading) == ("finished", words.STEPS["cancelled"][0].en)


def test_questions_that_are_not_open_yet_are_a_short_wait() -> None:
    step = next_step(CONTENT, all_done(), None, "es")
    assert (step.kind, step.heading, step.opens_at) == ("wait", words.STEPS["getting_ready"][0].es, None)


def test_an_answered_questionnaire_is_not_asked_again_though_the_episode_has_not_heard() -> None:
    one_left = next_step(CONTENT, all_done(), series({name: WHOLE[name] for name in ("PEG", "PHQ-9")}), "en")
    assert (one_left.kind, one_left.measure, one_left.series_id) == ("questionnaire", "GAD-7", "s1")
    assert one_left.title
    assert next_step(CONTENT, all_done(), series(WHOLE), "en").kind == "await_clinician"


def test_a_person_in_danger_sees_help_also_once_the_form_is_complete() -> None:
    found = Found("s1", 3, series({"PHQ-9": WHOLE["PHQ-9"] | {9: 1}}))
    page = form_page(ex.CLINIC, found, "end", "PHQ-9", "en")
    assert (page.complete, page.show_crisis_help, page.crisis_text) == (True, True, "Please call 999 now.")
    assert form_page(ex.CLINIC, found, "end", "PEG", "en").crisis_text is None


def test_nobody_is_asked_a_question_whose_answer_cannot_be_kept() -> None:
    page = form_page(ex.CLINIC, Found("s1", 1, series({})), "end", "PHQ-9", "en")
    assert page.questions.function_question is None
    assert (len(page.questions.items), page.lowest, page.highest) == (9, 0, 3)


def test_when_all_is_done_there_is_nothing_left_to_complete_or_open() -> None:
    found = {one.action: one for one in actions(CONTENT, all_done(), User("ana", "psychology"), ex.T0)}
    assert (found["complete_module"].code, found["unlock_module"].code) == ("nothing-left", "nothing-left")


def test_only_the_patient_and_psychology_have_actions() -> None:
    assert actions(CONTENT, all_done(), User("portal", "service"), ex.T0) == []


def test_the_rules_get_order_gaps_and_questionnaires_of_the_shipped_programme() -> None:
    plan = plan_of(PROGRAMME)
    assert [step.module_id for step in plan.steps] == IDS
    assert [step.gap_days for step in plan.steps] == [0] + [5] * 7
    assert plan.middle_after == IDS[3]
    assert plan.measures["end"] == ("PEG", "PHQ-9", "GAD-7")


def asking(measure: str) -> Catalogue:
    """The shipped catalogue, with that measure in the middle of the programme."""
    measures = PROGRAMME.measures.model_copy(update={"middle": (measure,)})
    changed: Programme = PROGRAMME.model_copy(update={"measures": measures})
    return CONTENT.catalogue.model_copy(update={"programmes": (changed,)})


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("XYZ", "programmes/cbt-pain/v1/programme.yaml (measures, XYZ): no measure is called 'XYZ'. Write one of PEG,"),
        ("PCS", "(measures, PCS): the text of PCS does not come with Carepath (Licensed by Mapi Research Trust"),
    ],
)
def test_a_questionnaire_that_cannot_be_asked_is_found_at_start(measure: str, told: str) -> None:
    with pytest.raises(CatalogueFault, match=re.escape(told)):
        Content(ex.CLINIC, asking(measure))


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    code = "".join(path.read_text() for path in Path("services/interventions").rglob("*.py") if path.name != "codes.py")
    raised = set(re.findall(r'Rejected\(\s*"([a-z-]+)"|\bcode="([a-z-]+)"', code))
    assert {one or other for one, other in raised} == set(CODES)


TEXTS: list[Any] = [text for pair in [*words.STEPS.values(), *words.QUESTIONS.values()] for text in pair]


@pytest.mark.parametrize("text", [*TEXTS, words.MODULE])
def test_words_for_people_are_short_plain_sentences_in_both_languages(text: Text) -> None:
    for one in (text.en, text.es):
        assert all(len(sentence.split()) <= 20 for sentence in re.split(r"[.?!]", one))
        assert not re.search(r"[a-z]_[a-z]", one)
    assert text.en != text.es
