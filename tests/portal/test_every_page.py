"""Every page that there is, for everybody who may see it, in both languages: small, sound, translated, and for patients
free of codes. A new page is found by its route; one that nobody in the seeded clinic can see fails here.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.visitor import PageSeen
from services.portal.app import portal
from services.portal.calls import Calls
from services.portal.conversation_aid import conversation_aid
from services.portal.dates import Dates
from services.portal.pages import place
from services.portal.settings import SERVICES, PortalSettings
from services.portal.words import LANGUAGES, Language, Words, words
from shared.clinical import MEASURES, NoWording, wording
from shared.runtime.auth import User, issue
from shared.runtime.days import month_in_words
from tests.portal.every_page import LEAD_ON, NOT_PAGES, Seen, Shown, again, browser_of, kinds, walk
from tests.portal.running import Running, running
from tests.portal.sharing_story import GOAL, OWN_STEP, REASON, TEAM_STEP, TREATED_GOAL
from tests.portal.test_tidy import is_sound
from tests.portal.whole_clinic import Person, seeded

LARGEST = 100_000
THERE = (200, 409, 410)
"""A page, also one that says that something is not open yet or over."""
NO_STAFF = ("patient", "caregiver", "guest")
_ACTIVITY = "/programme/{number}/activities/{place}"
SAME_TITLE = (
    # Whom to call: one page, reached from four places.
    {f"{place}/support" for place in ("", "/questions/{which}", "/my-circle/{part}", _ACTIVITY)},
    # The two steps of writing one referral.
    {"/patients/{patient_id}/refer", "/referrals/{referral_id}/write"},
    # The door: with the people of the demo, or with a link that is asked for, and then there.
    {"/sign-in", "/sign-in/link", "/sign-in/with/{token}"},
    # Why a message came: one's own, and a patient's as their clinician sees it.
    {"/inbox/{message_id}/why", "/patients/{patient_id}/messages/{message_id}/why"},
)
"""Pages of one person that may have the same title."""
CODES = {
    "an id": re.compile(r"\b[a-z]+(?:-[a-z]+)*-(?=[a-z]*[0-9])[0-9a-z]{8,}\b"),
    "a code": re.compile(r"\b[a-z]+(?:_[a-z]+)+\b"),
    "an event": re.compile(r"\bcarepath\.\w+"),
    "a moment for machines": re.compile(r"\b\d{4}-\d\d-\d\d(?:T\d\d)?"),
    "a value of the program": re.compile(r"\b(?:None|True|False|undefined)\b|[{}]{2}|&(?:amp|lt|quot);"),
}


@dataclass(frozen=True)
class Whole:
    """The seeded clinic, and every page of it in English as each person saw it."""

    system: Running
    people: tuple[Person, ...]
    english: tuple[Seen, ...]

    def shown(self, person: Person) -> list[Seen]:
        """The pages that were there for them."""
        return [one for one in self.english if one.person == person and one.page.status in THERE]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with running(tmp_path_factory.mktemp("every-page")) as system:
        people = seeded(system)
        english = [one for person in people for one in walk(browser_of(system, person), person)]
        yield Whole(system, people, tuple(english))


@pytest.fixture(scope="module")
def both(whole: Whole) -> dict[str, list[Seen]]:
    """Every page that was there, by language."""
    people = whole.people
    spanish = [one for person in people for one in again(browser_of(whole.system, person, "es"), whole.shown(person))]
    return {"en": [one for person in people for one in whole.shown(person)], "es": spanish}


def test_every_page_of_the_table_is_shown_to_somebody(whole: Whole) -> None:
    shown = {one.kind for one in whole.english if one.page.status == 200}
    missing = [one.path for one in kinds() if one.path not in (*NOT_PAGES, *LEAD_ON, *shown)]
    assert not missing, f"nobody in tests/portal/whole_clinic.py sees {missing}; add somebody who does"


def test_no_page_breaks(whole: Whole) -> None:
    broken = [f"{one} answers {one.page.status}" for one in whole.english if one.page.status not in (*THERE, 404)]
    assert broken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_small_sound_and_says_its_language(both: dict[str, list[Seen]], language: str) -> None:
    for one in both[language]:
        is_sound(one.page)
        assert one.page.language == one.page.headers["content-language"] == language, str(one)
        assert len(one.page.html.encode()) < LARGEST, f"{one} has {len(one.page.html.encode())} bytes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_of_one_person_differ_in_their_title(both: dict[str, list[Seen]], language: str) -> None:
    titled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in both[language]:
        titled[str(one.person), " ".join(one.page.title.split())].add(one.kind)
    alike = [(where, found) for where, found in titled.items() if len(found) > 1]
    assert [(where, sorted(found)) for where, found in alike if not any(found <= same for same in SAME_TITLE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_carries_the_token_of_its_session_and_has_one_button(
    both: dict[str, list[Seen]], language: str
) -> None:
    for one in both[language]:
        sent = [form for form in one.page.forms if form.method == "post"]
        tokens = {token for form in sent for token in form.values.get("form_token", ["none"])}
        assert len(tokens) == 1, f"{one} has a form without the token of the others"
        assert one.person.who == "" or tokens != {""}, f"{one} has no token"
        assert all(form.buttons == 1 for form in one.page.forms), str(one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_the_name_of_a_text_or_another_language(both: dict[str, list[Seen]], language: str) -> None:
    own: Language = "en" if language == "en" else "es"
    foreign = {text for other in LANGUAGES if other != own for text in words(other).texts.values()}
    foreign -= set(words(own).texts.values())
    names = words(own).texts.keys()
    for one in both[language]:
        for marked, piece in Shown(one.page.html).pieces:
            assert not [word for word in piece.split() if word.strip(".,:;()") in names and "." in word], str(one)
            assert marked != own or piece not in foreign, f"{one} says {piece!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_patients_and_those_they_trust_hold_no_codes(both: dict[str, list[Seen]], language: str) -> None:
    for one in both[language]:
        if one.person.role in NO_STAFF:
            # The address of a calendar is there to be copied, and holds what nobody can guess.
            text = re.sub(r"\S+/calendar/\S+", "", Shown(one.page.html).text)
            found = {what: pattern.search(text) for what, pattern in CODES.items()}
            assert not any(found.values()), f"{one} shows {[(k, v[0]) for k, v in found.items() if v]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_no_staff_can_leave_quickly_from_every_page(both: dict[str, list[Seen]], language: str) -> None:
    for one in both[language]:
        assert one.page.has_form("leave") == (one.person.role in NO_STAFF), str(one)


# What stands on a page comes from the texts, which a pseudo-language marks, or it is data.

OPEN, CLOSE = "⟦", "⟧"
ACCENTED = str.maketrans("aeiouncyAEIOUNCY", "áéíóúñçýÁÉÍÓÚÑÇÝ")
CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
PLAIN = re.compile(r"[\W\d_]*")
"""Numbers, times and signs."""


def marked(text: str) -> str:
    """Each line between brackets and with accents, but for what is filled in, and for the dash of a list."""

    def line(one: str) -> str:
        dash, rest = ("- ", one[2:]) if one.startswith("- ") else ("", one)
        parts = re.split(r"(\{[^{}]*\})", rest)
        said = "".join(part if part.startswith("{") else part.translate(ACCENTED) for part in parts)
        return f"{dash}{OPEN}{said}{CLOSE}" if rest.strip() else one

    return "\n".join(line(one) for one in text.split("\n"))


class MarkedDates(Dates):
    """Days and times are data; they are marked all the same, since they are words."""

    def day(self, value: object) -> str:
        return marked(super().day(value))

    def weekday(self, value: object) -> str:
        return marked(super().weekday(value))

    def near(self, value: object) -> str:
        return marked(super().near(value))

    def moment(self, value: object) -> str:
        return marked(super().moment(value))


def outside(html: str) -> Iterator[str]:
    """The pieces of a page, or what of each is not between brackets."""
    depth = 0
    for _, piece in Shown(html).pieces:
        rest = ""
        for sign in piece:
            if sign == OPEN:
                depth += 1
            elif sign == CLOSE:
                depth -= 1
            elif depth == 0:
                rest += sign
        if not PLAIN.fullmatch(rest):
            yield " ".join(rest.split())


def lines(data: Any) -> Iterator[str]:
    """Every line of every text in it that is for people; what reads like a code is not."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list | tuple):
        for one in data:
            yield from lines(one)
    elif isinstance(data, str):
        for line in data.split("\n"):
            text = " ".join(line.removeprefix("- ").split())
            if text and not CODE.fullmatch(text):
                yield text
            if led := place(text):
                yield led[0]


