"""The clinic's own words: checked before they are published, numbered, and never changed under a message that waits."""

import email
from collections.abc import AsyncIterator, Sequence
from copy import copy
from datetime import timedelta
from email import policy as mail_policy
from pathlib import Path
from typing import Any

import pytest
from orjson import dumps

from services.notifications import examples
from services.notifications.agendas import agenda_id, wording_id
from services.notifications.aggregates import wordings
from services.notifications.channels.local import LocalChannel
from services.notifications.domain.codes import CODES
from services.notifications.domain.commands import ChooseReach, HandleFact, NewCode, RewordMessages
from services.notifications.domain.decide import decide
from services.notifications.domain.rewording import reword
from services.notifications.domain.state import CONFIRM
from services.notifications.domain.wording import DraftWording, PublishWording, WordingState
from services.notifications.drafts import Drafts
from services.notifications.published import with_wordings
from services.notifications.sender import Sender
from services.notifications.texts import LANGUAGES, Texts
from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.contracts.commands import Rejected
from shared.contracts.notifications import MessagePlanned
from shared.contracts.referrals import Language
from shared.contracts.wordings import MessageReworded, WordingPublished
from shared.runtime.auth import User
from shared.runtime.core import Core, Found
from shared.runtime.errors import Unavailable
from shared.runtime.inbound import Inbound, Record
from tests.notifications.facts import EPISODE, REFERRAL, REGISTERED, SUBMITTED
from tests.notifications.people import (
    CLINIC,
    EMAIL_ALLOWED,
    KNOWN,
    LUIS,
    MINUTE,
    MORNING,
    ROSA,
    SHIPPED,
    SYSTEM,
    TANAKA,
    claimed,
    fact,
    message,
    planned,
    state_after,
)
from tests.notifications.service import TABLE, TEXTS, Http, serving

DRAFTS = Drafts(SHIPPED, TEXTS)
WORDING = wordings(SHIPPED, TEXTS)
PSYCHOLOGY, MORENO = User(TANAKA, "psychology"), User("psy-moreno", "psychology")
ROSA_USER = User(ROSA, "patient")
SOON = timedelta(seconds=1)
WITH_EMAIL = r.ConsentGiven(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.EMAIL)
STARTED = r.TreatmentStarted(**REFERRAL)
OTHER = "patient-omar"
OMAR = REGISTERED.model_copy(update={"patient_id": OTHER, "email": "omar@example.org", "name": "Omar Díaz"})

WELCOME = "/wordings/welcome/es"
OURS = {
    "email": "Hay algo bueno para usted\n\nEntre para leerlo, por favor.",
    "inbox": "Nos alegra verle\n\nUsted puede empezar cuando quiera.",
    "because": "usted dijo que sí",
}
NEWER = {**OURS, "inbox": "Le damos la bienvenida\n\nEmpiece hoy, si quiere."}

EMAIL = "[email]\nA new place\n\nPlease sign in by {{ offer_until | moment }}.\n\n"
INBOX = "[inbox]\nA place is free\n\nPlease answer by {{ offer_until | moment }}.\n\n"
BECAUSE = "[because]\nyou are on our list"
HARD = (
    "Psychosocial interventions demonstrate considerable effectiveness regarding multidimensional impairments "
    "associated with persistent conditions, notwithstanding methodological heterogeneity."
)


def fresh() -> Texts:
    """The words of a process that has just started."""
    texts = copy(TEXTS)
    texts._published = {}
    return texts


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path, texts=fresh()) as service:
        yield service


async def publish(http: Http, words: dict[str, str] = OURS, path: str = WELCOME, reword: bool = False) -> None:
    assert (await http.post(PSYCHOLOGY, f"{path}/draft", words)).status_code == 200
    answer = await http.post(PSYCHOLOGY, f"{path}/publish", {"reword": reword})
    assert answer.status_code == 200, answer.text


