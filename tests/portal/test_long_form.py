"""A short questionnaire that comes out positive: a few more questions follow, and what was said is not asked again."""

from tests.portal.acting import TANAKA, act
from tests.portal.running import Running
from tests.portal.story import REFERRER, answer_all, refer, register, visitor


def test_more_questions_follow_and_go_on_where_the_short_ones_ended(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    referral = refer(referrer, patient := register(referrer))
    said = {"rationale": "A light programme first.", "departure": "Begin lightly.", "programme_id": "relaxation-pain"}
    act(system, TANAKA, f"/referrals/{referral}/accept", **said)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    answer_all(browser, "5")
    page = answer_all(browser, "3")
    assert page.path == "/questions/2/sent"
    home = browser.get("/")
    assert "/questions/3" in home.links
    page = browser.get("/questions/3")
    assert page.path == "/questions/3/3"
    assert "Question 3 of 9" in page.text
    assert "What you have said already is kept." in page.text
    assert browser.get("/questions/3/1").status == 200
    answer_all(browser, "1", last="0")
    page = browser.get("/questions/4")
    assert (page.path, "Question 3 of 7" in page.text) == ("/questions/4/3", True)
