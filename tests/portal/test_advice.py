"""A question to psychology through the real pages: asked, asked back, answered, made a referral of, or closed."""

import pytest

from deploy.visitor import PageSeen, Visitor
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, person, register, visitor

QUESTION = "She sleeps badly. How can I bring up psychology?"


def ask(referrer: Visitor, patient: str, **more: str) -> str:
    """Ask about the person; the question's id."""
    referrer.get(f"/patients/{patient}")
    assert f"/patients/{patient}/ask" in referrer.page.links
    referrer.get(f"/patients/{patient}/ask")
    page = referrer.submit("ask-psychology", question=QUESTION, topic="how_to_talk", **more)
    assert page.query == "done=advice-asked", page.text
    return page.path.removeprefix("/advice/")


def answer(psychology: Visitor, question: str, **more: str) -> PageSeen:
    """Psychology answers."""
    psychology.get(f"/advice/{question}")
    return psychology.submit("advice-answer", answer="Begin with her sleep.", **more)


@pytest.fixture
def referrer(system: Running) -> Visitor:
    return visitor(system, REFERRER)


@pytest.fixture
def psychology(system: Running) -> Visitor:
    return visitor(system, PSYCHOLOGY)


@pytest.fixture
def patient(referrer: Visitor) -> str:
    return register(referrer)


def test_a_question_goes_back_and_forth_and_is_closed(
    system: Running, referrer: Visitor, psychology: Visitor, patient: str
) -> None:
    question = ask(referrer, patient)
    assert "Psychology has not answered yet" in referrer.page.text
    assert not referrer.page.has_form("advice-answer")
    assert f"/advice/{question}" in referrer.get("/").links

    assert f"/advice/{question}" in psychology.get("/").links
    assert QUESTION in psychology.get(f"/advice/{question}").text
    asked = psychology.submit("advice-ask_back", question="Has she had support before?")
    assert asked.query == "done=advice-ask_back"

    assert "Has she had support before?" in referrer.get(f"/advice/{question}").text
    assert referrer.submit("advice-explain", explanation="Never.").query == "done=advice-explain"

    answered = answer(psychology, question, suggests_referral="yes")
    assert answered.query == "done=advice-answer"
    assert not answered.has_form("advice-answer")

    page = referrer.get(f"/advice/{question}")
    said = [QUESTION, "Has she had support before?", "Never.", "Begin with her sleep.", "a referral would help"]
    places = [page.text.index(text) for text in said]
    assert places == sorted(places)
    closed = referrer.submit("advice-close", reason_code="answered_enough")
    assert closed.query == "done=advice-close"
    assert "The answer was enough." in closed.text
    assert [form.name for form in closed.forms if form.name.startswith("advice-")] == []
    assert f"/advice/{question}" not in psychology.get("/").links
    assert f"/advice/{question}" in referrer.get("/").links


def test_each_side_hears_of_its_turn_and_a_message_leads_to_the_question(
    system: Running, referrer: Visitor, psychology: Visitor, patient: str
) -> None:
    question = ask(referrer, patient)
    system.settle()
    assert "A new question to answer" in psychology.get("/inbox").text
    assert f"/advice/{question}" in psychology.page.links
    answer(psychology, question)
    system.settle()
    assert f"/advice/{question}" in referrer.get("/inbox").links
    assert "advice-" not in referrer.page.text
    history = referrer.get(f"/patients/{patient}")
    for sentence in ("The pain team asked psychology a question.", "Psychology answered the pain team's question."):
        assert sentence in history.text
    assert f"/advice/{question}" in history.links


def test_the_referrer_makes_a_referral_of_a_question(referrer: Visitor, psychology: Visitor, patient: str) -> None:
    question = ask(referrer, patient)
    assert "Not allowed by the pain clinician" in referrer.page.text
    psychology.get(f"/advice/{question}")
    assert not psychology.page.has_form("advice-convert")
    assert "has not let psychology make a referral" in psychology.page.text
    referrer.get(f"/advice/{question}")
    page = referrer.submit("advice-convert")
    assert page.query == "done=advice-convert"
    assert "A referral was begun from this question" in page.text
    assert "The pain clinician's own" in page.text
    assert "Dr Ada Okafor" in page.text