async def heading(http: Http, who: User = ROSA_USER, query: str = "") -> str:
    messages = (await http.get(who, f"/agendas/{who.id}/inbox{query}"))["messages"]
    return str(messages[0]["heading"])


def subjects(http: Http) -> list[str]:
    files = sorted(http.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(one.read_bytes(), policy=mail_policy.default)["Subject"] for one in files]


async def ledger(http: Http, subject: str) -> list[dict[str, Any]]:
    return await http.core.store.ledger.history(subject, 0, 500)


# What may be published


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(TEXTS.names))
def test_every_shipped_text_passes_its_own_checks_and_can_be_shown(template: str, language: Language) -> None:
    text = TEXTS.shipped[template, language]
    assert DRAFTS.findings(template, language, text) == []
    assert DRAFTS.preview(template, language, text) is not None


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        (EMAIL + INBOX, "wording-part-missing", "because"),
        (INBOX + BECAUSE, "wording-part-missing", "email"),
        (EMAIL + "[inbox]\n\n" + BECAUSE, "wording-part-missing", "inbox"),
        (EMAIL + INBOX + INBOX + BECAUSE, "wording-part-unknown", "inbox"),
        ("Dear all,\n\n" + EMAIL + INBOX + BECAUSE, "wording-part-unknown", ""),
        (EMAIL + "[inbox]\nA place is free\n\n" + BECAUSE, "wording-text-missing", "inbox"),
        (EMAIL.replace("A new place", "A new place " * 7) + INBOX + BECAUSE, "wording-line-invalid", "email"),
        (EMAIL.replace("A new", "{{ offer_until | moment }} " * 3) + INBOX + BECAUSE, "wording-line-invalid", "email"),
        (EMAIL + INBOX + BECAUSE + ".", "wording-because-invalid", "because"),
        (EMAIL + INBOX + BECAUSE + "\nand more", "wording-because-invalid", "because"),
        (EMAIL + INBOX.replace("}}", "}") + BECAUSE, "wording-braces-invalid", "inbox"),
        (EMAIL + INBOX.replace("| moment", "| upper") + BECAUSE, "wording-braces-invalid", "inbox"),
        (EMAIL + INBOX.replace("| moment", "| nothing") + BECAUSE, "wording-braces-invalid", "inbox"),
        (EMAIL + INBOX + BECAUSE + "{% for n in range(9) %}n{% endfor %}", "wording-braces-invalid", "because"),
        (EMAIL + INBOX + BECAUSE + "{{ 9 ** 9 }}", "wording-braces-invalid", "because"),
        (EMAIL + INBOX + BECAUSE + "{{ name.__class__ }}", "wording-braces-invalid", "because"),
        (EMAIL + INBOX.replace("offer_until", "offer_ends") + BECAUSE, "wording-value-unknown", "inbox"),
        (EMAIL + INBOX.replace("offer_until", "phone") + BECAUSE, "wording-filling-invalid", "inbox"),
        (EMAIL + INBOX.replace("free", "free. You are no victim") + BECAUSE, "wording-word-refused", "inbox"),
        (EMAIL.replace("offer_until | moment", "crisis") + INBOX + BECAUSE, "wording-email-value-refused", "email"),
        (EMAIL.replace("place", "therapy place") + INBOX + BECAUSE, "wording-email-word-refused", "email"),
        (EMAIL + INBOX.replace("Please answer", HARD + " Answer") + BECAUSE, "wording-too-hard", "inbox"),
    ],
)  # fmt: skip
def test_a_draft_with_a_fault_is_refused_with_its_sentence(text: str, code: str, part: str) -> None:
    found = DRAFTS.findings("place_offered", "en", text)
    assert (code, part) in [(one.code, one.part) for one in found]
    assert {one.code for one in found} <= CODES.keys()
    said = {"now": MORNING, "actor": SYSTEM, "template": "place_offered", "language": "en", "by": TANAKA}
    state = WORDING.state()
    for event in WORDING.decide(state, DraftWording(**said, text=text)):
        state = WORDING.evolve(state, event)
    with pytest.raises(Rejected) as refused:
        WORDING.decide(state, PublishWording(**said))
    assert refused.value.code == found[0].code