def in_force(answers: list[Any]) -> Iterator[str]:
    """What operators read of a service's settings, which may read like a code."""
    for answer in answers:
        told = answer.get("configuration") if isinstance(answer, dict) else None
        if told:
            yield from (one["value"] for one in told["settings"] if one["value"])
            yield told["clinic"]["fingerprint"]


class Beside:
    """Another portal over the same services, of which some may not answer. `heard` is what they said, `asked` which."""

    def __init__(self, whole: Whole, patch: pytest.MonkeyPatch, *away: str) -> None:
        self._system = system = whole.system
        self.heard: list[Any] = []
        self.asked: set[str] = set()
        real = Calls._send

        async def send(
            calls: Calls, user: User, correlation: str, method: str, service: str, *args: Any, **more: Any
        ) -> Any:
            self.asked.add(service)
            answer = await real(calls, user, correlation, method, service, *args, **more)
            self.heard.append(answer)
            return answer

        patch.setattr(Calls, "_send", send)
        services = {name: "http://127.0.0.1:9" if name in away else system.addresses[name] for name in SERVICES}
        settings = PortalSettings(services, system.secret, system.clinic, True, False)
        transport = httpx.ASGITransport(app=portal(settings, system.clock))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://portal.example")

    async def get(self, person: Person, path: str) -> PageSeen:
        headers = {}
        if person.who:
            user = User(person.who.partition(":")[2], person.role)
            token = issue(self._system.secret, user, self._system.clock.now(), timedelta(hours=1))
            headers = {"Cookie": f"carepath={token}"}
        return PageSeen(await self.client.get(path, headers=headers))


