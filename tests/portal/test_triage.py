"""Triage through the real pages: what the rules say, and every decision that psychology can take."""

import pytest

from deploy.visitor import Visitor
from tests.portal.api import OKAFOR, post, referred
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, accept, refer, register, visitor
from tests.portal.test_tidy import is_sound


@pytest.fixture
def referrer(system: Running) -> Visitor:
    return visitor(system, REFERRER)


@pytest.fixture
def psychology(system: Running) -> Visitor:
    return visitor(system, PSYCHOLOGY)


def test_psychology_reads_what_the_rules_recommend_and_why(referrer: Visitor, psychology: Visitor) -> None:
    page = psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    for said in ("Step 3. Urgent.", "Severe pain together with marked distress.", "No clinical lead has approved"):
        assert said in page.text
    assert "pain-severe" not in page.text
    form = page.form("accept")
    assert (form.values["step"], form.values["priority"]) == (["3"], ["urgent"])
    is_sound(page)


def test_who_decides_otherwise_says_why_and_it_stays_on_record(referrer: Visitor, psychology: Visitor) -> None:
    psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    page = psychology.submit("accept", rationale="A first step.", step="1")
    assert page.status == 422
    assert "#accept-departure" in page.links
    assert page.form("accept").values["step"] == ["1"]
    is_sound(page)
    page = psychology.submit("accept", departure="She asks for a light start.")
    assert page.query == "done=referral-accept"
    assert "Why psychology decided otherwise" in page.text
    assert "She asks for a light start." in page.text
    assert "Step 3. Urgent." in page.text


def test_flags_wishes_and_what_came_along_are_shown(system: Running, referrer: Visitor, psychology: Visitor) -> None:
    wishes = {"format": "group", "mode": "video", "language": "es", "times": ["evening"]}
    flags = ["recent_loss", "self_harm_concern"]
    referral = referred(system, register(referrer), flags=flags, preferences=wishes)
    post(system, OKAFOR, f"/referrals/{referral}/attach", {"kind": "letter", "text": "Dear colleague."})
    page = psychology.get(f"/referrals/{referral}")
    assert "A person must look first. No step is recommended." in page.text
    for said in ("A recent loss", "Worry about self-harm", "In a group", "By video", "Spanish", "Evening"):
        assert said in page.text
    for said in ("Letter", "Dear colleague."):
        assert said in page.text


def test_what_the_pathway_asks_for_and_is_not_there_stands_against_accepting(
    system: Running, referrer: Visitor, psychology: Visitor
) -> None:
    referral = referred(system, register(referrer), {"pathway": "pain-trauma"})
    page = psychology.get(f"/referrals/{referral}")
    assert not page.has_form("accept")
    assert page.has_form("return")
    missing = page.text.partition("Still missing")[2]
    assert missing.split()[0] == "Letter"
    post(system, OKAFOR, f"/referrals/{referral}/attach", {"kind": "letter", "text": "Dear colleague."})
    page = psychology.get(f"/referrals/{referral}")
    assert page.has_form("accept")
    assert "Still missing" not in page.text


def test_somebody_takes_it_on_and_changes_the_priority(referrer: Visitor, psychology: Visitor) -> None:
    psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    page = psychology.submit("take-on")
    assert page.query == "done=referral-take-on"
    assert "Looked at byYuki Tanaka" in page.text
    assert not page.has_form("take-on")
    assert "Please give the reason" in psychology.submit("prioritise", priority="very_urgent").text
    page = psychology.submit("prioritise", priority="very_urgent", rationale="Cannot sleep at all.")
    assert page.query == "done=referral-prioritise"
    assert "PriorityVery urgent" in page.text


def test_a_decision_needs_a_reason_of_those_that_the_service_names(referrer: Visitor, psychology: Visitor) -> None:
    psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    page = psychology.submit("decline", rationale="Full until May.")
    assert page.status == 422
    assert "Please choose a reason" in page.text
    page = psychology.submit("decline", reason_code="already_in_treatment")
    assert page.query == "done=referral-decline"
    assert "Support of this kind is already under way." in page.text
    assert not page.has_form("accept")


@pytest.mark.parametrize(("to", "name"), [("pain-trauma", "Pain and trauma"), ("primary-care", "Primary care")])
def test_somebody_is_sent_on_to_another_service(referrer: Visitor, psychology: Visitor, to: str, name: str) -> None:
    page = psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    assert name in page.text
    assert 'value="pain-psychology"' not in page.html
    assert "Please choose where to send it on to" in psychology.submit("redirect", rationale="Fits better.").text
    page = psychology.submit("redirect", to=to)
    assert page.query == "done=referral-redirect"
    assert not page.has_form("redirect")


