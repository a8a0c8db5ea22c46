"""Somebody in treatment, somebody with a first meeting, and those whom they trust: done through the services."""

from datetime import timedelta

from deploy.visitor import Visitor
from shared.runtime.auth import User
from tests.portal.acting import TANAKA, accept, act, read
from tests.portal.api import OKAFOR, referred
from tests.portal.running import Running
from tests.portal.story import REFERRER, answer_all, register, visitor

GOAL, OWN_STEP, TEAM_STEP = "zebra-goal-4711", "zebra-step-4713", "zebra-team-4714"
REASON, TREATED_GOAL = "zebra-reason-4712", "zebra-hope-4715"
VIDEO = "place-video-sessions"


def in_treatment(system: Running) -> tuple[Visitor, str]:
    """Somebody with a goal, a plan, one part done and questions answered twice: their browser, and who they are."""
    patient = register(visitor(system, REFERRER))
    accept(system, referred(system, patient, goal=TREATED_GOAL, reason=REASON))
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    for _ in range(3):
        answer_all(browser, "2", last="0")
    system.settle()
    browser.get("/programme/1")
    browser.submit("complete-module")
    system.settle()
    browser.get("/questions/c1-1")
    for value in ("0", "1", "0"):
        browser.submit("answer", answer=value)
    system.settle()
    act(system, OKAFOR, f"/patients/{patient}/care-plan/goals", goal=GOAL, expressed_by="patient")
    for performer, text in (("patient", OWN_STEP), ("pain", TEAM_STEP)):
        step = {
            "activity": text,
            "performer": performer,
            "due": (system.clock.now() + timedelta(days=9)).date().isoformat(),
        }
        act(system, OKAFOR, f"/patients/{patient}/care-plan/activities", **step)
    return browser, patient


def with_a_meeting(system: Running) -> tuple[Visitor, str]:
    """Somebody whose first meeting is in three days."""
    patient = register(visitor(system, REFERRER))
    referral = referred(system, patient, reason=REASON)
    accept(system, referral)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id=VIDEO)
    act(system, TANAKA, f"/referrals/{referral}/take-offer")
    at = system.clock.now() + timedelta(days=3, seconds=1)
    meeting = {"at": at.isoformat(), "mode": "video", "clinician_id": "psy-tanaka"}
    act(system, TANAKA, f"/referrals/{referral}/schedule", **meeting)
    return visitor(system, f"patient:{patient}"), patient


def named(system: Running, patient: str, email: str) -> User:
    """Somebody whom the patient trusts from now on, who has not answered yet."""
    body = {"name": "Luis", "email": email, "relationship": "partner", "language": "en"}
    before = _known(system, patient)
    act(system, OKAFOR, f"/patients/{patient}/caregivers", **body)
    [new] = _known(system, patient) - before
    return User(new, "caregiver")


def takes_part(system: Running, patient: str, caregiver: User, accept: bool = True) -> None:
    """They say yes, or no."""
    path = f"/patients/{patient}/caregivers/{caregiver.id}/answer"
    act(system, caregiver, path, accept=accept, language="en", email=False)


def opens(system: Running, patient: str, caregiver: User, *scopes: str, until: str | None = None) -> None:
    """The patient opens these to them."""
    for scope in scopes:
        body = {"scope": scope, "opened": True, "until": until}
        act(system, User(patient, "patient"), f"/patients/{patient}/caregivers/{caregiver.id}/scopes", **body)


def closes(system: Running, patient: str, caregiver: User, scope: str) -> None:
    """The patient closes it again."""
    body = {"scope": scope, "opened": False}
    act(system, User(patient, "patient"), f"/patients/{patient}/caregivers/{caregiver.id}/scopes", **body)


def forgets(system: Running, patient: str, caregiver: User) -> None:
    """The patient takes their name back."""
    act(system, User(patient, "patient"), f"/patients/{patient}/caregivers/{caregiver.id}/remove")


def _known(system: Running, patient: str) -> set[str]:
    return {one["caregiver_id"] for one in read(system, OKAFOR, f"/patients/{patient}")["caregivers"]}
