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
        system.wait_until(lambda: "Session 1" in luis.get("/for-you").text)
