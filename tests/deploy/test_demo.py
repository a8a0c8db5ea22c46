"""`make demo` and `make journey`, as processes of their own, as people start them."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.visitor import Visitor
from tests.parts.server import ROOT, free_port
from tests.parts.wait import until


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A running demo, and its address once it is open."""
    output = folder.parent / f"{folder.name}.out"
    command = [sys.executable, "-m", "deploy.demo", "--folder", str(folder), "--port", str(free_port())]
    with output.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:

        def opened() -> re.Match[str] | None:
            text = output.read_text(encoding="utf-8")
            assert process.poll() is None, text
            return re.search(r"Carepath is open at (\S+)", text)

        found = until(opened, "the demo to open", 900, 0.2)
        assert found is not None
        yield found[1], process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_the_demo_opens_stops_cleanly_and_keeps_its_people(tmp_path: Path) -> None:
    with demo(tmp_path / "data") as (address, process):
        page = Visitor(address).get("/sign-in")
        people = {form.values["person"][0] for form in page.forms if form.name == "sign-in"}
        assert sum(person.startswith("patient:") for person in people) == 54
        psychology = Visitor(address)
        psychology.sign_in("psychology:psy-tanaka")
        work = psychology.get("/").text
        assert "may be unsafe" in work
        assert "1 message that may be about danger" in work
        assert "1 request for support" in work
        assert "Thursday circle" in psychology.get("/circles").text
        psychology.get(next(link for link in psychology.page.links if link.startswith("/circles/circle-")))
        assert "3 people were there" in psychology.page.text
        psychology.get("/groups")
        psychology.get(next(link for link in psychology.page.links if link.startswith("/groups/group-")))
        assert "4 of 12 seats taken." in psychology.page.text
        kept = psychology.get("/resources/edit").text
        assert kept.index("Autumn talks") < kept.index("Summer garden group") < kept.index("Warm water hour")
        assert "Not shown any more" in kept
        assert "Ends soon" in kept
        read = psychology.get("/resources").text
        assert "Paseos cortos por el puerto" in read
        assert "Autumn talks" not in read
        shows_messages(address)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    for kind in ("*.eml", "*.sms.txt", "*.push.txt"):
        assert list((tmp_path / "data" / "mail").glob(kind)), kind
    with demo(tmp_path / "data") as (address, _):
        page = Visitor(address).get("/sign-in")
        assert {form.values["person"][0] for form in page.forms if form.name == "sign-in"} == people


def whole_inbox(reader: Visitor) -> str:
    """Every page of it."""
    pages = [reader.get("/inbox")]
    while following := next((link for link in pages[-1].links if link.startswith("/inbox?after=")), ""):
        pages.append(reader.get(following))
    return "\n".join(page.text for page in pages)


def shows_messages(address: str) -> None:
    """What some people chose about messages, and what became of it."""
    ahmed = somebody(address, "Ahmed Saleh")
    assert "We meet soon" in ahmed.get("/inbox/planned").text
    noah = somebody(address, "Noah Fischer").get("/inbox/ways")
    assert "You get no text messages now." in noah.text
    viktor = somebody(address, "Viktor Ilic").get("/inbox/ways")
    assert viktor.form("ways").values["first"] == ["sms"]
    assert viktor.form("ways").values["sender_name"] == ["Harbour"]
    teresa, alex = (somebody(address, name).get("/inbox/ways") for name in ("Teresa Campos", "Alex Campos"))
    assert teresa.form("ways").values["phone"] == alex.form("ways").values["phone"]
    assert somebody(address, "Samuel Osei").get("/inbox/emails").form("emails").values["weekly_emails"] == ["1"]
    assert "Your words, version 1" in somebody(address, "Yuki Tanaka").get("/wordings").text
    draft = somebody(address, "Yuki Tanaka").get("/wordings/kind_word/en")
    assert "“therap” tells too much" in draft.text
    assert not draft.has_form("publish-wording")
    told = whole_inbox(somebody(address, "Yuki Tanaka"))
    assert "A person cannot be reached as they wished" in told
    assert "Somebody may not know yet" in told


def somebody(address: str, name: str) -> Visitor:
    """The browser of one of the people on the sign-in page."""
    visitor = Visitor(address)
    page = visitor.get("/sign-in").html
    found = re.search(rf'value="([a-z]+:[^"]+)">\s*<button[^>]*><span[^>]*>[^<]*</span>{name}', page)
    assert found is not None, name
    visitor.sign_in(found[1])
    return visitor


def test_the_journey_finds_every_step_on_a_fresh_embedded_system() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.journey"], cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "The loop is closed." in done.stdout
    assert "sent to Edda Fairweather: They have started" in done.stdout


def test_the_journey_says_what_is_missing_where_nobody_answers() -> None:
    command = [sys.executable, "-m", "deploy.journey", "--base-url", f"http://127.0.0.1:{free_port()}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "is it running?" in done.stderr
