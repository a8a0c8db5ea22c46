"""The shared plan through the pages: each discipline and the patient see one plan, and nobody what is not theirs."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.visitor import Visitor
from services.portal.dates import Dates
from tests.portal.care_plan import ask, day, form_of, with_all_parts
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor

People = tuple[str, Visitor, Visitor, Visitor]


@pytest.fixture
def people(system: Running) -> People:
    """A patient's id, and the browsers of their referrer, of psychology, and their own."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    system.settle()
    return patient, referrer, visitor(system, PSYCHOLOGY), visitor(system, f"patient:{patient}")


def test_a_goal_in_the_patients_words_is_read_by_both_disciplines_and_reached(people: People) -> None:
    patient, referrer, psychology, own = people
    assert "You have no goals here yet" in own.get("/plan").text
    page = own.submit("set-goal", goal="Dance at the wedding.")
    assert page.query == "done=goal-set"
    for clinician in (referrer, psychology):
        text = clinician.get(f"/patients/{patient}/plan").text
        assert "Dance at the wedding." in text
        assert "In their own words" in text
    change = form_of(psychology.page, "change-goal-")
    rested = psychology.submit(change, status="on_hold", note="After the operation.")
    assert rested.query == "done=goal-changed"
    page = own.get("/plan")
    assert "It rests for now" in page.text
    assert "After the operation." in page.text
    reached = own.submit("reach-goal")
    assert reached.query == "done=goal-changed"
    assert "Done and reached" in reached.text
    assert not reached.has_form("reach-goal")
    assert "Reached." in referrer.get(f"/patients/{patient}/plan").text


def test_what_is_planned_for_the_patient_is_told_done_and_seen(system: Running, people: People) -> None:
    patient, referrer, psychology, own = people
    psychology.get(f"/patients/{patient}/plan")
    psychology.submit("plan-activity", activity="Walk ten minutes.", performer="patient", due=day(system, 4))
    page = psychology.submit("plan-activity", activity="Look at the dose.", performer="pain:dr-okafor")
    assert page.query == "done=activity-planned"
    system.settle()
    assert "We have put something new on your plan" in own.get("/inbox").text
    assert "Your name stands beside something new" in referrer.get("/inbox").text
    assert f"/patients/{patient}/plan" in referrer.page.links

    page = own.get("/plan")
    mine, _, others = page.text.partition("What my team does")
    assert "Walk ten minutes." in mine
    assert "Look at the dose." in others
    assert "Dr Ada Okafor" in others
    done = own.submit("do-activity")
    assert done.query == "done=activity-ended"
    page = referrer.get(f"/patients/{patient}/plan")
    assert "Done." in page.text
    ended = referrer.submit(form_of(page, "end-activity-"), status="cancelled", note="Not needed now.")
    assert ended.query == "done=activity-ended"
    assert "Not needed now." in psychology.get(f"/patients/{patient}/plan").text


