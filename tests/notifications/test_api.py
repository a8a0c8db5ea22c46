"""The service over HTTP: who sees what, in which words; and a message's whole way on a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.notifications.channels.port import Email, MayStill, OutcomeUnknown, PermanentFailure
from services.notifications.reactions import agenda_id
from shared.contracts import interventions as i
from shared.contracts import referrals as r
from shared.runtime.auth import User
from shared.runtime.permissions import Opened
from tests.notifications.facts import EPISODE, RAISED, REFERRAL, REGISTERED, RISK, SUBMITTED
from tests.notifications.people import LUIS, MINUTE, MORNING, NIGHT, ROSA, TANAKA
from tests.notifications.service import Http, serving

ROSA_USER, LUIS_USER = User(ROSA, "patient"), User(LUIS, "caregiver")
TANAKA_USER, BYRNE, OKAFOR = User(TANAKA, "psychology"), User("op-byrne", "operator"), User("dr-okafor", "referrer")
PORTAL = User("portal", "service")
INBOX = f"/agendas/{ROSA}/inbox"
SOON = timedelta(seconds=1)

WITH_EMAIL = r.ConsentGiven(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.EMAIL)
WITH_CAREGIVER = r.ConsentGiven(at=MORNING, patient_id=ROSA, scope=r.ConsentScope.CAREGIVER, caregiver_ids=(LUIS,))
LINKED = r.CaregiverLinked(
    at=MORNING,
    patient_id=ROSA,
    caregiver_id=LUIS,
    name="Luis Delgado",
    email="luis@example.org",
    relationship="partner",
    consented=False,
)
OPENED = i.ModuleUnlocked(**EPISODE, module_id="module-1")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Http]:
    async with serving(tmp_path) as service:
        yield service


async def message_of(http: Http, who: User = ROSA_USER) -> dict[str, Any]:
    (message,) = (await http.get(who, f"/agendas/{who.id}/inbox"))["messages"]
    return dict(message)


async def test_the_inbox_of_somebody_who_was_never_told_anything_is_empty(http: Http) -> None:
    inbox = await http.get(ROSA_USER, INBOX)
    assert (inbox["version"], inbox["unread"], inbox["messages"]) == (0, 0, [])


async def test_a_message_is_in_the_inbox_at_once_and_its_email_follows(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, OPENED)
    message = await message_of(http)
    assert message["heading"] == "Hay una nueva sesión abierta"
    assert message["because"] == "se ha abierto una sesión de su plan"
    assert message["email"] == "También le enviaremos un correo."
    assert not message["read"]
    await http.passes(SOON, [ROSA])
    assert (await message_of(http))["email"] == "También le enviamos un correo."
    assert len(http.mails()) == 1


async def test_the_inbox_can_be_read_in_another_language(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    inbox = await http.get(ROSA_USER, f"{INBOX}?language=en")
    assert (inbox["language"], inbox["messages"][0]["heading"]) == ("en", "A new session is open")
    await http.get(ROSA_USER, f"{INBOX}?language=de", status=422)


async def test_newest_messages_come_first(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    await http.passes(MINUTE, [ROSA])
    await http.hears(r.TreatmentStarted(**REFERRAL))
    inbox = await http.get(ROSA_USER, INBOX)
    assert [message["template"] for message in inbox["messages"]] == ["welcome", "module_open"]
    assert inbox["unread"] == 2


async def test_without_consent_the_inbox_has_the_message_and_says_why_there_was_no_email(http: Http) -> None:
    await http.hears(REGISTERED, RAISED)
    await http.passes(SOON, [ROSA])
    message = await message_of(http)
    assert "116 123" in message["body"]
    assert message["email"] == "No se envió ningún correo, porque no hay permiso para ello."
    assert http.mails() == []


async def test_an_inbox_is_its_owners_alone(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    for other in (LUIS_USER, TANAKA_USER, BYRNE, OKAFOR, User("patient-other", "patient")):
        await http.get(other, INBOX, status=404)
    assert len((await http.get(PORTAL, INBOX))["messages"]) == 1


async def test_staff_have_an_inbox_too(http: Http) -> None:
    await http.hears(SUBMITTED)
    message = await message_of(http, TANAKA_USER)
    assert message["heading"] == "A new referral to triage"
    assert "referral-1" in message["body"]
    assert message["about"] == ROSA


async def test_the_owner_opens_a_message(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    message = await message_of(http)
    path = f"/agendas/{ROSA}/messages/{message['id']}/read"
    answer = await http.post(ROSA_USER, path)
    assert answer.status_code == 200
    assert (await message_of(http))["read"]
    assert (await http.get(ROSA_USER, INBOX))["unread"] == 0
    assert (await http.post(ROSA_USER, path)).json()["version"] == answer.json()["version"]


async def test_nobody_else_opens_a_message(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    path = f"/agendas/{ROSA}/messages/{(await message_of(http))['id']}/read"
    for other in (LUIS_USER, TANAKA_USER, BYRNE, OKAFOR):
        assert (await http.post(other, path)).status_code == 404
    assert (await http.post(PORTAL, path)).status_code == 403


async def test_a_message_that_is_not_there_cannot_be_opened(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    answer = await http.post(ROSA_USER, f"/agendas/{ROSA}/messages/message-9/read")
    assert (answer.status_code, answer.json()["code"]) == (422, "message-unknown")


async def test_staff_see_the_plan_and_its_reasons_but_no_words_and_no_contact_data(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    await http.passes(SOON, [ROSA])
    for who in (TANAKA_USER, BYRNE):
        plan = await http.get(who, f"/agendas/{ROSA}")
        assert plan["messages"][0]["explanation"] == "Not sent: no consent for it stands."
        assert (plan["kind"], plan["has_address"], plan["permissions"]) == ("patient", True, [])
        assert "rosa@example.org" not in str(plan)
        assert "Rosa" not in str(plan)
        assert "sesión" not in str(plan)


async def test_others_do_not_see_the_plan(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    for who in (ROSA_USER, LUIS_USER, OKAFOR, PORTAL):
        await http.get(who, f"/agendas/{ROSA}", status=403)
    await http.get(BYRNE, "/agendas/patient-unknown", status=404)


WHO: dict[str, Any] = {"at": MORNING, "patient_id": ROSA, "caregiver_id": LUIS}
TAKES_PART = r.CaregiverAccepted(**WHO, language="en", email=True)
OPEN_NEWS = r.ScopeOpened(**WHO, scope="news", until=MORNING + timedelta(days=90))
NEWS = Opened(named=True, scopes=frozenset({"news"}), email=True)


async def shared_with_luis(http: Http) -> None:
    """Luis takes part, news are open to him, and treatment has started."""
    http.answers.open[ROSA, LUIS] = NEWS
    await http.hears(REGISTERED, LINKED, WITH_CAREGIVER, TAKES_PART, OPEN_NEWS, i.EpisodeActivated(**EPISODE))


async def test_a_caregiver_reads_what_is_shared_until_the_patient_takes_it_back(http: Http) -> None:
    await shared_with_luis(http)
    assert (await message_of(http, LUIS_USER))["template"] == "caregiver_started"
    http.answers.open.clear()
    await http.hears(r.ScopeClosed(**WHO, scope="news", reason="closed"))
    assert (await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox"))["messages"] == []
    await http.passes(SOON, [LUIS])
    assert http.mails() == []


async def test_what_was_closed_is_neither_shown_nor_sent_though_nobody_has_said_so_yet(http: Http) -> None:
    await shared_with_luis(http)
    http.answers.open.clear()
    assert (await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox"))["messages"] == []
    await http.passes(SOON, [LUIS])
    assert http.mails() == []
    [row] = [
        one for one in (await http.get(BYRNE, f"/agendas/{LUIS}"))["messages"] if one["template"] == "caregiver_started"
    ]
    assert row["status"] == "dropped"


async def test_where_nobody_says_what_is_open_nothing_is_shown_and_what_is_sent_waits(http: Http) -> None:
    await shared_with_luis(http)
    http.answers.away = True
    await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox", 503)
    for _ in range(12):
        await http.passes(timedelta(minutes=30), [LUIS])
    assert http.mails() == []
    [row] = [
        one for one in (await http.get(BYRNE, f"/agendas/{LUIS}"))["messages"] if one["template"] == "caregiver_started"
    ]
    assert row["status"] == "queued"
    assert "tell an operator" in row["explanation"]
    http.answers.away = False
    await http.passes(timedelta(minutes=30), [LUIS])
    assert len(http.mails()) == 1


async def test_what_happened_before_it_was_opened_is_not_told(http: Http) -> None:
    http.answers.open[ROSA, LUIS] = NEWS
    later = OPEN_NEWS.model_copy(update={"at": MORNING + timedelta(hours=1)})
    await http.hears(REGISTERED, LINKED, WITH_CAREGIVER, TAKES_PART, i.EpisodeActivated(**EPISODE), later)
    await http.passes(SOON, [LUIS])
    assert http.mails() == []
    assert (await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox"))["messages"] == []


async def test_a_caregiver_who_wishes_for_no_email_reads_it_in_the_inbox(http: Http) -> None:
    http.answers.open[ROSA, LUIS] = NEWS
    quiet = TAKES_PART.model_copy(update={"email": False})
    await http.hears(REGISTERED, LINKED, WITH_CAREGIVER, quiet, OPEN_NEWS, i.EpisodeActivated(**EPISODE))
    await http.passes(SOON, [LUIS])
    assert http.mails() == []
    assert (await message_of(http, LUIS_USER))["template"] == "caregiver_started"


async def test_a_caregiver_is_told_nothing_without_consent_or_after_being_unlinked(http: Http) -> None:
    await http.hears(REGISTERED, LINKED, i.EpisodeActivated(**EPISODE), WITH_CAREGIVER)
    await http.hears(r.CaregiverUnlinked(at=MORNING, patient_id=ROSA, caregiver_id=LUIS))
    await http.hears(i.EpisodeActivated(**EPISODE))
    assert (await http.get(LUIS_USER, f"/agendas/{LUIS}/inbox"))["messages"] == []


async def test_an_invitation_is_one_email(http: Http) -> None:
    http.answers.open[ROSA, LUIS] = Opened(invited=True)
    asked = r.CaregiverInvited(**WHO, answer_by=MORNING + timedelta(days=14))
    await http.hears(REGISTERED, LINKED, asked)
    await http.passes(SOON, [LUIS])
    assert len(http.mails()) == 1


async def test_an_invitation_that_was_taken_back_is_not_sent_though_nobody_has_said_so_yet(http: Http) -> None:
    await http.hears(REGISTERED, LINKED, r.CaregiverInvited(**WHO, answer_by=MORNING + timedelta(days=14)))
    await http.passes(SOON, [LUIS])
    assert http.mails() == []
    [row] = (await http.get(BYRNE, f"/agendas/{LUIS}"))["messages"]
    assert (row["template"], row["status"]) == ("caregiver_invitation", "dropped")


@pytest.mark.parametrize(
    "answer",
    [TAKES_PART, r.CaregiverDeclined(**WHO), r.CaregiverUnlinked(at=MORNING, patient_id=ROSA, caregiver_id=LUIS)],
)
async def test_an_invitation_that_is_answered_or_taken_back_is_not_sent(http: Http, answer: r.CaregiverEvent) -> None:
    asked = r.CaregiverInvited(**WHO, answer_by=MORNING + timedelta(days=14))
    await http.hears(REGISTERED, LINKED, asked, answer)
    await http.passes(SOON, [LUIS])
    assert http.mails() == []


async def test_a_risk_alert_climbs_the_ladder_and_stops_when_somebody_takes_it_on(http: Http) -> None:
    http.clock.moment = NIGHT
    raised = RAISED.model_copy(update={"at": NIGHT})
    escalated = i.RiskAlertEscalated(**{**RISK, "at": NIGHT}, level=1, acknowledge_by=NIGHT + 30 * MINUTE)
    await http.hears(REGISTERED, WITH_EMAIL, raised)
    await http.passes(SOON, [TANAKA, ROSA])
    assert len(http.mails()) == 2
    acknowledged = i.RiskAlertAcknowledged(**{**RISK, "at": NIGHT + MINUTE}, acknowledged_by=TANAKA)
    await http.hears(escalated, acknowledged)
    await http.passes(SOON, ["psy-moreno"])
    assert len(http.mails()) == 2
    plan = await http.get(BYRNE, "/agendas/psy-moreno")
    assert plan["messages"][0]["explanation"] == "Not sent: it was no longer needed."


async def test_an_email_that_arrives_before_the_contact_data_waits_for_them(http: Http) -> None:
    await http.hears(OPENED)
    await http.passes(timedelta(hours=1), [ROSA])
    assert (await http.get(BYRNE, f"/agendas/{ROSA}"))["messages"][0]["status"] == "queued"
    await http.hears(REGISTERED, WITH_EMAIL)
    await http.passes(SOON, [ROSA])
    assert len(http.mails()) == 1


class Refusing:
    """Refuses for good, or leaves the outcome unknown."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    async def send(self, email: Email, may_still: MayStill) -> None:
        await may_still()
        raise self.fault


