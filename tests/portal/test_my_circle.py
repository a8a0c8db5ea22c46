"""A person's own circle on its pages: what they read of the others, and what the others read of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.portal.circle_story import LINK, asks, joins, leads, named, psychologist, starts, treated, until
from tests.portal.running import Running, running
from tests.portal.story import visitor
from tests.portal.test_tidy import is_sound


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("my-circle")) as system:
        yield system


def test_an_invitation_is_answered(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Tea circle")
    rosa, patient = treated(own)
    assert rosa.get("/my-circle").status == 404
    asks(own, circle, psychology, patient)
    page = until(own, rosa, "/", "Would you like to join them?")
    assert "Would you like to join them?" in page.text
    page = rosa.get("/my-circle")
    is_sound(page)
    assert "How may the others call you?" in page.text
    assert LINK not in page.html
    assert rosa.submit("answer-circle", shown="name", name="Rosi").query == "done=circle-yes"
    own.settle()
    page = rosa.get("/my-circle")
    is_sound(page)
    home = until(own, rosa, "/", "The people of your circle are here for each other.")
    assert "The people of your circle are here for each other." in home.text

    omar, other = treated(own)
    asks(own, circle, psychology, other)
    assert omar.get(page.path).status == 404
    omar.get("/my-circle")
    assert "Rosi" not in omar.page.html
    assert omar.submit("decline-circle").query == "done=circle-no"
    own.settle()
    assert "and that is fine" in omar.get("/my-circle").text
    assert "Your circle" not in omar.get("/").text


def test_nobody_else_sees_a_message_before_it_is_released(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Walk circle")
    leader, _ = leads(own, circle, psychology, "Ines")
    lia, _ = joins(own, circle, psychology, "Lia")
    tom, _ = joins(own, circle, psychology, "Tom")
    lia.get("/my-circle")
    page = lia.submit("write-message", text="   ")
    assert page.status == 422
    is_sound(page)
    page = lia.submit("write-message", text="I walked to the market.")
    assert page.query == "done=circle-message"
    assert "This will be shown once somebody has read it." in page.text
    own.settle()
    assert "I walked to the market." not in tom.get("/my-circle").html
    assert tom.get(f"{tom.page.path}/lead").status == 404

    page = leader.get(f"{leader.get('/my-circle').path}/lead")
    is_sound(page)
    assert "I walked to the market." in page.text
    assert leader.submit(named(leader, "show-")).query == "done=circle-shown"
    page = until(own, tom, "/my-circle", "I walked to the market.")
    is_sound(page)
    assert "I walked to the market." in page.text

    assert tom.submit(named(tom, "report-")).status == 422
    is_sound(tom.page)
    assert tom.submit(named(tom, "report-"), reason_code="private_matter").query == "done=circle-report"
    own.settle()
    assert "I walked to the market." not in leader.get("/my-circle").html
    leader.get(f"{leader.page.path}/lead")
    assert "I walked to the market." not in leader.page.html
    assert "Tom" in psychology.get(circle).text
    page = psychology.get("/circles/to-check")
    is_sound(page)
    assert "Reported by a member" in page.text


def test_words_that_worry_bring_help_before_anything_else(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Dawn circle")
    leader, _ = leads(own, circle, psychology, "Ines")
    lia, _ = joins(own, circle, psychology, "Lia")
    lia.get("/my-circle")
    page = lia.submit("write-message", text="I want to end my life. " + "So tired. " * 250)
    assert page.status == 422
    assert "116 123" in page.text
    is_sound(page)
    page = lia.submit("write-message", text="I want to end my life.")
    assert page.path.endswith("/support")
    is_sound(page)
    assert "116 123" in page.text
    own.settle()
    page = leader.get(f"{leader.get('/my-circle').path}/lead")
    assert "end my life" not in page.html
    assert "end my life" not in leader.get("/my-circle").html

    links = psychology.get("/").links
    alert = psychology.get(next(link for link in links if link.startswith("/alerts/")))
    assert "I want to end my life." in alert.text
    [way] = [link for link in alert.links if link.startswith("/circles/to-check#")]
    page = psychology.get(way)
    is_sound(page)
    assert f'id="{way.partition("#")[2]}"' in page.html
    assert alert.path in page.links
    psychology.submit(f"remove-{way.partition('#')[2]}", reason="other")
    assert not [link for link in psychology.get(alert.path).links if link.startswith("/circles/to-check")]


def test_goals_kind_words_not_reading_somebody_and_leaving(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "River circle")
    lia, _ = joins(own, circle, psychology, "Lia")
    tom, _ = joins(own, circle, psychology, "Tom")
    lia.get("/my-circle")
    lia.submit("write-goal", text="A short walk each day.")
    own.settle()
    psychology.get("/circles/to-check")
    goal = next(
        form
        for form in psychology.page.forms
        if form.name.startswith("show-") and "A short walk" in psychology.page.html.partition(form.name)[0]
    )
    psychology.submit(goal)
    own.settle()
    tom.get("/my-circle")
    assert tom.submit(named(tom, "join-")).query == "done=circle-join"
    assert "You are in." in until(own, tom, "/my-circle", "You are in.").text
    page = until(own, lia, "/my-circle", "1 more person is in.")
    is_sound(page)
    assert "1 more person is in." in page.text
    assert lia.submit(named(lia, "reached-")).query == "done=circle-reached"

    tom.get("/my-circle")
    assert tom.submit(named(tom, "word-"), word="well_done").query == "done=circle-word"
    assert "Well done" in until(own, lia, "/my-circle", "Well done").text
    page = tom.get("/my-circle")
    assert not [form for form in page.forms if form.name.startswith("word-")]
    assert tom.submit("mute").query == "done=circle-muted"
    assert "A short walk each day." not in tom.get("/my-circle").html
    assert tom.submit("mute").query == "done=circle-unmuted"
    assert "A short walk each day." in tom.get("/my-circle").html

    page = lia.get(f"{lia.get('/my-circle').path}/leave")
    is_sound(page)
    assert "What you wrote goes with you." in page.text
    assert lia.submit("leave-circle").query == "done=circle-left"
    own.settle()
    html = tom.get("/my-circle").html
    assert "A short walk each day." not in html
    assert "Lia" not in html


def test_whoever_leads_plans_says_who_was_there_and_stays_in_touch(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Hill circle")
    leader, patient = leads(own, circle, psychology, "Ines")
    joins(own, circle, psychology, None)
    leader.get(f"{leader.get('/my-circle').path}/lead")
    page = leader.submit("plan-meeting", minutes="60")
    assert page.status == 422
    is_sound(page)
    soon = own.clock.now() + timedelta(hours=30)
    page = leader.submit("plan-meeting", at=f"{soon:%Y-%m-%dT%H:%M}", minutes="60", topic="welcome")
    assert page.query == "done=circle-meetings", page.text
    page = leader.submit(named(leader, "contact-"), reached="yes", minutes="10")
    assert page.query == "done=circle-contact", page.text
    assert "The next meeting is" in leader.get("/my-circle").text
    assert LINK in leader.page.html
    own.clock.offset += timedelta(days=2)
    own.settle()
    leader = visitor(own, f"patient:{patient}")
    page = until(own, leader, f"{leader.get('/my-circle').path}/lead", "Person 2, who shows no name")
    is_sound(page)
    assert "Person 2, who shows no name" in page.text
    assert leader.submit("held-1").query == "done=circle-held"
    assert "0 people were there" in leader.page.text


def test_a_leader_leaves_a_message_to_the_team_and_a_name_that_worries_is_not_shown(own: Running) -> None:
    psychology = psychologist(own)
    circle = starts(psychology, "Lake circle")
    leader, _ = leads(own, circle, psychology, "Ines")
    tom, _ = joins(own, circle, psychology, "Tom")
    tom.get("/my-circle")
    tom.submit("write-message", text="I give my things away.")
    page = until(own, leader, f"{leader.get('/my-circle').path}/lead", "I give my things away.")
    assert leader.submit(named(leader, "report-")).status == 422
    is_sound(leader.page)
    page = leader.submit(named(leader, "report-"), reason_code="worried_about_them")
    assert (page.path.endswith("/lead"), page.query) == (True, "done=circle-report")
    assert "I give my things away." not in page.text
    page = until(own, psychology, "/circles/to-check", "Worried about the person")
    assert "Worried about the person" in page.text

    tom.get("/my-circle")
    page = tom.submit("circle-name", shown="name", name="No reason to live")
    assert page.path.endswith("/support")
    assert "116 123" in page.text
    assert "You show no name" in tom.get("/my-circle").text
    until(own, psychology, "/", "Lake circle")
    alerts = [psychology.get(link) for link in psychology.page.links if link.startswith("/alerts/")]
    [alert] = [one for one in alerts if "The name that the person chose in a circle" in one.text]
    is_sound(alert)
    assert circle in alert.links


def test_in_spanish(own: Running) -> None:
    psychology = psychologist(own, "es")
    circle = starts(psychology, "Círculo del parque")
    is_sound(psychology.get(circle))
    assert "Nadie lo guía" in psychology.page.text


def test_whoever_is_in_it_reads_all_of_it_in_spanish(own: Running) -> None:
    psychology = psychologist(own, "es")
    circle = starts(psychology, "Círculo del mar")
    leader, patient = leads(own, circle, psychology, "Pilar")
    leader.get("/my-circle")
    leader.submit("write-goal", text="Diez minutos al aire libre.")
    spanish = visitor(own, f"patient:{patient}", "es")
    page = spanish.get("/my-circle")
    is_sound(page)
    assert "Se mostrará cuando alguien lo haya leído." in page.text
    is_sound(spanish.get(f"{page.path}/lead"))
    for path in ("/circles", "/circles/to-check", "/peer-leaders", circle):
        is_sound(psychology.get(path))
        assert psychology.page.language == "es"