def test_what_was_declined_is_opened_again_and_what_was_a_mistake_is_marked(
    referrer: Visitor, psychology: Visitor
) -> None:
    psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    psychology.submit("decline", reason_code="no_capacity", rationale="Full.")
    page = psychology.submit("reopen", rationale="A place came free.")
    assert page.query == "done=referral-reopen"
    assert page.has_form("accept")
    assert "Please say what went wrong" in psychology.submit("enter-in-error").text
    page = psychology.submit("enter-in-error", note="The wrong person.")
    assert page.query == "done=referral-enter-in-error"
    assert [form.name for form in page.forms] == ["language", "sign-out"]


def test_a_cancellation_is_confirmed(system: Running, referrer: Visitor, psychology: Visitor) -> None:
    referral = refer(referrer, register(referrer))
    post(system, OKAFOR, f"/referrals/{referral}/request-cancellation", {"reason_code": "moved_away"})
    page = psychology.get("/")
    assert f"/referrals/{referral}" in page.links
    assert "Cancellations to confirm" in page.text
    page = psychology.get(f"/referrals/{referral}")
    assert "The person has moved away." in page.text
    assert psychology.submit("confirm-cancellation").query == "done=referral-confirm-cancellation"
    assert f"/referrals/{referral}" not in psychology.get("/waiting/cancellations").links


def test_a_cancellation_is_turned_down_and_the_pain_team_reads_why(
    system: Running, referrer: Visitor, psychology: Visitor
) -> None:
    referral = refer(referrer, register(referrer))
    post(system, OKAFOR, f"/referrals/{referral}/request-cancellation", {"reason_code": "other"})
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("turn-down-cancellation")
    assert "Please give the reason for your decision." in page.text
    page = psychology.submit("turn-down-cancellation", rationale="They told us that they wish to go on.")
    assert page.query == "done=referral-turn-down-cancellation"
    assert "They told us that they wish to go on." in referrer.get(f"/referrals/{referral}").text


def test_a_stale_form_shows_how_it_stands_now(referrer: Visitor, psychology: Visitor) -> None:
    psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    form = psychology.page.form("return")
    psychology.submit("take-on")
    page = psychology.submit(form, rationale="Pacing first.")
    assert page.status == 412
    assert page.form("return").values["rationale"] == ["Pacing first."]


def test_the_referrer_reads_nothing_of_triage_and_cannot_decide(referrer: Visitor, psychology: Visitor) -> None:
    referral = refer(referrer, register(referrer))
    assert "rules recommend" not in referrer.page.text
    form = psychology.get(f"/referrals/{referral}").form("accept")
    token = {"form_token": referrer.page.form("sign-out").values["form_token"]}
    form.values.update(token, rationale=["I say so."])
    assert referrer.send(form).status_code in (403, 404)
    assert "Psychology has not decided yet" in referrer.get(f"/referrals/{referral}").text


def test_triage_is_whole_in_spanish(system: Running, referrer: Visitor) -> None:
    psychology = visitor(system, PSYCHOLOGY, "es")
    page = psychology.get(f"/referrals/{refer(referrer, register(referrer))}")
    for said in ("Qué recomiendan las reglas de triaje", "Nivel 3. Urgente.", "Dolor intenso junto con un malestar"):
        assert said in page.text
    is_sound(page)
    page = psychology.submit("accept", rationale="Encaja.", step="1")
    assert "Diga por qué decide otra cosa" in page.text


def test_home_shows_whom_an_introduction_is_owed_and_how_to_be_in_touch(
    system: Running, referrer: Visitor, psychology: Visitor
) -> None:
    patient = register(referrer, new_to_mental_health="yes")
    referral = refer(referrer, patient)
    accept(system, psychology, referral)
    assert "Introduction owed" in psychology.get("/waiting/invited").text
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("warm-handoff", note="Met her with Dr Okafor.")
    assert page.query == "done=referral-warm-handoff"
    assert not page.has_form("warm-handoff")
    body = {"reason_code": "needs_time", "contact": "call", "ask_again_at": "2199-01-01T09:00:00Z"}
    post(system, OKAFOR, f"/referrals/{referral}/undecided", body)
    page = psychology.get("/waiting/undecided")
    assert f"/referrals/{referral}" in page.links
    assert "Would like a call. Ask again Tuesday 1 January 2199." in " ".join(page.text.split())