async def test_operators_find_what_failed(tmp_path: Path) -> None:
    async with serving(tmp_path, Refusing(PermanentFailure("smtp-550"))) as http:
        await http.hears(REGISTERED, WITH_EMAIL, OPENED)
        await http.passes(SOON, [ROSA])
        (row,) = await http.get(BYRNE, "/messages?list=failed")
        assert (row["recipient_id"], row["status"]) == (ROSA, "failed")
        assert "call" in row["explanation"]
        assert await http.get(TANAKA_USER, "/messages?list=possibly_sent") == []
        await http.get(ROSA_USER, "/messages?list=failed", status=403)
        await http.get(BYRNE, "/messages?list=other", status=422)
        await http.get(BYRNE, "/messages", status=422)


async def test_operators_find_what_nobody_knows_of(tmp_path: Path) -> None:
    async with serving(tmp_path, Refusing(OutcomeUnknown("gone"))) as http:
        await http.hears(REGISTERED, WITH_EMAIL, OPENED)
        await http.passes(SOON, [ROSA])
        assert await http.get(BYRNE, "/messages?list=possibly_sent") == []
        await http.passes(5 * MINUTE, [ROSA])
        (row,) = await http.get(BYRNE, "/messages?list=possibly_sent")
        assert (row["recipient_id"], row["possibly_sent"]) == (ROSA, True)
        assert await http.get(BYRNE, "/messages?list=failed") == []
        assert "Puede que no haya llegado" in (await message_of(http))["email"]


