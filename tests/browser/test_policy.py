"""The content security policy against a real browser: what breaks it does not run. Every seat sees to our own pages."""

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import seat
from tests.portal.running import Running

pytestmark = pytest.mark.browser


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
    with seat(browser, system.addresses["portal"], "") as guest:
        guest.page.goto("/help")
        with guest.page.expect_console_message(lambda said: "Content Security Policy" in said.text):
            guest.page.evaluate(f"() => {{ {injected} }}")
        assert not guest.page.evaluate("window.ran")


def test_a_page_of_another_site_cannot_frame_ours_or_send_a_form_here(browser: Browser, system: Running) -> None:
    """A button under somebody's cursor that they do not see; and a form that another site submits."""
    address = system.addresses["portal"]
    context = browser.new_context()
    page = context.new_page()
    other = address.replace("127.0.0.1", "localhost")
    page.route(
        f"{other}/elsewhere", lambda route: route.fulfill(body=_ELSEWHERE.format(address), content_type="text/html")
    )
    with page.expect_event("requestfailed", lambda request: request.url == f"{address}/help"):
        page.goto(f"{other}/elsewhere")
    with page.expect_navigation() as gone:
        page.locator("button").click()
    assert gone.value.status == 403
    context.close()


_ELSEWHERE = """<iframe src="{0}/help"></iframe>
<form method="post" action="{0}/language"><input name="language" value="es"><button>win</button></form>"""