def test_the_same_draft_without_the_fault_is_published() -> None:
    assert DRAFTS.findings("place_offered", "en", EMAIL + INBOX + BECAUSE) == []


def test_an_email_without_words_of_its_own_shows_only_that_something_is_new() -> None:
    without = "[inbox]\nWould you like to start?\n\nPlease tell us.\n\n[because]\nwe said yes"
    assert DRAFTS.findings("invitation", "en", without) == []
    shown = DRAFTS.preview("invitation", "en", without)
    assert shown is not None
    assert shown[0].subject == "There is something new for you"
    named = "[email]\nNews\n\nThere is news, {{ name }}.\n\n" + without
    assert [one.code for one in DRAFTS.findings("invitation", "en", named)] == ["wording-email-value-refused"]


def test_each_word_of_a_value_that_has_but_a_few_is_tried() -> None:
    steps = {data["step"] for data in examples.extremes("step_overdue")}
    assert {"", "booking", "findings"} <= steps


# Versions


async def test_what_was_planned_before_keeps_its_words_in_inbox_and_email(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, STARTED)
    before = await heading(http)
    await publish(http)
    await http.settle()
    assert await heading(http) == before
    await http.passes(SOON, [ROSA])
    assert subjects(http) == ["Hay algo nuevo para usted"]
    assert await heading(http) == before


async def test_what_is_planned_from_then_on_has_the_new_words_in_inbox_and_email(http: Http) -> None:
    await publish(http)
    await http.hears(REGISTERED, WITH_EMAIL, STARTED)
    assert await heading(http) == "Nos alegra verle"
    assert await heading(http, query="?language=en") == "Welcome"
    await publish(http, NEWER)
    assert await heading(http) == "Nos alegra verle"
    # The sender of another process, which has never heard of any of it.
    http.sender = Sender(CLINIC, fresh(), LocalChannel(http.folder), http.core)
    await http.passes(SOON, [ROSA])
    assert subjects(http) == ["Hay algo bueno para usted"]


async def test_what_waits_gets_the_new_words_where_that_was_chosen_and_the_ledger_says_so(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, STARTED, OMAR)
    assert (await http.get(PSYCHOLOGY, WELCOME))["waiting"] == 1
    await publish(http, reword=True)
    await http.settle()
    assert await heading(http) == "Nos alegra verle"
    reworded = [one for one in await ledger(http, agenda_id(ROSA)) if one["type"] == MessageReworded.TYPE]
    assert [(one["data"]["language"], one["data"]["wording"]) for one in reworded] == [("es", 1)]
    [published] = [one for one in await ledger(http, wording_id("welcome", "es")) if "published" in one["type"]]
    assert published["data"]["recipient_ids"] == [ROSA]
    [message] = (await http.get(ROSA_USER, f"/agendas/{ROSA}/inbox"))["messages"]
    steps = await http.get(ROSA_USER, f"/agendas/{ROSA}/messages/{message['id']}/why?language=en")
    assert "Before it went out, the clinic changed how this kind of message is worded." in [
        one["text"] for one in steps
    ]
    await http.passes(SOON, [ROSA])
    assert subjects(http) == ["Hay algo bueno para usted"]


async def test_what_went_out_already_stays_as_it_was(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, STARTED)
    await http.passes(SOON, [ROSA])
    assert (await http.get(PSYCHOLOGY, WELCOME))["waiting"] == 0
    before = await heading(http)
    await publish(http, reword=True)
    await http.settle()
    assert await heading(http) == before


