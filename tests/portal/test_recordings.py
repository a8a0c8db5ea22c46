"""Whoever would rather listen than read gets the clinic's recording, in their language, and nobody else's."""

import struct
import wave
from pathlib import Path

import httpx
import pytest

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


def listening(system: Running, browser: Visitor, file: Path, language: str = "en") -> httpx.AsyncClient:
    """The same person at a portal whose clinic has that recording."""
    one = Recording(name="letting-the-breath-settle", language="en", kind="mp3", path=str(file))
    clinic = system.clinic.model_copy(update={"recordings": (one,)})
    settings = PortalSettings(system.addresses, system.secret, clinic, development_sign_in=True, secure_cookies=False)
    cookies = {one.name: one.value or "" for one in browser.client.cookies.jar}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(portal(settings, system.clock)),
        base_url=browser.client.base_url,
        cookies={**cookies, LANGUAGE: language},
    )


async def test_the_page_has_a_player_that_loads_nothing_by_itself_and_the_steps_as_text(
    system: Running, breathing: Visitor, file: Path
) -> None:
    async with listening(system, breathing, file) as client:
        page = PageSeen(await client.get(PAGE))
    [player] = [found for tag, found in page.tags if tag == "audio"]
    assert (player["src"], player["preload"]) == (SOUND, "none")
    assert "controls" in player
    assert 'class="steps"' in page.html
    assert "media-src 'self'" in page.headers["content-security-policy"]
    is_sound(page)


async def test_it_is_served_whole_and_in_parts(system: Running, breathing: Visitor, file: Path) -> None:
    sound = file.read_bytes()  # noqa: ASYNC240 - a second of silence
    async with listening(system, breathing, file) as client:
        whole = await client.get(SOUND)
        part = await client.get(SOUND, headers={"range": "bytes=100-199"})
        beyond = await client.get(SOUND, headers={"range": "bytes=999999-"})
    assert (whole.status_code, whole.content) == (200, sound)
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("audio/mpeg", "bytes")
    assert (part.status_code, part.content) == (206, sound[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(sound)}"
    assert beyond.status_code == 416


async def test_in_another_language_there_is_none(system: Running, breathing: Visitor, file: Path) -> None:
    async with listening(system, breathing, file, "es") as client:
        assert "<audio" not in (await client.get(PAGE)).text
        assert (await client.get(SOUND)).status_code == 404


async def test_nobody_else_hears_it_and_no_path_leads_away(system: Running, breathing: Visitor, file: Path) -> None:
    async with listening(system, breathing, file) as client:
        assert (await client.get("/programme/2/activities/1/recording")).status_code in (404, 409)
        for path in (f"{PAGE}/recording/../../../etc/passwd", f"{PAGE}/..%2frecording", f"{PAGE}/recording%00.mp3"):
            assert (await client.get(path)).status_code == 404
        file.unlink()  # noqa: ASYNC240
        assert (await client.get(SOUND)).status_code == 404
        client.cookies.clear()
        answer = await client.get(SOUND, follow_redirects=False)
        assert answer.status_code in (303, 307)
    staff = visitor(system, PSYCHOLOGY)
    assert staff.client.get(SOUND).status_code in (403, 404)


def test_a_clinic_without_recordings_shows_no_player(breathing: Visitor) -> None:
    assert "<audio" not in breathing.get(PAGE).html
