"""The list of resources looks right in a real browser: as patients read it, and as psychology keeps it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from tests.browser.seat import Seat, seat
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor

pytestmark = pytest.mark.browser

ENTRIES: tuple[dict[str, str], ...] = (
    {
        "title": "Short walks with benches",
        "text": "A map of level paths near the harbour. Each has a place to rest every few minutes.",
        "link": "https://walks.example/harbour/level-paths-with-benches-and-toilets-on-the-way",
        "topic": "moving",
    },
    {"title": "Caminar poco a poco", "text": "Consejos para empezar.", "language": "es", "topic": "moving"},
    {"title": "Night line", "text": "Somebody listens.", "phone": "+44 20 7946 0999", "topic": "mood"},
)


def _adds(psychology: Seat, system: Running, days: int, **said: str) -> None:
    psychology.page.goto("/resources/new")
    form = psychology.form("add-resource")
    for name, value in said.items():
        field = form.locator(f'[name="{name}"]')
        if name in ("language", "topic"):
            field.select_option(value)
        else:
            field.fill(value)
    form.locator('[name="ends_on"]').fill(f"{system.clock.now() + timedelta(days=days):%Y-%m-%d}")
    psychology.press("add-resource")


def test_psychology_keeps_the_list_and_patients_read_it(browser: Browser, system: Running) -> None:
    patient = register(visitor(system, REFERRER))
    address = system.addresses["portal"]
    with seat(browser, address, PSYCHOLOGY) as psychology:
        psychology.page.goto("/resources/new")
        psychology.looks_right("resource-new")
        psychology.press("add-resource")
        psychology.says("Please write a title")
        psychology.looks_right("resource-faults")
        for number, entry in enumerate(ENTRIES):
            _adds(psychology, system, 5 + 90 * number, **entry)
        psychology.says("Ends soon")
        psychology.looks_right("resources-edit")
        psychology.follow("Short walks with benches")
        psychology.looks_right("resource")
    with seat(browser, address, f"patient:{patient}") as reader:
        reader.follow("More help")
        reader.says("Our team has chosen these")
        reader.looks_right("resources-en")
        reader.press("language")
        reader.says("Nuestro equipo ha elegido esto")
        reader.looks_right("resources-es")
