"""A caregiver's own pages, and what psychology does about them."""

from pathlib import Path

from deploy.visitor import Visitor
from shared.runtime.auth import User
from tests.portal.acting import act, read
from tests.portal.api import OKAFOR, referred
from tests.portal.running import running
from tests.portal.story import REFERRER, register, visitor


def test_a_caregiver_reads_says_how_they_are_asks_and_tells(tmp_path: Path) -> None:
    with running(tmp_path) as system:
        patient = register(visitor(system, REFERRER))
        referred(system, patient)
        body = {"name": "Luis", "email": "luis@people.example", "relationship": "partner", "language": "en"}
        before = {one["caregiver_id"] for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"]}
        act(system, OKAFOR, f"/patients/{patient}/caregivers", **body)
        after = {one["caregiver_id"] for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"]}
        [who] = after - before
        luis: Visitor = visitor(system, f"caregiver:{who}")
        assert "opens" in luis.get("/for-you").text
        path = f"/patients/{patient}/caregivers/{who}/answer"
        act(system, User(who, "caregiver"), path, accept=True, language="en", email=False)
        system.settle()
        page = luis.get("/for-you/flare-ups/in-a-flare")
        page = luis.submit("carer-read")
        assert "When to call for help" in page.text
        assert "You matter too" in luis.submit("carer-read").text, "after the last page comes the course"
        luis.get("/for-you/check")
        assert "Please answer whether you feel safe" in luis.submit("check", **{"q-sleep": "often"}).text
        page = luis.submit("check", safe="no")
        assert "We have told our team" in page.text
        system.settle()
        luis.get("/for-you/support")
        assert "I am tired." in luis.submit("carer-support", kind="meeting", words="I am tired.").text
        luis.get("/for-you/word")
        assert "zebra-word" in luis.submit("carer-word", about_id=patient, text="zebra-word", may_tell="no").text
        system.settle()
        tanaka = visitor(system, "psychology:psy-tanaka")
        page = tanaka.get("/caregivers")
        assert page.text.index("may not be safe") < page.text.index("I am tired.")
        assert "zebra-word" in page.text
        assert "Do not tell the patient" in page.text
        rosa = visitor(system, f"patient:{patient}")
        assert rosa.get("/caregivers").status == 404
        assert rosa.get("/for-you").status == 404
