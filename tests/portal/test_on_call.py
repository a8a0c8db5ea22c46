"""Psychology and operators see who is called now and in the days ahead; nobody else does."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.contracts.on_call import duties
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor
from tests.portal.test_tidy import is_sound


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("on-call")) as system:
        yield system


@pytest.mark.parametrize(
    ("person", "language", "title"),
    [(PSYCHOLOGY, "en", "Who is on call"), ("operator:op-byrne", "es", "Quién está de guardia")],
)
def test_who_is_called_now_and_later(system: Running, person: str, language: str, title: str) -> None:
    # A Wednesday at noon, which the shipped rota covers, whenever the tests run.
    system.clock.offset = datetime(2027, 3, 3, 12, tzinfo=UTC) - datetime.now(UTC)
    browser = visitor(system, person, language)
    page = browser.get("/")
    assert "/on-call" in page.links
    page = browser.get("/on-call")
    is_sound(page)
    names = {member.id: member.name for member in system.clinic.staff}
    first, second = duties(system.clinic, system.clock.now())[:2]
    assert title in page.text
    assert page.text.index(names[first]) < page.text.index(names[second])
    assert page.text.count(names["lead-haddad"]) > 4


def test_others_do_not_see_it(system: Running) -> None:
    assert visitor(system, REFERRER).get("/on-call").status in (403, 404)
