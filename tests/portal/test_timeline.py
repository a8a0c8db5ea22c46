"""What is worth a line in a person's history, and in which words."""

from pathlib import Path

from services.portal import scores
from services.portal.timeline import kind, sentence
from services.portal.words import words
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_measures import MeasureSettings, Permission, SuppliedTexts
from shared.runtime.settings import load_clinic
from tests.clinical.supplied import pseq

CLINIC = load_clinic(Path("deploy/clinic.yaml"))
EN, ES = words("en"), words("es")


def test_the_kind_of_an_event_is_its_type_without_frame() -> None:
    assert kind("carepath.measure_series.measure_completed.v1") == "measure_series.measure_completed"


def test_an_event_is_told_in_a_plain_sentence() -> None:
    data = {"module_id": "good-moments", "done": 4, "total": 8}
    assert sentence(EN, "episode.module_completed", data, "Good moments") == "A part was done: Good moments (4 of 8)."
    assert sentence(ES, "referral.submitted", {"priority": "urgent"}) == "Se envió la derivación (Urgente)."


def test_an_alert_for_words_has_no_measure_and_is_told_all_the_same() -> None:
    told = "Something that was answered or written was a reason to look."
    assert sentence(EN, "risk_alert.raised", {"measure": "PHQ-9"}) == told
    assert sentence(EN, "risk_alert.raised", {"measure": ""}) == told


def test_what_is_not_worth_a_line_is_hidden() -> None:
    of_circles = ("circle_member.left", "circle_member.declined", "circle_member.mute_set", "circle.seat_freed")
    for name in ("measure_series.answer_recorded", "agenda.message_claimed", "something.new", *of_circles):
        assert sentence(EN, name, {}) is None


def test_a_message_is_told_only_when_there_are_words_for_it() -> None:
    assert sentence(EN, "agenda.message_planned", {"template": "invitation"}) == (
        "Message: the person was invited to start."
    )
    assert sentence(EN, "agenda.message_planned", {"template": "unheard-of"}) is None


def recorded(*rows: tuple[str, str, float]) -> list[dict[str, object]]:
    return [{"occasion": occasion, "measure": measure, "value": value} for occasion, measure, value in rows]


def entitled() -> Clinic:
    """The clinic, with leave to show PSEQ and a text for it."""
    texts = SuppliedTexts(wordings=(pseq("en"),))
    permission = Permission(granted_by="The author", reference="letter 1", covers=("clinical",), texts=texts)
    return CLINIC.model_copy(update={"measures": MeasureSettings(context="clinical", permissions={"PSEQ": permission})})


def test_a_measure_with_the_clinics_own_text_is_called_by_its_title() -> None:
    [row] = scores.over_time(recorded(("start", "PSEQ", 19.0), ("end", "PSEQ", 44.0)), EN, entitled())
    assert (row["title"], row["highest"], row["at"]) == ("Invented title", 60, {"start": 19.0, "end": 44.0})


def test_an_answer_between_two_ends_is_told_with_the_scale_of_its_own_measure() -> None:
    text = pseq("en").model_dump()
    assert scores.answer_words(text, 1, 4) == "4 (Invented low end 0 – 6 Invented high end)"


def test_a_measure_whose_text_is_the_clinics_own_is_called_by_its_name_in_a_history() -> None:
    assert scores.title("PSEQ", "en") == "PSEQ"


def test_scores_of_a_referral_come_with_their_meaning() -> None:
    reading = {"measure": "PHQ-4", "answers": [2, 2, 0, 1], "value": 5, "band": "mild"}
    [shown] = scores.readings([reading], EN)
    assert (shown["value"], shown["highest"]) == (5, 12)
    assert shown["meaning"] == "Mild signs of low mood or worry."
    assert shown["notes"] == ["The two questions about worry reach 3 or more. Worth a closer look."]
    assert shown["items"][0] == ("Feeling nervous, anxious or on edge", "More than half the days")


def test_patients_see_no_name_of_a_measure() -> None:
    for t in (EN, ES):
        [row] = scores.over_time(recorded(("start", "PHQ-9", 5.0), ("end", "PHQ-9", 3.0)), t, CLINIC)
        assert "PHQ" not in row["title"]
