"""A clinic in which everybody stands at another place of the way, so that each page of the portal shows something."""

from dataclasses import dataclass
from datetime import timedelta

from deploy.visitor import Visitor
from shared.runtime import take_on, unsubscribe
from tests.portal import carer_story, circle_story
from tests.portal import sharing_story as sharing
from tests.portal.acting import TANAKA, accept, act, place
from tests.portal.api import referred
from tests.portal.care_plan import with_all_parts
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, answer_all, draft, invited, refer, register, visitor
from tests.portal.test_groups import forms, joins, rosa_id, waits
from tests.portal.test_resources import adds
from tests.portal.test_review import to_the_early_look
from tests.portal.test_sign_in_link import link_for

LUIS_EMAIL = "luis.whole@people.example"
GROUP_AT_THE_CLINIC = "place-group-at-the-clinic"
IN_TREATMENT = ("/questions/1/check", "/questions/1/sent", "/programme/1/activities/1/support")


@dataclass(frozen=True)
class Person:
    """Somebody at a browser; nobody has signed in where `who` is empty. `starts` are pages to which no link leads."""

    name: str
    who: str = ""
    starts: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        return self.who.partition(":")[0] or "guest"

    def __str__(self) -> str:
        return self.name


def seeded(system: Running) -> tuple[Person, ...]:
    """Everybody. The clock moves first, since it signs everybody out."""
    waiting = _waits_for_long(system)
    people = [Person("who waits", f"patient:{waiting}"), *_on_the_way(system), *_in_treatment(system)]
    return (*people, *_staff(system, people), *_guests(system, people))


def _waits_for_long(system: Running) -> str:
    """Somebody without a seat, who is asked how they are."""
    place(system, GROUP_AT_THE_CLINIC, 0)
    patient = register(visitor(system, REFERRER))
    referral = refer(visitor(system, REFERRER), patient)
    accept(system, referral)
    act(system, TANAKA, f"/referrals/{referral}/agree", place_id=GROUP_AT_THE_CLINIC)
    system.clock.offset += timedelta(days=system.clinic.waits.rescreen_days, minutes=1)
    system.settle()
    return patient


def _on_the_way(system: Running) -> list[Person]:
    """From the first page to the first meeting."""
    referrer = visitor(system, REFERRER)
    fresh, drafted, sent = (register(referrer) for _ in range(3))
    draft(referrer, drafted)
    referral = refer(referrer, sent)
    asked, _ = invited(system)
    offered = register(referrer)
    held = referred(system, offered)
    accept(system, held)
    act(system, TANAKA, f"/referrals/{held}/agree", place_id=sharing.VIDEO)
    _, met = sharing.with_a_meeting(system)
    browser, grouped = waits(system)
    psychology = visitor(system, PSYCHOLOGY)
    group = forms(system, psychology)
    joins(system, psychology, group, browser, grouped, "Rosi")
    read_first = visitor(system, PSYCHOLOGY)
    read_first.get(f"/referrals/{referral}")
    assert read_first.submit("ask", question="Since when?").query == "done=referral-ask"
    places = {
        "who is new": fresh,
        "whose referral is begun": drafted,
        "whose referral is read": sent,
        "who is asked": asked,
        "who has an offer": offered,
        "who has a meeting": met,
        "who has a group": rosa_id(psychology, grouped),
    }
    choices = ("/start/more-time", "/start/not-now", "/start/no-thank-you")
    return [Person(name, f"patient:{id}", choices if id == asked else ()) for name, id in places.items()]


