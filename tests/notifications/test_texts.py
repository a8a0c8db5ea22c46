"""Words for people: whole, plain, discreet, in every language."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from services.notifications import policy
from services.notifications.domain.commands import MEETS_AT
from services.notifications.rule import NEEDS
from services.notifications.texts import LANGUAGES, Reader, Texts, TextsFault, greeting_name
from shared.contracts.reading_level import is_easy
from shared.contracts.referrals import Language
from tests.notifications.people import CLINIC

TEXTS = Texts(CLINIC)
LONDON = ZoneInfo("Europe/London")
RULES = {rule.template: rule for rules in policy.RULES.values() for rule in rules}
STAFF = sorted(name for name, rule in RULES.items() if rule.to not in (*NEEDS, "caregiver"))
OTHERS = sorted(set(RULES) - set(STAFF))
MOMENT = "2026-09-30T22:30:00+00:00"
LONGEST: dict[str, str | int] = {
    **dict.fromkeys(
        (
            "referral_id",
            "advice_id",
            "episode_id",
            "alert_id",
            "patient_id",
            "group_id",
            "caregiver_id",
            "recipient_id",
        ),
        "x" * 128,
    ),
    **dict.fromkeys(
        ("triage_due", "answer_due", "ask_again_at", "acknowledge_by", "meet_at", MEETS_AT, "sent_at"), MOMENT
    ),
    **dict.fromkeys(("reoffer_at", "offer_until", "appointment", "closes_at"), MOMENT),
    **dict.fromkeys(("starts_at", "answer_by", "next_session_at", "moved_to"), MOMENT),
    **dict.fromkeys(("seats_taken", "minimum", "number"), 14),
    "resource_id": "x" * 128,
    "title": "A quiet walk " * 9,
    "wanted_by": "2026-09-30",
    "ends_on": "2026-09-30",
    "measures": 12,
    "minutes": 480,
    "numbers": 8,
    "weeks": 104,
    "step": "booking",
    "channel": "email",
    "code": "00000000",
}
EMPTIEST: dict[str, str | int] = {
    **LONGEST,
    **dict.fromkeys(
        (
            "referral_id",
            "advice_id",
            "episode_id",
            "alert_id",
            "patient_id",
            "group_id",
            "caregiver_id",
            "recipient_id",
            "step",
        ),
        "",
    ),
    **dict.fromkeys(("resource_id", "title"), ""),
    "measures": 0,
    "weeks": 0,
}
REVEALING = (
    *("mental", "psycholog", "psicol", "psiqu", "therap", "terapia", "depress", "depres", "anxi", "ansied"),
    *("suicid", "risk", "riesgo", "pain", "dolor", "session", "sesión", "hurt yourself", "hacerse daño"),
)
CODES = ("phq", "peg", "cbt", "None", "{", "}", "[", "referral_", "patient")


def reader(language: Language, name: str | None = "Rosa", zone: ZoneInfo = LONDON) -> Reader:
    return Reader(name, language, zone)


def parameters(template: str, source: dict[str, str | int]) -> dict[str, str | int]:
    rule = RULES[template]
    return {name: source[name] for name in (*rule.shows, *((MEETS_AT,) if rule.remind else ()))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(RULES))
def test_every_text_renders_with_the_longest_and_the_emptiest_data(template: str, language: Language) -> None:
    for source, name in ((LONGEST, "Wolfeschlegelsteinhausenbergerdorff" * 3), (EMPTIEST, None), (EMPTIEST, "")):
        values, person = parameters(template, source), reader(language, name)
        mail, inbox = TEXTS.email(template, values, person), TEXTS.inbox(template, values, person)
        assert 0 < len(mail.subject) <= 70
        assert "\n" not in mail.subject
        assert CLINIC.portal_url in mail.body
        assert CLINIC.phone in mail.body
        assert 0 < len(inbox.heading) <= 70
        assert inbox.body
        assert inbox.because
        assert not inbox.because.endswith(".")
        assert "\n" not in inbox.because
        assert inbox.heading != TEXTS.inbox("no-such-template", {}, person).heading


MAY_LACK = ("appointment_cancelled_patient",)
"""Of a meeting that an earlier build cancelled nobody said when it was to be."""
VALUES = sorted(name for name in RULES if (RULES[name].shows or RULES[name].remind) and name not in MAY_LACK)


@pytest.mark.parametrize("template", VALUES)
def test_a_missing_value_is_a_fault(template: str) -> None:
    values = parameters(template, LONGEST)
    needed = [part for part in ("email", "inbox") if _fails_without(template, part)]
    assert needed, f"{template} shows {', '.join(values)} but no text uses it"


@pytest.mark.parametrize("template", MAY_LACK)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_an_earlier_build_did_not_give_is_left_out(template: str, language: Language) -> None:
    with_it = TEXTS.email(template, parameters(template, LONGEST), reader(language)).body
    without = TEXTS.email(template, {}, reader(language)).body
    assert len(without) < len(with_it)


def _fails_without(template: str, part: str) -> bool:
    lost = TEXTS.inbox("no-such-template", {}, reader("en"))
    if part == "inbox":
        return TEXTS.inbox(template, {}, reader("en")) == lost
    try:
        TEXTS.email(template, {}, reader("en"))
    except UndefinedError:
        return True
    return False


def test_a_value_missing_from_an_email_stops_it() -> None:
    with pytest.raises(UndefinedError):
        TEXTS.email("risk_alert", {}, reader("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(RULES))
def test_an_email_says_only_that_something_is_there(template: str, language: Language) -> None:
    mail = TEXTS.email(template, parameters(template, EMPTIEST), reader(language))
    said = f"{mail.subject} {mail.body}".lower()
    assert [word for word in REVEALING if word in said] == []
    assert CLINIC.name not in mail.body
    assert CLINIC.sender_name in mail.body
    assert "Rosa" not in mail.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", OTHERS)
def test_patients_and_caregivers_see_no_codes(template: str, language: Language) -> None:
    values = {name: value if name != "measures" else 2 for name, value in parameters(template, LONGEST).items()}
    inbox = TEXTS.inbox(template, values, reader(language))
    mail = TEXTS.email(template, values, reader(language))
    said = " ".join((inbox.heading, inbox.body, inbox.because, mail.subject, mail.body))
    assert [code for code in CODES if code in said] == []


@pytest.mark.parametrize("template", STAFF)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_to_staff_carries_no_reference_to_a_person(template: str, language: Language) -> None:
    mail = TEXTS.email(template, parameters(template, LONGEST), reader(language, "Dr Ada Okafor"))
    assert "xxx" not in mail.body


@pytest.mark.parametrize("template", sorted(RULES))
def test_english_texts_can_be_read_at_grade_8(template: str) -> None:
    values = {**parameters(template, LONGEST), **{k: "one" for k in RULES[template].shows if k.endswith("_id")}}
    inbox, mail = (make(template, values, reader("en")) for make in (TEXTS.inbox, TEXTS.email))
    for text in (inbox.body, mail.body.replace(CLINIC.portal_url, "here").replace(CLINIC.phone, "this number")):
        assert is_easy(text, "en"), text


@pytest.mark.parametrize("template", OTHERS)
def test_spanish_texts_for_patients_and_caregivers_are_easy(template: str) -> None:
    values = {**parameters(template, LONGEST), **{k: "uno" for k in RULES[template].shows if k.endswith("_id")}}
    inbox = TEXTS.inbox(template, values, reader("es"))
    assert is_easy(inbox.body, "es"), inbox.body


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("en", "Europe/London", "Wednesday 30 September 2026"),
        ("en", "Europe/Madrid", "Thursday 1 October 2026"),
        ("es", "Europe/Madrid", "jueves 1 de octubre de 2026"),
    ],
)
def test_a_date_is_in_the_readers_language_and_zone(language: Language, zone: str, said: str) -> None:
    person = reader(language, zone=ZoneInfo(zone))
    assert said in TEXTS.inbox("take_your_time", {"ask_again_at": MOMENT}, person).body


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Europe/London", "Pacific/Auckland"])
def test_a_day_without_an_hour_is_the_same_day_everywhere(zone: str) -> None:
    values: dict[str, str | int] = {"patient_id": "patient-1", "wanted_by": "2026-09-30"}
    inbox = TEXTS.inbox("discussion_asked", values, reader("en", zone=ZoneInfo(zone)))
    assert "Wednesday 30 September 2026" in inbox.body


def test_a_moment_has_its_time_of_day() -> None:
    values: dict[str, Any] = {"alert_id": "alert-1", "acknowledge_by": MOMENT}
    assert (
        "Thursday 1 October 2026 at 00:30"
        in TEXTS.email("risk_alert", values, reader("en", zone=ZoneInfo("Europe/Madrid"))).body
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_after_a_hard_answer_names_the_clinics_crisis_contacts(language: Language) -> None:
    inbox = TEXTS.inbox("crisis_help", {}, reader(language))
    assert CLINIC.help_in(language).plain in inbox.body


def test_a_name_is_never_taken_for_a_template() -> None:
    mail = TEXTS.email("welcome", {}, reader("en", "{{ phone.__class__ }}"))
    assert "Hello {{ phone.__class__ }}," in mail.body


@pytest.mark.parametrize(
    ("full", "first"), [("Rosa Delgado", "Rosa"), ("  Rosa ", "Rosa"), ("", None), ("  ", None), (None, None)]
)
def test_people_are_greeted_by_their_first_name(full: str | None, first: str | None) -> None:
    assert greeting_name(full) == first


def test_a_message_that_can_no_longer_be_shown_says_so() -> None:
    assert "call us" in TEXTS.inbox("template-of-last-year", {}, reader("en")).body
    assert "call us" in TEXTS.inbox("take_your_time", {}, reader("en")).body


def test_a_template_without_one_language_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "welcome").mkdir()
    (tmp_path / "welcome" / "en.txt").write_text("[inbox]\nHello\n\nHello.\n")
    with pytest.raises(TextsFault, match=r"es\.txt"):
        Texts(CLINIC, tmp_path)


def test_a_template_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "welcome").mkdir()
    (tmp_path / "welcome" / "en.txt").write_text("[inbox]\nHello\n\nHello {{ name.\n")
    with pytest.raises(TextsFault, match=r"en\.txt"):
        Texts(CLINIC, tmp_path)


@pytest.mark.parametrize(
    ("language", "more", "said"),
    [
        ("en", False, "Harbour: Rosa, there is something new for you. "),
        ("es", False, "Harbour: Rosa, hay algo nuevo para usted. "),
        ("en", True, "Harbour, for Rosa: Would you like to start? "),
        ("es", True, "Harbour, para Rosa: ¿Le gustaría empezar? "),
    ],
)
def test_a_text_message_says_what_it_is_about_only_to_those_who_want_that(
    language: Language, more: bool, said: str
) -> None:
    reads = Reader("Rosa", language, ZoneInfo("Europe/Madrid"), "Harbour", more)
    assert TEXTS.short([("invitation", {}, 0)], reads) == said + CLINIC.portal_url
    assert "2" in TEXTS.short([("invitation", {}, 0), ("welcome", {}, 0)], reads)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There are 2 new things for you."), ("es", "Hay 2 cosas nuevas")]
)
def test_two_things_in_one_email_are_said_to_be_two(language: Language, said: str) -> None:
    both = TEXTS.together([("invitation", {}, 0), ("welcome", {}, 0)], reader(language))
    assert both.body.count(said) == 1
    assert TEXTS.email("welcome", {}, reader(language)).body.count(said) == 0