async def test_those_are_counted_who_are_told_in_this_language(http: Http) -> None:
    await http.hears(SUBMITTED)
    counted = [(await http.get(PSYCHOLOGY, f"/wordings/referral_to_triage/{one}"))["waiting"] for one in LANGUAGES]
    team = [one.language for one in CLINIC.staff if one.id in CLINIC.triage_team]
    assert sum(counted) == len(team)
    assert counted == [team.count(one) for one in LANGUAGES]


async def test_the_shipped_words_are_restored_also_for_what_waits(http: Http) -> None:
    await publish(http)
    await http.hears(REGISTERED, WITH_EMAIL, STARTED)
    assert (await http.post(PSYCHOLOGY, f"{WELCOME}/restore", {"reword": True})).status_code == 200
    await http.settle()
    assert await heading(http) == TEXTS.inbox("welcome", {}, DRAFTS._reader("es", None)).heading
    again = await http.post(PSYCHOLOGY, f"{WELCOME}/restore", {})
    assert again.json()["code"] == "wording-shipped-already"
    await publish(http, NEWER)
    found = await http.get(PSYCHOLOGY, WELCOME)
    assert (found["wording"], found["changed_by"]) == (2, TANAKA)


def test_a_late_change_does_not_reach_what_was_planned_after_it_or_is_on_its_way() -> None:
    command = RewordMessages(
        now=MORNING + MINUTE, actor=SYSTEM, recipient_id=ROSA, template="module_open", language="es", wording=1,
        fact_at=MORNING,
    )  # fmt: skip
    waits = (KNOWN, EMAIL_ALLOWED, planned())
    assert [event.wording for event in reword(state_after(*waits), command)] == [1]  # type: ignore[attr-defined]
    assert reword(state_after(*waits, claimed()), command) == []
    assert reword(state_after(KNOWN, EMAIL_ALLOWED, planned(at=MORNING + MINUTE)), command) == []
    assert reword(state_after(KNOWN, EMAIL_ALLOWED, planned(wording={"es": 1})), command) == []
    assert reword(state_after(KNOWN, EMAIL_ALLOWED, planned(template="welcome")), command) == []


async def test_killed_between_publishing_and_rewording_nothing_is_lost(http: Http, monkeypatch: Any) -> None:
    both = [STARTED, STARTED.model_copy(update={"patient_id": OTHER, "referral_id": "referral-2"})]
    await http.hears(REGISTERED, WITH_EMAIL, OMAR, *both)
    await publish(http, reword=True)
    http.said.clear()
    envelopes = await ledger(http, wording_id("welcome", "es"))
    records = [_record(one) for one in envelopes]
    dies = _DiesAfter(1)
    monkeypatch.setattr(Core, "execute", dies.execute)
    with pytest.raises(Unavailable):
        await _inbound(http).handle(records)
    monkeypatch.undo()
    assert len(await _reworded(http)) == 1
    # The next process gets the same once more, and a third one again.
    for _ in range(2):
        await _inbound(http).handle(records)
        assert await _reworded(http) == [OTHER, ROSA]


async def test_words_that_fit_this_build_no_more_give_way_to_the_shipped_ones(http: Http) -> None:
    texts = fresh()
    reader = DRAFTS._reader("es", None)
    shipped = texts.inbox("welcome", {}, reader)
    texts.learn("welcome", "es", 1, "[inbox]\nHola\n\n{{ gone }}\n\n[because]\nsí")
    texts.learn("welcome", "es", 2, "[inbox]\nHola {{\n")
    for version in (1, 2, 3):
        assert texts.inbox("welcome", {}, reader, version) == shipped
    assert texts.email("welcome", {}, reader, 3) == texts.email("welcome", {}, reader)


# Who writes


