"""A caregiver's own pages, a young carer's, and those of psychology about them, in a real browser, narrow and wide."""

from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.carer_story import joins
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY

LONG = "She walks at night and I can not sleep. " * 12


def test_a_caregivers_pages_and_psychologys_look_right(system: Running, browser: Browser) -> None:
    _, _, who = joins(system, "Luis Wolfeschlegelsteinhausen")
    portal = system.addresses["portal"]
    with seat(browser, portal, f"caregiver:{who}") as luis:
        luis.looks_right("carer-home")
        luis.page.goto("/for-you")
        luis.looks_right("carer-for-you")
        luis.page.goto("/for-you/session-1/relaxation")
        luis.looks_right("carer-session")
        luis.page.goto("/for-you/check")
        luis.press("check")
        luis.says("Please answer whether you feel safe")
        luis.looks_right("carer-check-again")
        luis.choose("check", "q-sleep", "always")
        luis.choose("check", "safe", "no")
        luis.form("check").locator("[name=phone]").fill("+44 20 7946 0123")
        luis.press("check")
        luis.says("We have told our team")
        luis.looks_right("carer-check-done")
        luis.page.goto("/for-you/word")
        luis.form("carer-word").locator("[name=words]").fill(f"She says there is no reason to live. {LONG}")
        luis.press("carer-word")
        luis.looks_right("carer-word")
        luis.page.goto("/for-you/support")
        luis.form("carer-support").locator("[name=words]").fill(LONG)
        luis.press("carer-support")
        luis.looks_right("carer-support")
    system.settle()
    with seat(browser, portal, PSYCHOLOGY) as tanaka:
        tanaka.looks_right("carer-work")
        tanaka.page.goto("/caregivers")
        tanaka.looks_right("carers")
        tanaka.goes(tanaka.page.locator(f'form[action^="/caregivers/{who}/support/"] button').first)
        tanaka.page.goto(f"/caregivers/{who}")
        tanaka.page.locator('form[action$="/reply"] [name=words]').fill("Thank you for telling us.")
        tanaka.goes(tanaka.page.locator('form[action$="/reply"] button'))
        tanaka.looks_right("carer-person")
        tanaka.page.goto("/caregivers/over/words")
        tanaka.looks_right("carers-over")
    system.settle()
    with seat(browser, portal, f"caregiver:{who}") as luis:
        luis.says("New for you")
        luis.looks_right("carer-news")
        luis.press("carer-news")
        luis.says("Thank you for telling us.")


def test_a_young_carers_pages_look_right(system: Running, browser: Browser) -> None:
    _, _, who = joins(system, "Mia Joven", young=True)
    with seat(browser, system.addresses["portal"], f"caregiver:{who}") as mia:
        mia.press("language")
        for path, picture in (("", "young"), ("/check", "young-check"), ("/young-carers/who-to-tell", "young-page")):
            mia.page.goto(f"/for-you{path}")
            mia.says("Cuéntaselo a un adulto")
            mia.looks_right(picture)
