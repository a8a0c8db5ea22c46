"""Every text is there in both languages, every name that a page uses exists, and patients can read what is theirs."""

import itertools
import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from services.interventions.domain.codes import CODES as INTERVENTIONS
from services.notifications.domain.codes import CODES as NOTIFICATIONS
from services.portal import options
from services.portal.words import LANGUAGES, Words, check, read_in, words
from services.referrals.domain.advice.machine import ACTIONS as ADVICE_ACTIONS
from services.referrals.domain.advice.state import TurnKind
from services.referrals.domain.codes import CODES as REFERRALS
from shared.clinical import measure
from shared.contracts.catalogue import EVENT_TYPES
from shared.contracts.codes import RUNTIME_CODES
from shared.contracts.reading_level import english_grade, spanish_ease
from shared.contracts.referrals import (
    ActivityEnd,
    AdviceCloseReason,
    AdviceTopic,
    AppointmentEnd,
    ConsentScope,
    ConversionAuthority,
    EndDetail,
    EndReason,
    ExpressedBy,
    GoalStatus,
    Priority,
    Relationship,
)

PORTAL = Path("services/portal")
SOURCES = [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]
PATIENTS = (
    "next",
    "start",
    "home",
    "ask",
    "offer",
    "appointment",
    "contact_own",
    "caregiver",
    "stop",
    "programme",
    "part",
    "activity",
    "practice",
    "aside",
    "newer",
    "questions",
    "support",
    "progress",
    "feedback",
    "privacy",
    "my_record",
    "about",
    "my_plan",
    "talk_first",
    "carer",
    "carer_young",
    "sign_in_link",
)
CHILDREN = r"\b(usted|su|sus|le|se siente|consigo|puede|quiere|diga|escriba|elija)\b"
FORBIDDEN = {
    "en": r"catastroph|mentally ill|mental illness|in your head|in your mind|imaginary|suffer|victim|disorder|proxy",
    "es": r"catastrof|enferm[oa]s? mental|enfermedad mental|en (su|la) cabeza|imaginari|sufr|v[ií]ctima|trastorno",
}
FAMILIAR = r"\b(tú|tu|tus|te|ti|contigo|tuy[oa]s?|vosotr[oa]s|vuestr[oa]s?|eres|tienes|puedes|quieres)\b"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    check()
    english, spanish = (words(language).texts for language in LANGUAGES)
    assert {name for name in english if placeholders(english[name]) != placeholders(spanish[name])} == set()
    assert not [name for name, text in itertools.chain(english.items(), spanish.items()) if not text]


def test_every_refusal_of_every_service_has_a_sentence() -> None:
    codes = {*REFERRALS, *INTERVENTIONS, *NOTIFICATIONS, *RUNTIME_CODES, "changed-meanwhile", "not-found"}
    assert {code for code in codes if not words("en").has(f"problem.{code}")} == set()


def test_every_text_that_a_page_names_exists() -> None:
    for path in SOURCES:
        named = re.findall(r"""\bt(?:\.count)?\(\s*f?"([a-z_.\-0-9]+)"\s*[,)]""", path.read_text(encoding="utf-8"))
        for name in named:
            known = words("en").has(name) or words("en").has(f"{name}.other")
            assert known, f"{path} names {name}, which is in no text; add it to texts/"


def test_every_banner_that_a_route_shows_exists() -> None:
    for path in PORTAL.rglob("*.py"):
        for name in re.findall(r'done="([a-z-]+)"', path.read_text(encoding="utf-8")):
            assert words("en").has(f"done.{name}"), f"{path}: done.{name} is missing"


def test_choices_are_those_of_the_services() -> None:
    assert set(options.RELATIONSHIPS) == set(get_args(Relationship))
    assert set(options.OWN_REASONS_TO_CANCEL) < set(get_args(AppointmentEnd))
    assert set(options.END_REASONS) == {*get_args(EndReason), *get_args(EndDetail)}
    assert set(options.CONSENTS) == {scope.value for scope in ConsentScope}
    assert set(options.GOAL_STATUSES) == set(get_args(GoalStatus))
    assert set(options.ACTIVITY_ENDS) == set(get_args(ActivityEnd))
    assert set(options.SPEAKERS) == set(get_args(ExpressedBy))
    assert set(options.PRIORITIES) == {priority.value for priority in Priority}
    assert set(options.ADVICE_TOPICS) == set(get_args(AdviceTopic))


