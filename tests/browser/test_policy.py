"""The content security policy against a real browser: no page of ours breaks it, and what breaks it does not run."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.seat import seat
from tests.portal.every_page import browser_of, walk
from tests.portal.running import Running
from tests.portal.whole_clinic import Person, seeded

pytestmark = pytest.mark.browser


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """What the browser complains of meanwhile."""
    heard: list[str] = []
    page.on("console", lambda one: heard.append(f"{page.url}: {one.text}") if one.type == "error" else None)
    page.on("pageerror", lambda fault: heard.append(f"{page.url}: {fault}"))
    yield heard


def test_no_page_of_the_table_breaks_the_policy_or_a_script(browser: Browser, system: Running) -> None:
    opened: set[tuple[str, str]] = set()
    for person in seeded(system):
        paths = list(_new(system, person, opened))
        with seat(browser, system.addresses["portal"], person.who) as sat, listening(sat.page) as heard:
            for path in paths:
                answer = sat.page.goto(path)
                assert answer is not None
                assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
            assert heard == []
    assert len({kind for _, kind in opened}) > 80


def _new(system: Running, person: Person, opened: set[tuple[str, str]]) -> Iterator[str]:
    """One page of each kind that nobody in this role has opened yet."""
    for one in walk(browser_of(system, person), person):
        if one.page.status == 200 and (person.role, one.kind) not in opened:
            opened.add((person.role, one.kind))
            yield one.path


@pytest.mark.parametrize(
    "injected",
    [
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)",
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>'); window.ran = 0",
        "const i = new Image(); i.src = 'https://elsewhere.example/x.png'; document.body.append(i)",
        "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"/help\"></iframe>')",
        "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"window.ran = 1\" id=b>x</b>');"
        "document.getElementById('b').click()",
    ],
    ids=["script", "style", "image", "frame", "handler"],
)
def test_what_somebody_got_into_a_page_does_not_run_and_is_complained_of(
    browser: Browser, system: Running, injected: str
) -> None:
    with seat(browser, system.addresses["portal"], "") as guest, listening(guest.page) as heard:
        guest.page.goto("/help")
        guest.page.evaluate(f"() => {{ {injected} }}")
        guest.page.wait_for_function("() => document.readyState === 'complete'")
        guest.page.wait_for_timeout(100)
        assert not guest.page.evaluate("window.ran")
        assert [one for one in heard if "Content Security Policy" in one]


def test_a_page_of_another_site_cannot_frame_ours_or_send_a_form_here(browser: Browser, system: Running) -> None:
    """A button under somebody's cursor that they do not see; and a form that another site submits."""
    address = system.addresses["portal"]
    context = browser.new_context()
    page = context.new_page()
    with listening(page) as heard:
        other = address.replace("127.0.0.1", "localhost")
        page.route(
            f"{other}/elsewhere", lambda route: route.fulfill(body=_ELSEWHERE.format(address), content_type="text/html")
        )
        page.goto(f"{other}/elsewhere")
        page.wait_for_function("() => document.querySelector('iframe') !== null")
        assert [one for one in heard if "frame-ancestors" in one]
        with page.expect_navigation() as gone:
            page.locator("button").click()
        assert gone.value.status == 403
    context.close()


_ELSEWHERE = """<iframe src="{0}/help"></iframe>
<form method="post" action="{0}/language"><input name="language" value="es"><button>win</button></form>"""