def test_a_question_goes_to_the_other_discipline_and_its_answer_back(system: Running, people: People) -> None:
    patient, referrer, psychology, own = people
    referral = refer(referrer, patient)
    question = "Is she ready to lower the dose?"
    referrer.get(f"/patients/{patient}/plan")
    asked = referrer.submit("ask-discussion", question=question, wanted_by=day(system, 5), referral_id=referral)
    assert asked.query == "done=discussion-asked"
    assert f"/referrals/{referral}" in asked.links
    system.settle()

    home = psychology.get("/")
    assert "Questions for you to answer" in home.text
    link = next(link for link in home.links if link.startswith(f"/patients/{patient}/plan#"))
    page = psychology.get(link)
    assert question in page.text
    assert not [form for form in page.forms if form.name.startswith("close-")]
    typed = f"{day(system, 2)}T14:30"
    met = psychology.submit(form_of(page, "schedule-"), meet_at=typed)
    assert met.query == "done=discussion-schedule"
    local = datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(system.clinic.time_zone))
    assert Dates("en", system.clinic.time_zone, system.clock.now()).moment(local) in met.text
    answered = psychology.submit(form_of(met, "answer-"), answer="In a month.", decided="We look again in April.")
    assert answered.query == "done=discussion-answer"
    assert f"/patients/{patient}/plan" not in "".join(psychology.get("/").links)
    system.settle()

    inbox = referrer.get("/inbox").text
    assert "A time to meet is set" in inbox
    assert "Your question has an answer" in inbox
    assert "Answers for you to read" in referrer.get("/").text
    page = referrer.get(f"/patients/{patient}/plan")
    assert "We look again in April." in page.text
    closed = referrer.submit(form_of(page, "close-"))
    assert closed.query == "done=discussion-close"
    assert "Closed. The answer was read." in closed.text
    assert f"/patients/{patient}/plan" not in "".join(referrer.get("/").links)
    assert question not in own.get("/plan").html


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(system: Running, people: People) -> None:
    patient, referrer, psychology, own = people
    page = ask(referrer, patient, "Does she sleep?", "")
    assert "Please write the day by which you want an answer" in page.text
    assert page.form("ask-discussion").values["question"] == ["Does she sleep?"]
    assert "#ask-discussion-wanted_by" in page.links
    page = referrer.submit("plan-activity", activity="Call the surgery.", performer="pain", due=day(system, -1))
    assert "The last day must be today or later" in page.text
    assert page.form("plan-activity").values["activity"] == ["Call the surgery."]
    ask(psychology, patient, "Who prescribes?", day(system, 2))
    referrer.get(f"/patients/{patient}/plan")
    page = referrer.submit(form_of(referrer.page, "schedule-"), meet_at="soon")
    assert "Please write a day and a time" in page.text
    own.get("/plan")
    page = own.submit("set-goal", goal=" ")
    assert page.status == 422
    assert "Please write what you hope to be able to do" in page.text
    assert "at most 500 letters" in own.submit("set-goal", goal="x" * 501).text


def test_a_plan_that_somebody_changed_meanwhile_is_shown_anew(people: People) -> None:
    patient, referrer, psychology, _ = people
    for browser in (referrer, psychology):
        browser.get(f"/patients/{patient}/plan")
    referrer.submit("set-goal", goal="Sleep through.")
    page = psychology.submit("set-goal", goal="Walk the dog.")
    assert page.status == 412
    assert "Sleep through." in page.text
    assert page.form("set-goal").values["goal"] == ["Walk the dog."]
    assert psychology.submit("set-goal").query == "done=goal-set"


def test_a_double_click_adds_one_goal(people: People) -> None:
    _, _, _, own = people
    form = own.get("/plan").form("set-goal")
    answers = [own.send(form, goal="Dance at the wedding.") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert own.get("/plan").html.count('<p class="who">Dance at the wedding.') == 1


def test_a_patient_reads_no_discussion_no_id_and_nobody_elses_plan(system: Running, people: People) -> None:
    patient, _, _, own = people
    with_all_parts(system, patient)
    page = own.get("/plan")
    assert page.html.count("<p>Talk about pacing.") + page.html.count('<p class="who">Talk about pacing.') == 3
    for secret in ("Does she sleep?", "Who prescribes?", "Better.", "discussion"):
        assert secret not in page.html
    assert not re.search(r"(patient|goal|activity)-[0-9a-f]{8}", page.text)
    assert own.get(f"/patients/{patient}/plan").status == 404
    assert visitor(system, "referrer:dr-lindqvist").get(f"/patients/{patient}/plan").status == 404
    operator = visitor(system, "operator:op-byrne")
    assert {operator.get(path).status for path in ("/plan", f"/patients/{patient}/plan")} == {404}


def test_there_is_no_other_step_of_a_discussion(system: Running, people: People) -> None:
    patient, referrer, psychology, _ = people
    ask(psychology, patient, "Who prescribes?", day(system, 2))
    form = form_of(referrer.get(f"/patients/{patient}/plan"), "answer-")
    for action in ("delete", "answer/answer"):
        form.action = f"/patients/{patient}/plan/discussions/{action}"
        assert referrer.send(form, answer="None.").status_code == 404
