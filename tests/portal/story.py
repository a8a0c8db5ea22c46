"""The usual steps of a story, done through the pages."""

import itertools

from deploy.visitor import PageSeen, Visitor
from tests.portal.running import Running

_NUMBERS = itertools.count(1)
REFERRER, PSYCHOLOGY = "referrer:dr-okafor", "psychology:psy-tanaka"
ALL_CONSENTS = ("refer", "share_back", "caregiver", "email")
ANSWERS = {
    **{f"PEG-{item}": value for item, value in ((1, "6"), (2, "7"), (3, "8"))},
    **{f"PHQ-4-{item}": "2" for item in (1, 2, 3, 4)},
}


def visitor(system: Running, person: str, language: str = "en") -> Visitor:
    """A browser in which that person is signed in."""
    found = Visitor(system.addresses["portal"], language)
    found.sign_in(person)
    return found


def person() -> dict[str, str]:
    """The fields of somebody new."""
    number = next(_NUMBERS)
    return {"name": f"Ana Ruiz {number}", "birth_date": "1980-05-03", "email": f"ana{number}@people.example"}


def register(referrer: Visitor, **more: str) -> str:
    """Register somebody who agrees to everything; their id."""
    referrer.get("/patients/new")
    page = referrer.submit("register-patient", consents=ALL_CONSENTS, **{**person(), **more})
    assert page.query == "done=registered", page.text
    return page.path.removeprefix("/patients/")


def draft(referrer: Visitor, patient: str, **more: str) -> PageSeen:
    """Begin a referral; the page to write it on."""
    referrer.get(f"/patients/{patient}/refer")
    return referrer.submit("draft", **more)


def refer(referrer: Visitor, patient: str, **more: str) -> str:
    """Refer the person; the referral's id."""
    draft(referrer, patient)
    wanted = {"reason": "Back pain for four years.", "goal": "To walk to the market.", "priority": "urgent"}
    page = referrer.submit("refer", **{**wanted, **ANSWERS, **more})
    assert page.query == "done=referred", page.text
    return page.path.removeprefix("/referrals/")


def accept(system: Running, psychology: Visitor, referral: str) -> None:
    """Psychology says yes, and every service has heard of it."""
    psychology.get(f"/referrals/{referral}")
    page = psychology.submit("accept", rationale="Pain and low mood hold each other up.")
    assert page.query == "done=referral-accept", page.text
    system.settle()


def invited(system: Running) -> tuple[str, str]:
    """Somebody who is asked whether they would like to start: patient and referral."""
    referrer = visitor(system, REFERRER)
    patient = register(referrer)
    referral = refer(referrer, patient)
    accept(system, visitor(system, PSYCHOLOGY), referral)
    return patient, referral


def started(system: Running) -> Visitor:
    """The browser of somebody who has just said yes."""
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    # On a busy machine the first questions may open a moment after the page was made.
    system.settle()
    browser.get("/")
    return browser


def answer_all(patient: Visitor, value: str = "1", last: str | None = None) -> PageSeen:
    """Answer the questionnaire that is open, one question after another."""
    page = patient.get("/")
    page = patient.get(next(link for link in page.links if link.startswith("/questions/")))
    while page.has_form("answer"):
        is_last = "last question" in page.text
        page = patient.submit("answer", answer=last if is_last and last is not None else value)
    return page