class Pseudo(Beside):
    """One whose own texts are all marked. `known` is what services and files said."""

    def __init__(self, whole: Whole, patch: pytest.MonkeyPatch) -> None:
        super().__init__(whole, patch)
        english = words("en")
        texts = {name: marked(text) for name, text in english.texts.items()}
        # The code of the language to which a form leads; it stands in no sentence.
        texts["common.other_language"] = english("common.other_language")
        patch.setattr("services.portal.visit.words", lambda _: Words("en", texts))
        for module in ("visit", "next_step"):
            patch.setattr(f"services.portal.{module}.Dates", MarkedDates)
        patch.setattr("services.portal.figures.month_in_words", lambda *day: marked(month_in_words(*day)))
        self.known = {*lines(whole.system.clinic.model_dump(mode="json")), *lines(conversation_aid("en").model_dump())}
        # What patients wrote in this story reads like codes.
        self.known |= {GOAL, OWN_STEP, TEAM_STEP, REASON, TREATED_GOAL}
        self.known |= {line for name in MEASURES for line in (name, *_wording(name))}

    def learn(self) -> None:
        """What was said since."""
        self.known.update(lines(self.heard))
        self.known.update(in_force(self.heard))
        self.heard.clear()

    def is_data(self, rest: str) -> bool:
        """Whether nothing is left of it once all that services and files said is taken out."""
        if rest in self.known:
            return True
        for line in sorted((one for one in self.known if len(one) > 2 and one in rest), key=len, reverse=True):
            rest = re.sub(rf"(?<!\w){re.escape(line)}(?!\w)", "", rest)
        return PLAIN.fullmatch(rest) is not None


def _wording(name: str) -> Iterable[str]:
    try:
        return list(lines(wording(name, "en").model_dump()))
    except NoWording:
        return []


@pytest.fixture
async def pseudo(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pseudo]:
    made = Pseudo(whole, monkeypatch)
    async with made.client:
        yield made


NOT_OURS = re.compile(
    r"https?://\S+|\([a-z.]+\)"  # addresses, and the host of one
    r"|\{\{ \w+ \}\}"  # what psychology writes where a name or a day is to stand in a message
    r"|\b(?:referrals|interventions|notifications)\b"  # services, as operators call them
)
"""What may stand outside the texts though it is part of nothing that was said."""


async def test_in_a_language_that_nobody_speaks_all_that_is_left_is_data(whole: Whole, pseudo: Pseudo) -> None:
    left: dict[str, str] = {}
    for person in whole.people:
        for one in whole.shown(person):
            page = await pseudo.get(person, one.path)
            assert page.status == one.page.status, str(one)
            assert OPEN in page.html, str(one)
            pseudo.learn()
            for rest in outside(page.html):
                is_data = rest in left or pseudo.is_data(rest) or pseudo.is_data(NOT_OURS.sub("", rest))
                if not is_data:
                    left[rest] = str(one)
    assert not left, "\n".join(f"{rest!r}: {where}" for rest, where in left.items())


# While one of the three services does not answer.

