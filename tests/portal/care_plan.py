"""Steps on the shared plan, done through the pages."""

from datetime import timedelta

from deploy.visitor import FormSeen, PageSeen, Visitor
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, visitor


def day(system: Running, days: int) -> str:
    """A day from now on, as a field for dates takes it."""
    return (system.clock.now() + timedelta(days=days)).date().isoformat()


def form_of(page: PageSeen, prefix: str) -> FormSeen:
    """The one form whose name begins so; the rest of it is an id."""
    [found] = [form for form in page.forms if form.name.startswith(prefix)]
    return found


def ask(browser: Visitor, patient: str, question: str, wanted_by: str) -> PageSeen:
    """Ask the other discipline."""
    browser.get(f"/patients/{patient}/plan")
    return browser.submit("ask-discussion", question=question, wanted_by=wanted_by)


def with_all_parts(system: Running, patient: str) -> None:
    """A goal, activities of everybody, and a discussion each way, one of them answered."""
    referrer, psychology = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    referrer.get(f"/patients/{patient}/plan")
    referrer.submit("set-goal", goal="Walk to the market.", expressed_by="patient")
    for performer in ("patient", "pain", "psychology:psy-tanaka"):
        referrer.submit("plan-activity", activity="Talk about pacing.", performer=performer, due=day(system, 3))
    ask(referrer, patient, "Does she sleep?", day(system, 2))
    ask(psychology, patient, "Who prescribes?", day(system, 2))
    psychology.submit(form_of(psychology.page, "answer-"), answer="Better.", decided="We go on.")