async def test_only_psychology_reads_and_writes_wordings(http: Http) -> None:
    for who in (ROSA_USER, User(LUIS, "caregiver"), User("dr-okafor", "referrer"), User("op-byrne", "operator")):
        await http.get(who, "/wordings", status=403)
        await http.get(who, WELCOME, status=403)
        for path, body in (("draft", OURS), ("publish", {}), ("restore", {})):
            assert (await http.post(who, f"{WELCOME}/{path}", body)).status_code == 403
    await http.get(PSYCHOLOGY, "/wordings/_frame/en", status=404)
    await http.get(PSYCHOLOGY, "/wordings/no_such/en", status=404)
    await http.get(PSYCHOLOGY, "/wordings/welcome/de", status=422)


async def test_the_list_has_every_message_in_both_languages_with_what_became_of_it(http: Http) -> None:
    await publish(http)
    await http.post(MORENO, f"{WELCOME}/draft", NEWER)
    rows = {(one["template"], one["language"]): one for one in await http.get(PSYCHOLOGY, "/wordings")}
    assert len(rows) == len(TEXTS.names) * len(LANGUAGES)
    row = rows["welcome", "es"]
    assert (row["wording"], row["changed_by"], row["has_draft"], row["category"]) == (1, TANAKA, True, "decisions")
    assert rows["welcome", "en"]["wording"] == 0
    assert rows["risk_alert", "en"]["for_staff"]
    assert not rows["crisis_help", "en"]["for_staff"]
    assert all(one["name"] and "{" not in one["name"] for one in rows.values())


async def test_the_second_of_two_who_write_is_asked_first(http: Http) -> None:
    assert (await http.get(PSYCHOLOGY, WELCOME))["version"] == 0
    first = await http.post(PSYCHOLOGY, f"{WELCOME}/draft", OURS, **{"If-Match": '"0"'})
    second = await http.post(MORENO, f"{WELCOME}/draft", NEWER, **{"If-Match": '"0"'})
    assert (first.status_code, second.status_code) == (200, 412)
    found = await http.get(MORENO, WELCOME)
    assert (found["parts"], found["drafted_by"]) == ({**OURS, "short": ""}, TANAKA)
    assert (await http.post(MORENO, f"{WELCOME}/draft", NEWER, **{"If-Match": '"1"'})).status_code == 200


async def test_a_draft_is_shown_with_its_faults_and_read_by_nobody(http: Http) -> None:
    await http.post(PSYCHOLOGY, f"{WELCOME}/draft", {**OURS, "inbox": "Hola {{ gone }}\r\n\r\nTexto."})
    found = await http.get(PSYCHOLOGY, WELCOME)
    assert found["faults"] == [{"code": "wording-value-unknown", "part": "inbox", "detail": {"value": "gone"}}]
    assert found["preview"] is None
    refused = await http.post(PSYCHOLOGY, f"{WELCOME}/publish", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "wording-value-unknown")
    await http.hears(REGISTERED, STARTED)
    assert await heading(http) != "Nos alegra verle"
    await publish(http)
    nothing = await http.post(PSYCHOLOGY, f"{WELCOME}/publish", {})
    assert nothing.json()["code"] == "wording-draft-missing"


async def test_the_preview_is_what_comes(http: Http) -> None:
    await http.post(PSYCHOLOGY, f"{WELCOME}/draft", OURS)
    shown = (await http.get(PSYCHOLOGY, WELCOME))["preview"]
    await http.post(PSYCHOLOGY, f"{WELCOME}/publish", {})
    await http.hears(REGISTERED, WITH_EMAIL, STARTED)
    [message] = (await http.get(ROSA_USER, f"/agendas/{ROSA}/inbox"))["messages"]
    assert (shown["heading"], shown["inbox"], shown["because"]) == tuple(
        message[name] for name in ("heading", "body", "because")
    )
    await http.passes(SOON, [ROSA])
    [file] = http.folder.glob("*.eml")
    sent = email.message_from_bytes(file.read_bytes(), policy=mail_policy.default)
    assert sent["Subject"] == shown["subject"]
    assert sent.get_body(("plain",)).get_content().split() == shown["email"].split()  # type: ignore[union-attr]