def test_psychology_makes_a_referral_of_a_question_where_that_was_allowed(
    referrer: Visitor, psychology: Visitor, patient: str
) -> None:
    question = ask(referrer, patient, may_convert="yes")
    assert "Allowed by the pain clinician" in referrer.page.text
    answer(psychology, question)
    page = psychology.submit("advice-convert")
    assert page.query == "done=advice-convert"
    assert "as the pain clinician allowed" in page.text
    assert "Yuki Tanaka" in page.text


def test_without_consent_there_is_advice_but_no_referral(referrer: Visitor, psychology: Visitor) -> None:
    referrer.get("/patients/new")
    patient = referrer.submit("register-patient", **person()).path.removeprefix("/patients/")
    question = ask(referrer, patient, may_convert="yes")
    assert not referrer.page.has_form("advice-convert")
    assert "has not agreed to be referred" in referrer.page.text
    assert f"/patients/{patient}#consents" in referrer.page.links
    assert answer(psychology, question).query == "done=advice-answer"
    assert not psychology.page.has_form("advice-convert")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"topic": "other"}, "Please write your question before you send it"),
        ({"question": QUESTION}, "Please choose what it is about"),
    ],
)
def test_a_question_that_is_not_whole_is_shown_again_with_what_was_typed(
    referrer: Visitor, patient: str, typed: dict[str, str], said: str
) -> None:
    referrer.get(f"/patients/{patient}/ask")
    page = referrer.submit("ask-psychology", may_convert="yes", **typed)
    assert page.status == 422
    assert said in page.text
    kept = page.form("ask-psychology").values
    assert kept["may_convert"] == ["yes"]
    assert kept["question"] == [typed.get("question", "")]


def test_an_empty_answer_and_a_missing_reason_are_said_beside_their_fields(
    referrer: Visitor, psychology: Visitor, patient: str
) -> None:
    question = ask(referrer, patient)
    assert "Please choose a reason" in referrer.submit("advice-close").text
    psychology.get(f"/advice/{question}")
    assert "Please write an answer before you send it" in psychology.submit("advice-answer").text
    psychology.get(f"/advice/{question}")
    psychology.submit("advice-ask_back", question="Since when?")
    referrer.get(f"/advice/{question}")
    assert "Please write your reply before you send it" in referrer.submit("advice-explain").text


def test_what_changed_meanwhile_is_shown_with_what_was_typed(
    referrer: Visitor, psychology: Visitor, patient: str
) -> None:
    question = ask(referrer, patient)
    psychology.get(f"/advice/{question}")
    form = psychology.page.form("advice-answer")
    referrer.submit("advice-close", reason_code="no_longer_needed")
    page = psychology.submit(form, answer="Begin with her sleep.")
    assert page.status == 412
    assert "Somebody changed this meanwhile" in page.text
    assert "The question is no longer needed." in page.text


def test_a_question_is_not_there_for_anybody_else(system: Running, referrer: Visitor, patient: str) -> None:
    question = ask(referrer, patient)
    other = visitor(system, "referrer:dr-lindqvist")
    for path in (f"/advice/{question}", f"/patients/{patient}/ask"):
        assert other.get(path).status == 404
    assert f"/advice/{question}" not in other.get("/").links
    own = visitor(system, f"patient:{patient}")
    assert own.get(f"/advice/{question}").status == 404
    assert QUESTION not in own.get("/").text
    form = referrer.get(f"/advice/{question}").form("advice-close")
    assert referrer.client.post(f"/advice/{question}/delete", data=form.values).status_code == 404


def test_pages_of_a_question_are_whole_in_spanish(system: Running, patient: str) -> None:
    referrer, psychology = visitor(system, REFERRER, "es"), visitor(system, PSYCHOLOGY, "es")
    page = referrer.get(f"/patients/{patient}/ask")
    assert "La respuesta suele llegar en 5 días" in page.text
    question = ask(referrer, patient)
    assert "Psicología todavía no ha respondido" in referrer.page.text
    assert "Cómo hablar de psicología con la persona" in psychology.get("/").text
    assert "Solo lo leen profesionales" in psychology.get(f"/advice/{question}").text
