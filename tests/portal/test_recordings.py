"""Whoever would rather listen than read gets the clinic's recording, in their language, and nobody else's."""

import struct
import wave
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from deploy.visitor import PageSeen, Visitor
from services.portal.app import portal
from services.portal.session import LANGUAGE
from services.portal.settings import PortalSettings
from shared.contracts.recordings import Recording
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, refer, register, visitor
from tests.portal.test_tidy import is_sound

pytestmark = pytest.mark.usefixtures("system")
PAGE = "/programme/1/activities/1"
SOUND = f"{PAGE}/recording"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A second of silence. What it is called decides what it is taken for."""
    path = tmp_path / "letting-the-breath-settle.en.mp3"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(struct.pack("<h", 0) * 8000)
    return path


@pytest.fixture
def breathing(system: Running) -> Visitor:
    """The browser of somebody whose programme has recordings."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get(f"/referrals/{refer(referrer, patient)}")
    psychology.submit("accept", rationale="To calm the body first.", programme_id="relaxation-pain")
    system.settle()
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    return browser


def listening(system: Running, browser: Visitor, file: Path, language: str = "en") -> TestClient:
    """The same person at a portal whose clinic has that recording."""
    one = Recording(name="letting-the-breath-settle", language="en", kind="mp3", path=str(file))
    clinic = system.clinic.model_copy(update={"recordings": (one,)})
    settings = PortalSettings(system.addresses, system.secret, clinic, development_sign_in=True, secure_cookies=False)
    cookies = {one.name: one.value or "" for one in browser.client.cookies.jar}
    return TestClient(
        portal(settings, system.clock),
        base_url=str(browser.client.base_url),
        cookies={**cookies, LANGUAGE: language},
    )


def test_the_page_has_a_player_that_loads_nothing_by_itself_and_the_steps_as_text(
    system: Running, breathing: Visitor, file: Path
) -> None:
    with listening(system, breathing, file) as client:
        page = PageSeen(client.get(PAGE))
    [player] = [found for tag, found in page.tags if tag == "audio"]
    assert (player["src"], player["preload"]) == (SOUND, "none")
    assert "controls" in player
    assert 'class="steps"' in page.html
    assert "media-src 'self'" in page.headers["content-security-policy"]
    is_sound(page)


def test_it_is_served_whole_and_in_parts(system: Running, breathing: Visitor, file: Path) -> None:
    with listening(system, breathing, file) as client:
        whole = client.get(SOUND)
        part = client.get(SOUND, headers={"range": "bytes=100-199"})
        beyond = client.get(SOUND, headers={"range": "bytes=999999-"})
    assert (whole.status_code, whole.content) == (200, file.read_bytes())
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("audio/mpeg", "bytes")
    assert (part.status_code, part.content) == (206, file.read_bytes()[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{file.stat().st_size}"
    assert beyond.status_code == 416


def test_in_another_language_there_is_none(system: Running, breathing: Visitor, file: Path) -> None:
    with listening(system, breathing, file, "es") as client:
        assert "<audio" not in client.get(PAGE).text
        assert client.get(SOUND).status_code == 404


def test_nobody_else_hears_it_and_no_path_leads_elsewhere(system: Running, breathing: Visitor, file: Path) -> None:
    with listening(system, breathing, file) as client:
        assert client.get("/programme/2/activities/1/recording").status_code in (404, 409)
        for path in (f"{PAGE}/recording/../../../etc/passwd", f"{PAGE}/..%2frecording", f"{PAGE}/recording%00.mp3"):
            assert client.get(path).status_code == 404
        file.unlink()
        assert client.get(SOUND).status_code == 404
        client.cookies.clear()
        answer = client.get(SOUND, follow_redirects=False)
        assert answer.status_code in (303, 307)
    staff = visitor(system, PSYCHOLOGY)
    assert staff.client.get(SOUND).status_code in (403, 404)


def test_a_clinic_without_recordings_shows_no_player(breathing: Visitor) -> None:
    assert "<audio" not in breathing.get(PAGE).html