def test_every_code_of_a_question_to_psychology_has_words() -> None:
    codes = {
        "topic": get_args(AdviceTopic),
        "reason": get_args(AdviceCloseReason),
        "word": get_args(ConversionAuthority),
        "turn": get_args(TurnKind),
    }
    names = {f"advice.{group}.{code}" for group, found in codes.items() for code in found}
    names |= {f"done.advice-{action.name}" for action in ADVICE_ACTIONS if None not in action.sources}
    assert {name for name in names if not words("en").has(name)} == set()


def test_every_line_of_the_history_is_of_an_event_that_exists() -> None:
    kinds = {".".join(type.split(".")[1:-1]) for type in EVENT_TYPES}
    groups = {kind.partition(".")[0] for kind in kinds}
    lines = {name.removeprefix("timeline.") for name in words("en").texts if name.startswith("timeline.")}
    assert {line for line in lines if line.partition(".")[0] in groups} <= kinds


def test_every_message_of_the_history_has_a_template() -> None:
    known = {path.name for path in Path("services/notifications/templates").iterdir()}
    prefix = "timeline.message."
    assert {name.removeprefix(prefix) for name in words("en").texts if name.startswith(prefix)} <= known


@pytest.mark.parametrize("name", ["PHQ-4", "PHQ-9", "GAD-7"])
def test_every_band_has_words(name: str) -> None:
    for band in measure(name).bandings[0].bands:
        assert words("en").has(f"scores.word.{band.name}")
        assert words("en").has(f"scores.band.{band.name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_hurts(language: str) -> None:
    texts = words(language).texts
    assert {name: text for name, text in texts.items() if re.search(FORBIDDEN[language], text, re.IGNORECASE)} == {}


def test_spanish_says_usted_but_to_a_child() -> None:
    texts = {name: text for name, text in words("es").texts.items() if not name.startswith("carer_young.")}
    assert {name: text for name, text in texts.items() if re.search(FAMILIAR, text, re.IGNORECASE)} == {}


def test_a_child_is_never_spoken_to_as_an_adult() -> None:
    texts = {name: text for name, text in words("es").texts.items() if name.startswith("carer_young.")}
    assert {name: text for name, text in texts.items() if re.search(CHILDREN, text, re.IGNORECASE)} == {}
    own = {name for name in texts if not name.startswith("carer_young.adult.")}
    assert own <= {name.replace("carer.", "carer_young.") for name in words("es").texts if name.startswith("carer.")}


def test_what_patients_read_is_easy() -> None:
    english = ". ".join(text for name, text in words("en").texts.items() if name.partition(".")[0] in PATIENTS)
    spanish = ". ".join(text for name, text in words("es").texts.items() if name.partition(".")[0] in PATIENTS)
    assert english_grade(english) <= 6
    assert spanish_ease(spanish) >= 70


def test_a_reader_gets_their_own_choice_then_their_browsers_then_english() -> None:
    assert read_in("es", "en") == "es"
    assert read_in(None, "fr-FR, es;q=0.8, en;q=0.5") == "es"
    assert read_in("fr", "") == "en"


def test_one_and_many_are_told_apart() -> None:
    t = words("en")
    assert t.count("common.unread", 1) == "You have 1 new message"
    assert t.count("common.unread", 3) == "You have 3 new messages"


def test_what_yaml_takes_for_something_else_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "common.yaml").write_text("answer: {yes: No}")
    monkeypatch.setattr("services.portal.words._FOLDER", tmp_path)
    with pytest.raises(ValueError, match="between quotes"):
        words.__wrapped__("en")


def test_a_text_that_one_language_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"en": Words("en", {"a": "A", "b": "B"}), "es": Words("es", {"a": "A"})}
    monkeypatch.setattr("services.portal.words.words", short.__getitem__)
    with pytest.raises(ValueError, match="lacks b"):
        check()
