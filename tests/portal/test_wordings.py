"""Psychology changes what messages say, through the pages: written, seen, mended, published, taken back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deploy.visitor import PageSeen, Visitor
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound

COORDINATOR = "psychology:psy-moreno"
SENT = "/wordings/referral_sent/en"
OURS = {
    "email": "There is a note for you\n\nPlease sign in to read it.",
    "inbox": "We got your letter\n\nIt is here, and we will read it soon.",
    "because": "your pain team wrote to us",
}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Half past five: what can wait of today's messages waits for tomorrow's first part of the day."""
    with running(tmp_path_factory.mktemp("evening")) as system:
        now = datetime.now(ZoneInfo("Europe/London"))
        system.clock.offset = now.replace(hour=17, minute=30) + timedelta(days=1) - now
        yield system


def sound(page: PageSeen) -> PageSeen:
    assert page.status == 200, page.text
    is_sound(page)
    return page


def drafted(browser: Visitor, path: str = SENT, **words: str) -> PageSeen:
    browser.get(path)
    page = browser.submit("draft-wording", **{**OURS, **words})
    assert page.query == "done=wording-draft", page.text
    return sound(page)


def patient_of(system: Running) -> Visitor:
    """Somebody who was told that their referral was sent, and whose e-mail may wait."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    refer(referrer, patient)
    system.settle()
    return visitor(system, f"patient:{patient}")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Appointments and group dates"), ("es", "Citas y fechas de grupo")]
)
def test_psychology_finds_every_message_by_what_it_is_about(system: Running, language: str, said: str) -> None:
    browser = visitor(system, PSYCHOLOGY, language)
    assert "/wordings" in browser.page.links
    page = sound(browser.get("/wordings"))
    assert said in page.text
    assert {SENT, SENT.replace("/en", "/es"), "/wordings/risk_alert/en"} <= set(page.links)
    assert "referral_sent" not in page.text
    sound(browser.get(SENT))
    sound(browser.get(SENT.replace("/en", "/es")))


def test_nobody_else_finds_them(system: Running) -> None:
    for browser in (visitor(system, REFERRER), patient_of(system), visitor(system, "operator:op-byrne")):
        assert browser.get("/wordings").status == 404
        assert browser.get(SENT).status == 404
    assert visitor(system, PSYCHOLOGY).get("/wordings/no_such/en").status == 404


def test_words_are_seen_before_they_are_published_and_what_waits_keeps_its_own(system: Running) -> None:
    before = patient_of(system)
    browser = visitor(system, PSYCHOLOGY)
    page = drafted(browser)
    for said in ("There is a note for you", "We got your letter", "your pain team wrote to us", "Nobody reads it yet"):
        assert said in page.text
    assert "We got your letter" not in patient_of(system).get("/inbox").text
    browser.get(SENT)
    page = browser.submit("publish-wording")
    assert page.query == "done=wording-publish", page.text
    assert "Your words, version 1" in sound(page).text
    system.settle()
    assert "We got your letter" not in before.get("/inbox").text
    assert "We got your letter" in patient_of(system).get("/inbox").text
    assert "Last changed by" in browser.get("/wordings").text


def test_what_waits_is_counted_and_gets_the_new_words_where_that_is_chosen(evening: Running) -> None:
    browser = visitor(evening, PSYCHOLOGY)
    assert "No e-mail of this kind waits" in drafted(browser).text
    first, second = patient_of(evening), patient_of(evening)
    page = sound(browser.get(SENT))
    assert "2 e-mails of this kind wait to be sent." in page.text
    assert page.form("publish-wording").values["waiting"] == ["keep"]
    browser.submit("publish-wording", waiting="new")
    evening.settle()
    for patient in (first, second):
        assert "We got your letter" in patient.get("/inbox").text
        why = next(link for link in patient.page.links if link.endswith("/why"))
        assert "the clinic changed how this kind of message is worded" in patient.get(why).text
    browser.get(SENT)
    assert browser.submit("restore-wording", waiting="keep").query == "done=wording-restore"
    evening.settle()
    assert "We got your letter" in first.get("/inbox").text
    assert "We got your letter" not in patient_of(evening).get("/inbox").text


def test_a_fault_is_said_beside_its_part_and_nothing_can_be_published(system: Running) -> None:
    browser = visitor(system, PSYCHOLOGY)
    page = drafted(browser, email="Your therapy begins\n\nPlease sign in.", inbox="Hello {{ nobody }}\n\nText.")
    assert "“therap” tells too much" in page.text
    assert "does not know “nobody”" in page.text
    assert page.text.index("tells too much") < page.text.index("does not know")
    assert "It cannot be shown yet" in page.text
    assert not page.has_form("publish-wording")
    assert page.form("draft-wording").values["inbox"] == ["Hello {{ nobody }}\n\nText."]
    spanish = visitor(system, PSYCHOLOGY, "es")
    assert "Este mensaje no conoce «nobody»" in sound(spanish.get(SENT)).text


def test_too_long_a_part_is_said_and_kept(system: Running) -> None:
    browser = visitor(system, PSYCHOLOGY)
    browser.get(SENT)
    page = browser.submit("draft-wording", **{**OURS, "email": "x" * 4001})
    assert page.status == 422
    assert "at most 4,000 letters" in page.text
    assert page.form("draft-wording").values["email"] == ["x" * 4001]
    is_sound(page)


def test_the_second_of_two_who_write_is_asked_and_loses_nothing(system: Running) -> None:
    one, other = visitor(system, PSYCHOLOGY), visitor(system, COORDINATOR)
    path = "/wordings/kind_word/en"
    one.get(path)
    other.get(path)
    kind = {"email": "", "inbox": "Hello from us\n\nWe think of you.", "because": "we wish you well"}
    assert one.submit("draft-wording", **kind).query == "done=wording-draft"
    page = other.submit("draft-wording", **{**kind, "inbox": "Good day\n\nAll the best."})
    assert page.status == 412
    is_sound(page)
    assert "Should yours take its place?" in page.text
    assert "We think of you." in page.text
    assert page.form("draft-wording").values["inbox"] == ["Good day\n\nAll the best."]
    assert other.submit("draft-wording").query == "done=wording-draft"
    assert "All the best." in other.page.text
    # Whoever saw the draft before must not publish what they have not read.
    one.get(path)
    drafted(other, path, **{**kind, "because": "we think of you"})
    assert one.submit("publish-wording").status == 412


def test_the_shipped_words_can_be_restored(system: Running) -> None:
    browser, path = visitor(system, PSYCHOLOGY), "/wordings/module_open/en"
    assert not browser.get(path).has_form("restore-wording")
    drafted(browser, path, email="")
    browser.submit("publish-wording")
    browser.get(path)
    page = browser.submit("restore-wording")
    assert page.query == "done=wording-restore", page.text
    assert "Words that the program came with" in sound(page).text
    assert browser.get(path).form("draft-wording").values["inbox"] != [OURS["inbox"]]