async def test_a_message_of_a_kind_that_nobody_reworded_asks_the_store_for_no_words(http: Http) -> None:
    await http.hears(REGISTERED, i.ModuleUnlocked(**EPISODE, module_id="module-1"))
    [entry] = [one for one in await ledger(http, agenda_id(ROSA)) if one["type"].endswith("message_planned.v1")]
    assert entry["data"]["wording"] == {}


class _DiesAfter:
    """Commands of agendas go through as often as told; then the store is away, as for a process that dies."""

    def __init__(self, times: int) -> None:
        self._left = times
        self._execute = Core.execute

    @property
    def execute(self) -> Any:
        async def execute(core: Core, name: str, *rest: Any) -> Any:
            if self._left == 0:
                raise Unavailable("gone")
            self._left -= 1
            return await self._execute(core, name, *rest)

        return execute


class _Nothing:
    """No ledger is needed where all is delivered in order."""

    async def history(self, *_: Any) -> list[Any]:
        return []


def _inbound(http: Http) -> Inbound:
    async def at_once(_: float) -> None:
        pass

    return Inbound(http.core, TABLE, _Nothing(), http.clock, "build-1", at_once)  # type: ignore[arg-type]


def _record(entry: dict[str, Any]) -> Record:
    return Record("carepath.notifications", 0, entry["sequence"], entry["subject"].encode(), dumps(entry))


async def _reworded(http: Http) -> list[str]:
    ids = {agenda_id(one): one for one in (ROSA, OTHER)}
    found = [(who, one["type"]) for id, who in ids.items() for one in await ledger(http, id)]
    return sorted(who for who, type in found if type == MessageReworded.TYPE)


def test_a_published_version_says_who_and_names_nobody_unless_that_was_chosen() -> None:
    state = WORDING.state()
    said = {"now": MORNING, "actor": SYSTEM, "template": "place_offered", "language": "en", "by": TANAKA}
    for command in (DraftWording(**said, text=EMAIL + INBOX + BECAUSE), PublishWording(**said, recipient_ids=(ROSA,))):
        [event] = WORDING.decide(state, command)
        state = WORDING.evolve(state, event)
    assert isinstance(event, WordingPublished)
    assert (event.version, event.changed_by, event.recipient_ids) == (1, TANAKA, ())


REMINDER = "meeting_reminder"


class ThirdInSpanish:
    """Reads of a clinic whose own words for these templates are at their third version, in Spanish."""

    def __init__(self, *templates: str) -> None:
        self._asked = {wording_id(template, "es"): template for template in templates}

    async def load_many(self, _: str, ids: Sequence[str]) -> list[Found]:
        known = {id: self._asked[id] for id in ids if id in self._asked}
        return [Found(id, 1, WordingState(template=name, language="es", current=3)) for id, name in known.items()]


async def test_a_reminder_is_told_in_the_words_that_hold_as_its_meeting_is_told() -> None:
    reminder = message("message-2", template=REMINDER)
    told = fact(message(template="appointment_planned_patient"), remind=(reminder,))
    ready = await with_wordings(ThirdInSpanish("appointment_planned_patient", REMINDER), told)
    assert isinstance(ready, HandleFact)
    assert [one.wording for one in (*ready.plan, *ready.remind)] == [{"es": 3}, {"es": 3}]


async def test_a_code_for_a_new_number_goes_out_in_the_words_that_hold() -> None:
    codes = {"sms": NewCode(message_id="message-code", code="123456")}
    chosen = ChooseReach(now=MORNING, actor=ROSA, channels=("email", "sms"), phone="+34600111222", codes=codes)
    ready = await with_wordings(ThirdInSpanish(CONFIRM), chosen)
    sent = [one for one in decide(CLINIC, state_after(KNOWN), ready) if isinstance(one, MessagePlanned)]
    assert [(one.template, one.wording) for one in sent] == [(CONFIRM, {"es": 3})]