async def test_a_process_that_dies_between_claim_and_send_repeats_only_what_is_about_safety(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, OPENED, RAISED)
    http.sends = False
    await http.passes(SOON, [ROSA])
    http.sends = True
    await http.passes(5 * MINUTE, [ROSA])
    statuses = {m["template"]: m for m in (await http.get(BYRNE, f"/agendas/{ROSA}"))["messages"]}
    assert (statuses["module_open"]["status"], statuses["module_open"]["possibly_sent"]) == ("failed", True)
    assert (statuses["crisis_help"]["status"], statuses["crisis_help"]["attempts"]) == ("sent", 2)
    assert len(http.mails()) == 1


async def test_an_erased_person_reads_as_nobody_and_gets_no_email(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, OPENED)
    await http.core.vault.erase(ROSA)
    await http.passes(SOON, [ROSA])
    plan = await http.get(BYRNE, f"/agendas/{ROSA}")
    assert (plan["has_address"], plan["messages"][0]["explanation"]) == (False, "Not sent: there is no address for it.")
    assert http.mails() == []


async def test_contact_data_are_sealed_in_the_store(http: Http) -> None:
    await http.hears(REGISTERED, WITH_EMAIL, OPENED)
    document = await http.core.store.documents.load("agenda", agenda_id(ROSA))
    assert document is not None
    assert "rosa@example.org" not in str(document)
    assert "Delgado" not in str(document)


async def test_a_timeline_is_for_psychology_and_the_patient(http: Http) -> None:
    await http.hears(REGISTERED, OPENED)
    await http.get(TANAKA_USER, f"/timeline/{ROSA}")
    await http.get(ROSA_USER, f"/timeline/{ROSA}")
    await http.get(OKAFOR, f"/timeline/{ROSA}", status=404)
    await http.get(User("patient-other", "patient"), f"/timeline/{ROSA}", status=404)
