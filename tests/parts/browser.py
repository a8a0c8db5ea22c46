"""A real browser: Chromium from the system, else the one playwright keeps for itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.parts.missing import Missing

NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox, since tests often run as root in a container; and no calls home.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ADVICE = "install Chromium (deploy/install-parts.sh, or playwright install chromium)"


@contextmanager
def browser() -> Iterator[Browser]:
    """A started browser, for the time of the block.

    While it is open, playwright's own event loop counts as running in this thread, and no async test could run. So
    a block spans one test or some plain ones, never the whole session.
    """
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        program = next(filter(None, map(shutil.which, NAMES)), None) or (str(own) if own.exists() else None)
        if not program:
            raise Missing(f"browser: {ADVICE}")
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield started
        finally:
            started.close()
