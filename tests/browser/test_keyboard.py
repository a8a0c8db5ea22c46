"""With the keyboard alone everybody does what they came for, and always sees where they are: a patient answers, a
caregiver takes part, a clinician refers, psychology takes somebody on and looks after danger, an operator mends.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from shared.contracts.interventions import ASSESSMENT_QUESTIONS
from tests.browser.seat import Seat, seat
from tests.portal.carer_story import named
from tests.portal.running import Running
from tests.portal.story import ANSWERS, PSYCHOLOGY, REFERRER, refer, register, started, visitor
from tests.portal.test_operator import hold
from tests.portal.whole_clinic import alarming

pytestmark = pytest.mark.browser

MOST_STOPS = 150
WIDTHS = pytest.mark.parametrize("width", [1280, 320])
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  // Of a link over two lines the first: the middle of both may be on neither.
  const box = at.getClientRects()[0] || at.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    html: at.outerHTML.slice(0, 160),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(top && (at.contains(top) || top.contains(at) && top.matches("label, fieldset, form"))),
    by: top ? top.outerHTML.slice(0, 80) : "",
  };
}"""


class Keys:
    """Somebody who has no mouse. Wherever they stop, it shows, and nothing lies over it."""

    def __init__(self, sat: Seat) -> None:
        self.sat, self.page = sat, sat.page
        # A page that glides would be looked at on its way.
        self.page.emulate_media(reduced_motion="reduce")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self._looks()

    def to(self, where: Locator) -> None:
        """Tab until that has the focus."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            if where.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"no key leads to {where}")

    def write(self, where: Locator, words: str) -> None:
        self.to(where)
        self.page.keyboard.type(words)
        assert where.input_value() == words

    def choose(self, form: str, field: str, value: str) -> None:
        """Into a row of choices with Tab, then along it with the arrows."""
        choices = self.sat.form(form).locator(f'input[name="{field}"]')
        self.to(choices.first)
        self.press("Space")
        for _ in range(choices.count()):
            if self._chosen(form, field) == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"the arrows do not lead to {value} of {field}")

    def _chosen(self, form: str, field: str) -> str:
        return str(self.sat.form(form).locator(f'input[name="{field}"]:checked').input_value())

    def enter(self, where: Locator) -> None:
        """There, and press it: the page that follows."""
        self.to(where)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, summary: Locator) -> None:
        """Open what is folded."""
        self.to(summary)
        self.press("Space")

    def skip(self) -> None:
        """Past the head of the page, which comes first."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"

    def _looks(self) -> None:
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        if found["html"].startswith("<body"):
            return
        assert found["seen"], f"one does not see that {found['html']} has the focus"
        assert found["inside"], f"{found['html']} is not on the screen"
        assert not found["covered"], f"{found['html']} lies under {found['by']}"


@WIDTHS
def test_a_patient_answers_with_keys_alone(system: Running, browser: Browser, width: int) -> None:
    person = started(system)
    with seat(browser, system.addresses["portal"], "") as sat:
        sat.page.context.add_cookies(
            [{"name": "carepath", "value": person.client.cookies["carepath"], "url": system.addresses["portal"]}]
        )
        sat.page.set_viewport_size({"width": width, "height": 640})
        sat.page.goto("/")
        keys = Keys(sat)
        keys.skip()
        keys.enter(sat.page.locator('main a[href^="/questions/"]').first)
        for number in (1, 2, 3):
            sat.says(f"Question {number} of 3")
            keys.skip()
            keys.choose("answer", "answer", str(number + 3))
            keys.enter(sat.form("answer").locator("button"))
        sat.says("Your answers are saved")
        keys.skip()
        keys.enter(sat.page.locator('main a[href$="/check"]'))
        sat.says("4 (No pain 0")