SAYS_ITSELF = {"/sign-in": "cannot be listed right now"}
"""Pages with a sentence of their own for it."""
ALWAYS = {
    "referrals": {
        "who is in treatment": ("/", "/programme", "/programme/{number}", "/progress", "/practice", "/inbox", "/help"),
        "who is new": ("/", "/inbox"),
        "who has a meeting": ("/", "/inbox"),
        "psychology": (
            *("/", "/groups", "/circles", "/feedback", "/wordings", "/catalogue", "/caseload"),
            *("/alerts/{alert_id}", "/episodes/{episode_id}"),
        ),
        "the pain team": ("/", "/conversation-aid", "/inbox", "/resources"),
        "a trusted person": ("/", "/for-you", "/inbox"),
        "an operator": ("/",),
    },
    "interventions": {
        "who is new": ("/", "/ask-for-support", "/plan", "/privacy", "/inbox"),
        "who is in treatment": ("/", "/plan", "/privacy", "/inbox"),
        "who is asked": ("/", "/start/more-time"),
        "who has an offer": ("/", "/offer/another-time"),
        "who has a meeting": ("/", "/appointment/cancel"),
        "psychology": ("/", "/places", "/triage-rules"),
        "the pain team": ("/", "/patients", "/patients/new", "/patients/{patient_id}", "/referrals/{referral_id}"),
        "a trusted person": ("/", "/shared/{patient_id}"),
    },
    "notifications": {
        "who is in treatment": ("/", "/programme", "/plan", "/progress", "/privacy", "/my-circle/{part}"),
        "psychology": ("/", "/alerts/{alert_id}", "/referrals/{referral_id}"),
        "the pain team": ("/", "/patients/{patient_id}"),
        "a trusted person": ("/", "/for-you"),
    },
}
"""What must not go when that service does."""


@pytest.mark.parametrize("service", SERVICES)
async def test_without_one_service_the_rest_is_there_and_says_what_is_missing(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    beside, missing = Beside(whole, monkeypatch, service), words("en")(f"common.missing.{service}")
    worked: dict[str, set[str]] = defaultdict(set)
    async with beside.client:
        for person in whole.people:
            for one in whole.shown(person):
                beside.asked.clear()
                page = await beside.get(person, one.path)
                assert page.status in (one.page.status, 503), f"{one} answers {page.status} without {service}"
                if service not in beside.asked:
                    assert page.status == one.page.status, f"{one} fails without {service}, which it does not ask"
                elif page.status == 503:
                    assert missing in page.text, str(one)
                    assert whole.system.clinic.phone in page.text
                    assert "/help" in page.links
                else:
                    says = missing in page.text or SAYS_ITSELF.get(one.kind, "Does not answer") in page.text
                    assert says or page.text == one.page.text, f"{one} does not say what is missing"
                if page.status != 503:
                    worked[str(person)].add(one.kind)
    gone = {name: set(kept) - worked[name] for name, kept in ALWAYS[service].items() if set(kept) - worked[name]}
    assert not gone


async def seen_without(whole: Whole, patch: pytest.MonkeyPatch, service: str, who: str, kind: str) -> PageSeen:
    """The first page of that kind that this person saw, while the service is away."""
    one = next(one for one in whole.english if str(one.person) == who and one.kind == kind and one.page.status == 200)
    beside = Beside(whole, patch, service)
    async with beside.client:
        return await beside.get(one.person, one.path)


@pytest.mark.parametrize(
    ("service", "who"), [("referrals", "who has a meeting"), ("interventions", "who is in treatment")]
)
async def test_a_home_that_cannot_know_the_next_step_says_so_and_whom_to_call(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, service: str, who: str
) -> None:
    page = await seen_without(whole, monkeypatch, service, who, "/")
    is_sound(page)
    assert page.title.startswith("We cannot show your next step right now")
    assert f"or need something now, call us on {whole.system.clinic.phone}." in page.text
    assert f"If it cannot wait, call us on {whole.system.clinic.phone}." in page.text
    assert {"/inbox", "/resources", "/help"} <= set(page.links)


async def test_treatment_goes_on_from_home_without_referrals(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_page = next(one.page for one in whole.english if str(one.person) == "who is in treatment" and one.kind == "/")
    page = await seen_without(whole, monkeypatch, "referrals", "who is in treatment", "/")
    assert page.title == whole_page.title
    assert {one for one in whole_page.links if one.startswith(("/questions/", "/programme/", "/my-circle"))} <= set(
        page.links
    )


async def test_an_alert_is_taken_on_while_nobody_can_say_whose_it_is(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await seen_without(whole, monkeypatch, "referrals", "psychology", "/alerts/{alert_id}")
    is_sound(page)
    assert page.has_form("acknowledge-alert")
    assert "You can take it on all the same." in page.text
    assert "Erased person" not in page.text
    home = await seen_without(whole, monkeypatch, "referrals", "psychology", "/")
    assert "Name not known right now" in home.text
    assert "Erased person" not in home.text