def _in_treatment(system: Running) -> list[Person]:
    """In the middle of it, in danger, leading a circle, at the end; and those whom they trust."""
    rosa, treated = sharing.in_treatment(system)
    with_all_parts(system, treated)
    psychology = circle_story.psychologist(system)
    circle = circle_story.starts(psychology, "Tea and talk")
    _, leader = circle_story.leads(system, circle, psychology, "Ines")
    circle_story.asks(system, circle, psychology, treated)
    rosa.get("/my-circle")
    rosa.submit("answer-circle", shown="none")
    system.settle()
    part = rosa.get("/my-circle").path
    assert rosa.submit("write-message", text="I walked to the market.").query == "done=circle-message"
    luis = sharing.named(system, treated, LUIS_EMAIL)
    sharing.takes_part(system, treated, luis)
    sharing.opens(system, treated, luis, "news", "appointments", "progress", "plan", "scores")
    mia, _, young = carer_story.joins(system, "Mia Joven", young=True)
    mia.get("/for-you")
    lookers = [Person("a trusted person", f"caregiver:{luis.id}"), Person("a young carer", f"caregiver:{young}")]
    _writes(visitor(system, f"caregiver:{luis.id}"))
    return [
        Person("who is in treatment", f"patient:{treated}", (*IN_TREATMENT, f"{part}/support")),
        Person("who leads a circle", f"patient:{leader}"),
        Person("who may be unsafe", f"patient:{_alarming(system)}", ("/questions/2/support",)),
        Person("who is at the end", f"patient:{_ended(system)}", ("/how-it-was",)),
        *lookers,
    ]


def _writes(luis: Visitor) -> None:
    luis.get("/for-you/word")
    luis.submit("carer-word", words="She walks at night.")
    luis.get("/for-you/support")
    luis.submit("carer-support", words="Somebody to talk to.")


def _alarming(system: Running) -> str:
    patient, _ = invited(system)
    browser = visitor(system, f"patient:{patient}")
    browser.submit("agree")
    system.settle()
    answer_all(browser, "5")
    answer_all(browser, "1", last="2")
    system.settle()
    return patient


def _ended(system: Running) -> str:
    patient, referral = invited(system)
    visitor(system, f"patient:{patient}").submit("agree")
    system.settle()
    psychology = visitor(system, PSYCHOLOGY)
    links = psychology.get(f"/referrals/{referral}").links
    psychology.get(next(link for link in links if link.startswith("/episodes/")))
    assert psychology.submit("finish-episode", end_reason="stopped_by_patient").query == "done=finished"
    system.settle()
    return patient


def _alert(system: Running) -> str:
    """The page of the alert that nobody has taken on."""
    return next(link for link in visitor(system, PSYCHOLOGY).page.links if link.startswith("/alerts/"))


def _staff(system: Running, people: list[Person]) -> list[Person]:
    treated = _id(people, "who is in treatment")
    referrer, psychology = visitor(system, REFERRER), visitor(system, PSYCHOLOGY)
    referrer.get(f"/patients/{treated}/ask")
    asked = referrer.submit("ask-psychology", question="How can I bring up psychology?", topic="how_to_talk")
    adds(system, psychology, "Zebra walks", topic="moving", link="https://www.zebra.example/walks")
    system.settle()
    group = next(link for link in psychology.get("/groups").links if link.startswith("/groups/group-"))
    starts = (
        f"/patients/{treated}",
        to_the_early_look(system),
        _alert(system),
        asked.path,
        f"{group}/meetings/1",
        "/open-in-need",
        "/opened-in-need",
        "/waiting/triage",
    )
    drafted = _id(people, "whose referral is begun")
    return [
        Person("the pain team", REFERRER, (f"/patients/{treated}", f"/patients/{drafted}/refer", asked.path)),
        Person("psychology", PSYCHOLOGY, starts),
        Person("an operator", "operator:op-byrne", ("/system/notifications/held", "/system/notifications/rejected")),
    ]


def _guests(system: Running, people: list[Person]) -> list[Person]:
    """Whoever holds a link."""
    now = system.clock.now()
    who = unsubscribe.Unsubscriber(_id(people, "who is new"), "patient", "en", ("people",))
    called = take_on.TakeOn(_alert(system).removeprefix("/alerts/"), TANAKA.id)
    links = [
        address
        for until in (now + timedelta(hours=1), now - timedelta(hours=1))
        for address in (
            f"/unsubscribe/{unsubscribe.issue_link(system.link_secret, who, until)}",
            f"/take-on/{take_on.issue_link(system.link_secret, called, until)}",
        )
    ]
    return [Person("nobody", "", (*links, link_for(system, LUIS_EMAIL)))]


def _id(people: list[Person], name: str) -> str:
    return next(one.who for one in people if one.name == name).partition(":")[2]