def test_a_clinician_writes_a_referral_with_keys_alone(system: Running, browser: Browser) -> None:
    patient = register(visitor(system, REFERRER))
    with seat(browser, system.addresses["portal"], REFERRER) as sat:
        sat.page.goto(f"/patients/{patient}/refer")
        keys = Keys(sat)
        keys.skip()
        keys.enter(sat.form("draft").locator("button"))
        keys.skip()
        form = sat.form("refer")
        keys.write(form.locator("[name=reason]"), "Back pain for four years.")
        keys.write(form.locator("[name=goal]"), "To walk to the market.")
        for name, value in sorted(ANSWERS.items()):
            keys.choose("refer", name, value)
        keys.enter(form.locator("button"))
        sat.says("Psychology has not decided yet.")


@WIDTHS
def test_a_caregiver_takes_part_with_keys_alone(system: Running, browser: Browser, width: int) -> None:
    _, who = named(system, f"Luis Width{width}")
    with seat(browser, system.addresses["portal"], f"caregiver:{who}") as sat:
        sat.page.set_viewport_size({"width": width, "height": 640})
        keys = Keys(sat)
        keys.skip()
        keys.enter(sat.form("trust-yes").locator("button"))
        keys.skip()
        keys.enter(sat.page.locator('main a[href="/for-you"]'))
        keys.skip()
        keys.enter(sat.page.locator("main a.button").first)
        keys.skip()
        keys.enter(sat.form("carer-read").locator("button"))
        sat.page.goto("/for-you/check")
        keys.skip()
        keys.choose("check", "q-sleep", "often")
        keys.choose("check", "safe", "yes")
        keys.enter(sat.form("check").locator("button"))
        assert sat.form("check").count() == 0 or "problem" not in sat.page.content()


@WIDTHS
def test_psychology_takes_somebody_on_with_keys_alone(system: Running, browser: Browser, width: int) -> None:
    referral = refer(referrer := visitor(system, REFERRER), register(referrer))
    alarming(system)
    with seat(browser, system.addresses["portal"], PSYCHOLOGY) as sat:
        sat.page.set_viewport_size({"width": width, "height": 640})
        keys = Keys(sat)
        keys.skip()
        keys.enter(sat.page.locator('.alarm a[href^="/alerts/"]').first)
        keys.skip()
        keys.enter(sat.form("acknowledge-alert").locator("button"))
        keys.skip()
        for name in (*ASSESSMENT_QUESTIONS, "concern"):
            keys.to(sat.form("assess-alert").locator(f"[name={name}]").first)
            keys.press("Space")
        keys.enter(sat.form("assess-alert").locator("button"))
        keys.skip()
        keys.write(sat.form("close-alert").locator("[name=plan]"), "Safe at home.")
        keys.enter(sat.form("close-alert").locator("button"))
        sat.says("The alert is closed")
        sat.page.goto(f"/referrals/{referral}")
        keys.skip()
        keys.write(sat.form("accept").locator("[name=rationale]"), "Pain and low mood hold each other up.")
        keys.enter(sat.form("accept").locator("button"))
        sat.says("The person is now asked whether they would like to start.")


@WIDTHS
def test_an_operator_mends_with_keys_alone(system: Running, browser: Browser, width: int) -> None:
    patient = register(visitor(system, REFERRER))
    system.settle()
    hold(system, patient)
    with seat(browser, system.addresses["portal"], "operator:op-byrne") as sat:
        sat.page.set_viewport_size({"width": width, "height": 640})
        keys = Keys(sat)
        keys.skip()
        held = sat.page.locator("article", has=sat.page.locator(f'input[value="{patient}"]'))
        keys.unfold(held.locator("summary"))
        keys.write(held.locator("[name=reason]"), "Made by a test.")
        keys.enter(held.locator('form[data-form="discard"] button'))
        sat.says("Made by a test.")
        assert held.count() == 0


def test_leaving_quickly_is_two_keys_away(system: Running, browser: Browser) -> None:
    with seat(browser, system.addresses["portal"], "") as guest:
        keys = Keys(guest)
        keys.press("Tab")
        keys.press("Tab")
        keys.press("Tab")
        assert guest.page.evaluate("document.activeElement.className") == "leave"
