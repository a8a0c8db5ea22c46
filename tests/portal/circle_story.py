"""A circle for tests of its pages: started by psychology, with people who are in treatment."""

from time import monotonic

from deploy.visitor import FormSeen, PageSeen, Visitor
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, invited, visitor

LINK = "https://video.example/thursday"


def treated(system: Running) -> tuple[Visitor, str]:
    """Somebody in treatment: their browser, and who they are."""
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    return browser, patient


def starts(psychology: Visitor, name: str) -> str:
    """A new circle; its page."""
    psychology.get("/circles/new")
    page = psychology.submit("start-circle", name=name, mode="video", where=LINK)
    assert page.query == "done=circle-started", page.text
    return page.path


def asks(system: Running, circle: str, psychology: Visitor, patient: str) -> None:
    """Psychology invites that person."""
    episode = _value(psychology, circle, patient)
    assert psychology.submit("invite-circle", people=episode).query == "done=circle-invited"
    system.settle()


def joins(system: Running, circle: str, psychology: Visitor, name: str | None) -> tuple[Visitor, str]:
    """Somebody who is in, and who they are."""
    browser, patient = treated(system)
    asks(system, circle, psychology, patient)
    browser.get("/my-circle")
    shown = {"shown": "name", "name": name} if name else {"shown": "none"}
    assert browser.submit("answer-circle", **shown).query == "done=circle-yes"
    system.settle()
    return browser, patient


def trains(system: Running, psychology: Visitor, patient: str) -> None:
    """They may lead circles."""
    psychology.get("/peer-leaders")
    day = f"{system.clock.now():%Y-%m-%d}"
    page = psychology.submit("train-leader", patient_id=patient, trained_on=day)
    assert page.query == "done=leader-trained", page.text
    system.settle()


def leads(system: Running, circle: str, psychology: Visitor, name: str) -> tuple[Visitor, str]:
    """Somebody who is in, and leads."""
    browser, patient = joins(system, circle, psychology, name)
    trains(system, psychology, patient)
    psychology.get(circle)
    page = psychology.submit("appoint")
    assert page.query == "done=circle-leader", page.text
    system.settle()
    return browser, patient


def named(browser: Visitor, start: str) -> FormSeen:
    """The first form of the page whose stable name begins so."""
    return next(form for form in browser.page.forms if form.name.startswith(start))


def until(system: Running, browser: Visitor, path: str, says: str) -> PageSeen:
    """The page once it says so, or as it is after ten seconds: what others did may not have been heard yet."""
    end = monotonic() + 10
    while True:
        system.settle()
        page = browser.get(path)
        if says in page.text or monotonic() > end:
            return page


def psychologist(system: Running, language: str = "en") -> Visitor:
    return visitor(system, PSYCHOLOGY, language)


def _value(psychology: Visitor, circle: str, patient: str) -> str:
    """What to tick for that person."""
    name = " ".join(next(text for tag, text in psychology.get(f"/patients/{patient}").headings if tag == "h1").split())
    page = psychology.get(circle)
    found = page.html.partition(f"<span>{name}</span>")[0].rpartition('value="')[2].partition('"')[0]
    assert found.startswith("episode-"), (name, found)
    return found
